"""Commands about models: list, train, evaluate, predict, score."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import click
import numpy as np
from tqdm import tqdm

from sdm.cli.options import Decorator, data_option, json_option
from sdm.cli.scores import plain, print_scores, with_bar
from sdm.data.dataset import Dataset, TargetKind
from sdm.data.open import open_dataset
from sdm.data.splits import is_test
from sdm.errors import RunError, TrainingError
from sdm.evaluation.decoding import DECODERS
from sdm.evaluation.evaluate import answers, evaluate, known_splits, record
from sdm.evaluation.reference_scores import METRIC as HEADLINE
from sdm.evaluation.reference_scores import reference_scores
from sdm.evaluation.run_decoding import decoder_of
from sdm.evaluation.submissions.submission import read_submission, read_truth, score_submission, write_submission
from sdm.models import REGISTRY, count_parameters
from sdm.runs import Run, TrainConfig, require_match
from sdm.runs.configuration import OPTIONS, recipe
from sdm.training import Progress, Runtime, train
from sdm.training.runtime import DEVICES
from sdm.virtual_europe.test_labels import with_test_labels

RUNS = Path("runs")
EXAMPLE_WIDTH = 300  # species for which `models` counts parameters
HELP = {
    "view": "see the data otherwise: single-label has one row per survey and species",
    "scheme": "split scheme",
    "epochs": "passes over the training split",
    "batch_size": "surveys per step, over all processes",
    "lr": "highest learning rate",
    "optimizer": "optimiser",
    "weight_decay": "weight decay",
    "schedule": "learning rate after warm-up: constant, or a cosine to 0",
    "warmup": "share of all steps in which the learning rate rises",
    "loss": "loss; the usual one of the targets when not given",
    "patience": "stop after this many epochs without a better validation score; 0: never",
    "augment": "flip and turn patches",
    "precision": "of the forward pass",
    "weights": "precision of the stored weights",
    "accumulate": "parts in which each step is computed, one by one: less memory",
    "shift_years": "shift series in a circle by up to this many years",
    "mixup": "share of surveys mixed with another one",
    "repeat_rare": "repeat surveys with species rarer than this; 0: never",
    "surveys": "train on this many surveys, drawn by the seed; 0: all",
    "seed": "seed of weights, order and augmentation",
}


def training_options() -> Decorator:
    """One option per setting of `TrainConfig`; what is not given comes from the model's recipe."""
    hints = get_type_hints(TrainConfig)

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(OPTIONS):
            hint, option = hints[name], name.replace("_", "-")
            flag = f"--{option}/--no-{option}" if hint is bool else f"--{option}"
            kind = click.Choice(get_args(hint)) if get_origin(hint) is Literal else hint
            function = click.option(flag, name, type=kind, default=None, help=HELP[name])(function)
        return function

    return decorate


@click.command("models")
@json_option()
def models_command(as_json: bool) -> None:
    """List the models there are."""
    rows = [
        {
            "name": card.name,
            "inputs": ", ".join(card.inputs) or "place",
            "parameters": count_parameters(card.name, EXAMPLE_WIDTH),
            "description": card.description,
            "reference": card.reference,
        }
        for card in REGISTRY.values()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        count = f"{row['parameters']:,}" if row["parameters"] else "-"
        click.echo(f"{row['name']:<22} {row['inputs']:<36} {count:>12}  {row['description']}")
    click.echo(
        f"\nParameters for {EXAMPLE_WIDTH} species. Decoders: {', '.join(c.grammar for c in DECODERS.values())}"
    )


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
@training_options()
@json_option()
def train_command(
    model: str,
    data: Path,
    folder: Path | None,
    device: str,
    model_config: str,
    initial_weights: Path | None,
    as_json: bool,
    **settings: Any,
) -> None:
    """Train MODEL, or go on with the training interrupted in the run's folder."""
    given = {name: value for name, value in settings.items() if value is not None}
    config = recipe(model, model_config=_json_object(model_config), **given)
    dataset = open_dataset(data)
    with _interrupt() as stopped, _bars() as progress:
        around = Runtime(device=device, progress=progress, should_stop=stopped)
        run = train(dataset, folder or RUNS / model, config, around, initial_weights)
    if os.environ.get("RANK", "0") != "0":  # one process of several reports
        return
    if not run.finished:
        click.echo(f"stopped; the same command goes on with {run.path}", err=True)
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
        print_scores(split, of_split)


@click.command("evaluate")
@click.argument("run", type=click.Path(path_type=Path))
@data_option()
@click.option("--split", help="Split to measure on; validation and all tests when not given.")
@click.option("--record", "keeps", is_flag=True, help="Keep scores and predictions in the run.")
@json_option()
def evaluate_command(run: Path, data: Path, split: str | None, keeps: bool, as_json: bool) -> None:
    """Measure RUN on splits whose targets are known.

    In a virtual Europe also as a share of the best reachable samples-F1, and as skill: 0 is the country
    baseline, 1 the best reachable.
    """
    opened, dataset = Run.open(run), with_test_labels(open_dataset(data))
    scheme = opened.card.scheme
    splits = [split] if split else known_splits(dataset, scheme)
    if keeps:
        opened = record(opened, dataset, splits, with_bar)
        scores = {name: opened.card.scores[name] for name in splits if opened.card.scores.get(name)}
    else:
        scores = {name: found for name in splits if (found := evaluate(opened, dataset, name, with_bar))}
    if not scores:
        asked = split or "validation or test"
        raise RunError(f"no target of {asked} is known", where=data, remedy="Write a submission with predict.")
    references = {name: reference_scores(dataset, name, scheme) for name in scores}
    if as_json:
        rulers = {name: asdict(ruler) for name, ruler in references.items() if ruler}
        click.echo(json.dumps({"scores": plain(scores), "yardsticks": rulers}, indent=2))
        return
    for name, of_split in scores.items():
        print_scores(name, of_split)
        ruler, headline = references[name], of_split.get(HEADLINE)
        if ruler and headline:
            share, skill = ruler.share(headline.value), ruler.skill(headline.value)
            click.echo(f"  {'Share of the best reachable':<36} {share:.4f}  of {ruler.best:.4f}")
            click.echo(f"  {'Skill':<36} {skill:.4f}  country baseline {ruler.baseline:.4f}")


@click.command("predict")
@click.argument("run", type=click.Path(path_type=Path))
@data_option()
@click.option("--split", default="test", help="Split to predict; `test` stands for all test splits.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The submission to write.")
@click.option("--decode", help="Decoder; the run's own when not given.")
def predict_command(run: Path, data: Path, split: str, out: Path, decode: str | None) -> None:
    """Write RUN's species for every survey of a split as a submission."""
    opened, dataset = Run.open(run), open_dataset(data)
    require_match(opened, dataset)
    card = opened.card
    if card.kind is TargetKind.REGRESSION:
        raise RunError("a submission holds species, this run gives numbers", where=run)
    decoder = decoder_of(card, decode)
    rows = split_rows(dataset, split, card.scheme)
    found = answers(opened, dataset, rows, with_bar)
    survey_id = dataset.sites["survey_id"].to_numpy(np.int64)[rows]
    write_submission(out, survey_id, decoder.decode(found.probabilities), dataset.targets.class_ids)
    click.echo(f"{out}: {len(rows):,} surveys, decoder {decoder}")


@click.command("score")
@click.argument("submission", type=click.Path(path_type=Path))
@click.argument("truth", type=click.Path(path_type=Path))
@json_option()
def score_command(submission: Path, truth: Path, as_json: bool) -> None:
    """Score SUBMISSION against TRUTH: the same two columns, or a table with surveyId and speciesId."""
    result = score_submission(read_submission(submission), read_truth(truth))
    if as_json:
        click.echo(json.dumps(plain({"all": {"samples-f1": result}})["all"], indent=2))
    else:
        print_scores("all surveys", {"samples-f1": result})


def split_rows(dataset: Dataset, split: str, scheme: str) -> np.ndarray:
    """The rows of `split`; "test" is all splits named test_… where no split has just that name."""
    names = dataset.splits(scheme)
    several = [name for name in names if is_test(name)]
    if split != "test" or split in names or not several:
        return dataset.rows(split, scheme)
    return np.sort(np.concatenate([dataset.rows(name, scheme) for name in several]))


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
    """Ctrl-C asks to stop after the current step; a second one stops at once."""
    asked = False

    def handle(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _bars() -> Iterator[Callable[[Progress], None]]:
    """A bar over all steps, and a line per epoch."""
    with tqdm(unit="step", disable=None, dynamic_ncols=True) as bar:

        def show(progress: Progress) -> None:
            bar.total = progress.steps
            bar.update(progress.step - bar.n)
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
