"""`train` and `pretrain`: models learn, and go on where they were interrupted."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click
from tqdm import tqdm

from sdm.cli.options import data_option, json_option, options_from
from sdm.cli.output import plain, print_scores, warn
from sdm.data.open import open_dataset
from sdm.data.site_words import words_of
from sdm.errors import TrainingError
from sdm.models.registry import spec_of
from sdm.runs.published_settings import published_settings
from sdm.runs.training_options import OPTIONS, TrainingOptions, options_of, recipe
from sdm.training import Runtime, TrainingProgress, train
from sdm.training.pretraining import PretrainingOptions, pretrain
from sdm.training.runtime import DEVICES, half_precision

RUNS = Path("runs")
INTERRUPTS = [signal.SIGINT, signal.SIGTERM]
if sys.platform == "win32":  # what the app sends to stop a training there
    INTERRUPTS.append(signal.SIGBREAK)


@click.command("train")
@click.argument("model")
@data_option()
@click.option(
    "--run", "folder", type=click.Path(path_type=Path), help="Folder of the run; runs/MODEL when not given."
)
@click.option("--device", type=click.Choice(DEVICES), default="auto", help="Where to train.")
@click.option("--model-config", default="{}", help="Changes to the architecture, as JSON: '{\"hidden\": 200}'.")
@click.option(
    "--initial-weights",
    type=click.Path(path_type=Path),
    help="ImageNet weights to start from: safetensors, or `hub`.",
)
@click.option("--from", "start", type=click.Path(path_type=Path), help="A finished run of MODEL to start from.")
@click.option(
    "--pseudo-labels",
    "teacher",
    type=click.Path(path_type=Path),
    help="A finished run: learn what it says of presence-only records (--records both): above .4, below .05.",
)
@click.option("--as", "published", help="Settings of the model's source, as `sdm models --published` lists them.")
@options_from(OPTIONS, defaults=False)
@json_option()
def train_command(
    model: str,
    data: Path,
    folder: Path | None,
    device: str,
    model_config: str,
    initial_weights: Path | None,
    start: Path | None,
    teacher: Path | None,
    published: str | None,
    as_json: bool,
    **settings: Any,
) -> None:
    """Train MODEL, or go on with the training interrupted in the run's folder.

    What is not given comes from the model's recipe, or with --as from what its source gives.
    """
    given = {name: value for name, value in settings.items() if value is not None}
    given["model_config"] = _json_object(model_config)
    config = recipe(model, **given) if published is None else _as_published(model, published, device, given)
    dataset = open_dataset(data)
    with _interrupt() as stopped:
        with _bars() as progress:
            around = Runtime(device=device, progress=progress, should_stop=stopped, warn=_warn)
            run = train(dataset, folder or RUNS / model, config, around, initial_weights, start, teacher)
        if not run.finished and _reports():
            again = "begins anew in" if spec_of(model).baseline else "goes on with"
            click.echo(f"stopped; the same command {again} {run.path}", err=True)
    if not run.finished or not _reports():
        return
    scores = run.card.scores
    if as_json:
        click.echo(
            json.dumps({"run": str(run.path), "decoder": run.card.decoder, "scores": plain(scores)}, indent=2)
        )
        return
    assert run.card.weights is not None
    click.echo(f"{run.path}: {run.card.weights.parameters:,} parameters, decoder {run.card.decoder or '-'}")
    for split, of_split in scores.items():
        print_scores(split, of_split, words_of(dataset))


def _as_published(model: str, name: str, device: str, given: dict[str, Any]) -> TrainingOptions:
    """The settings of the source, and what is `given` besides; half precision where there is a GPU."""
    row = published_settings(model, name)
    config = row.options(gpu=half_precision(device), **given)
    if config.precision != row.settings.get("precision", config.precision) and "precision" not in given:
        _warn("no GPU: trained in full precision")
    return config


def _reports() -> bool:
    """Whether this process, of several the first, reports."""
    return os.environ.get("RANK", "0") == "0"


def _warn(sentence: str) -> None:
    if _reports():
        warn(sentence)


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise TrainingError("--model-config is no JSON", expected='{"hidden": 200}', got=problem) from None
    if not isinstance(value, dict):
        raise TrainingError("--model-config is no JSON object", expected='{"hidden": 200}', got=text)
    return value


@contextmanager
def _interrupt() -> Iterator[Callable[[], bool]]:
    """Ctrl-C or SIGTERM asks to stop after the current step; a second one stops at once."""
    received = 0

    def handle(number: int, _frame: FrameType | None) -> None:
        nonlocal received
        if received:
            raise KeyboardInterrupt
        received = number

    before = {number: signal.signal(number, handle) for number in INTERRUPTS}
    try:
        yield lambda: bool(received)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if received == signal.SIGTERM:  # saved: now it ends the command
        signal.raise_signal(received)


@contextmanager
def _bars() -> Iterator[Callable[[TrainingProgress], None]]:
    """A bar over all steps, and a line per epoch, or per tenth of what is fitted in one go."""
    tenths = 0
    with tqdm(unit="step", disable=None, dynamic_ncols=True) as bar:

        def show(progress: TrainingProgress) -> None:
            nonlocal tenths
            bar.total = progress.total
            bar.update(progress.done - bar.n)
            if progress.loss is None:
                bar.set_postfix_str(progress.what, refresh=False)
                if int(10 * progress.share) > tenths:
                    tenths = int(10 * progress.share)
                    bar.write(f"{tenths}0 %  {progress.what}", file=sys.stderr)
                return
            if progress.validation is None:
                bar.set_postfix(loss=f"{progress.loss:.5f}", refresh=False)
                return
            validation = progress.validation
            bar.write(
                f"epoch {progress.epoch}/{progress.epochs}  loss {progress.loss:.5f}  "
                f"validation {validation.loss:.5f}  score {validation.value:.4f} {validation.decoder}",
                file=sys.stderr,
            )

        yield show


@click.command("pretrain")
@click.argument("encoder")
@data_option()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The weights to write (safetensors).")
@options_from(options_of(PretrainingOptions, without=("encoder", "projected")), defaults=True)
def pretrain_command(encoder: str, data: Path, out: Path, **settings: Any) -> None:
    """Pre-train ENCODER, one of patches, on training and presence-only patches without their labels (SimCLR).

    `train --initial-weights OUT` starts from what it has learnt.
    """
    options = PretrainingOptions.of(encoder, **settings)

    def show(epoch: int, loss: float) -> None:
        click.echo(f"epoch {epoch}/{options.epochs}  loss {loss:.4f}")

    losses = pretrain(open_dataset(data), options, out, show)
    click.echo(f"{out}: loss {losses[0]:.4f} at first, {losses[-1]:.4f} at last")
