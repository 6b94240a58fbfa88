"""The command line: `python -m sdm COMMAND`."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from sdm.errors import SdmError

# Read by OpenMP when torch loads: spinning threads would starve whatever else runs on the machine.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

BAD_INPUT, TERMINATED = 2, 128 + signal.SIGTERM
# Command -> the module that holds it and what it does. Modules load when called: `check` need not wait for torch.
COMMANDS = {
    "demo": ("sdm.cli.demo", "write a virtual Europe as a GeoLifeCLEF 2025 tree"),
    "fetch": ("sdm.cli.fetch", "download the competition's files with Kaggle's own client"),
    "gbif": ("sdm.cli.gbif", "download records of a species from GBIF"),
    "unpack": ("sdm.cli.fetch", "unpack an archive safely"),
    "check": ("sdm.cli.check_and_pack", "tell what a data set holds, lacks and has wrong"),
    "pack": ("sdm.cli.check_and_pack", "turn a tree into a packed store"),
    "polygons": ("sdm.cli.rasters", "make a data set of rasters and polygons"),
    "series": ("sdm.cli.series", "make a data set of monthly series per pixel (Earth Engine CSV)"),
    "occurrences": ("sdm.cli.occurrences", "make a data set of presence-only records, background and plots"),
    "photos": ("sdm.cli.photos", "make a data set of consensus points and ground photographs"),
    "inspect": ("sdm.cli.check_and_pack", "print all that is known of one survey"),
    "models": ("sdm.cli.models", "list the models there are"),
    "pretrain": ("sdm.cli.train", "let an encoder of patches learn without labels"),
    "train": ("sdm.cli.train", "train a model, or go on with an interrupted training"),
    "choose": ("sdm.cli.model_choice", "choose a model by folds of the records, and train it on all"),
    "evaluate": ("sdm.cli.evaluate", "measure a run on a split"),
    "predict": ("sdm.cli.submissions", "write a submission"),
    "export": ("sdm.cli.export", "write predictions, map, figures and protocol of a species"),
    "classmap": ("sdm.cli.class_maps", "predict the class of each pixel in exports of monthly series"),
    "inference": ("sdm.cli.serving", "answer predictions for replicas of the app, in a process of its own"),
    "replicas": ("sdm.cli.serving", "serve the app by several processes behind HAProxy"),
    "decode": ("sdm.cli.evaluate", "find the calibration and decoder a run is read by best"),
    "ensemble": ("sdm.cli.ensembles", "make a run of several runs"),
    "slim": ("sdm.cli.ensembles", "copy a run without its weights"),
    "score": ("sdm.cli.submissions", "score a submission against the truth"),
    "import": ("sdm.cli.submissions", "keep predictions made elsewhere as a run"),
}


class Commands(click.Group):
    """The commands above, and one way to fail: one line on stderr, exit code 2, no traceback."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        try:
            with _terminable():
                return super().invoke(ctx)
        except SdmError as error:
            problem = str(error)
        except BrokenPipeError:
            problem = "the output was closed before everything was written"
        except (OSError, MemoryError) as error:
            problem = f"the machine refused: {error}"
        click.echo(f"error: {problem}", err=True)
        sys.exit(BAD_INPUT)


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends a command as Ctrl-C does, so that nothing is left of what it was writing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Species distribution models on satellite, climate and soil data."""
