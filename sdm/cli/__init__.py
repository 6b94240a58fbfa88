"""The command line: `python -m sdm COMMAND`."""

from __future__ import annotations

import importlib
import os
import sys

import click

from sdm.errors import SdmError

# Read by OpenMP when torch loads: spinning threads would starve whatever else runs on the machine.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

BAD_INPUT = 2
# Command -> the module that holds it; loaded when called, so that `check` need not wait for torch.
COMMANDS = {
    "demo": "sdm.cli.demo",
    "check": "sdm.cli.data",
    "pack": "sdm.cli.data",
    "inspect": "sdm.cli.data",
    "models": "sdm.cli.models",
    "train": "sdm.cli.models",
    "evaluate": "sdm.cli.models",
    "predict": "sdm.cli.models",
    "score": "sdm.cli.models",
}


class Commands(click.Group):
    """The commands above, and one way to fail: one line on stderr, exit code 2, no traceback."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[name]), f"{name}_command")
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except SdmError as error:
            return _fail(str(error))
        except BrokenPipeError:
            return _fail("the output was closed before everything was written")
        except (OSError, MemoryError) as error:
            return _fail(f"the machine refused: {error}")


def _fail(line: str) -> None:
    click.echo(f"error: {line}", err=True)
    sys.exit(BAD_INPUT)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Species distribution models on satellite, climate and soil data."""
