"""`ensemble`: several runs become one."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import click

from sdm.cli.options import data_option, json_option
from sdm.cli.output import plain, with_bar
from sdm.data.open import open_dataset
from sdm.errors import RunError
from sdm.evaluation.ensembles import check_alike, fit_weights, make_ensemble
from sdm.evaluation.leaderboard.board import in_order
from sdm.evaluation.metrics import HEADLINE
from sdm.runs import Run
from sdm.runs.slim import slim_run
from sdm.virtual_europe.held_out_labels import with_test_labels


@click.command("ensemble")
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("runs", nargs=-1, required=True, metavar="RUN[:WEIGHT]...")
@data_option()
@click.option("--fit", is_flag=True, help="Fit the weights to the validation surveys: the least log loss.")
@json_option()
def ensemble_command(out: Path, runs: Sequence[str], data: Path, fit: bool, as_json: bool) -> None:
    """Make the run OUT of the RUNs beside it: the mean of what they say, by weights that sum to 1.

    Without any weight all count the same. The published fusion of GeoLifeCLEF 2024, for instance:

    \b
    ensemble runs/fusion convnext-base:0.15 convnext-large:0.10 maxvit:0.40 swin:0.35
    """
    named = [_named(text, out.parent) for text in runs]
    members, dataset = [run for run, _ in named], with_test_labels(open_dataset(data))
    check_alike(out, members, dataset)
    given = _weights([weight for _, weight in named], fit=fit)
    weights = fit_weights(members, dataset, with_bar).tolist() if fit else given
    made = make_ensemble(out, members, weights, dataset, with_bar, fitted=fit)
    scores = made.card.scores
    if as_json:
        shares = {run.name: weight for run, weight in zip(members, weights, strict=True)}
        report = {"run": str(made.path), "weights": shares, "decoder": made.card.decoder, "scores": plain(scores)}
        click.echo(json.dumps(report, indent=2))
        return
    splits = in_order(scores)
    click.echo(f"{HEADLINE[made.card.kind]:<24}{'weight':>8}{''.join(f'{split:>12}' for split in splits)}")
    for run, weight in [*zip(members, weights, strict=True), (made, 1.0)]:
        click.echo(f"{run.name:<24}{weight:>8.4f}{''.join(f'{_score(run, split):>12}' for split in splits)}")


def _named(text: str, home: Path) -> tuple[Run, float | None]:
    """The run that RUN[:WEIGHT] names, a folder or the name of one in `home`, and its weight."""
    name, _, last = text.rpartition(":")
    try:
        weight = float(last) if name else None
    except ValueError:
        weight = None
    path = Path(text if weight is None else name)
    return Run.open(path if path.is_dir() else home / path), weight


def _weights(given: Sequence[float | None], *, fit: bool) -> list[float]:
    """The weights, all the same where none is given; RunError where some are, or any beside a `fit`."""
    weights = [weight for weight in given if weight is not None]
    if fit and weights:
        raise RunError("weights are either given or fitted", expected="RUN without :WEIGHT", got=f"{weights[0]:g}")
    if not weights:
        return [1 / len(given)] * len(given)
    if len(weights) < len(given):
        raise RunError("some runs have a weight and some have none", expected="all, none, or --fit")
    return weights


def _score(run: Run, split: str) -> str:
    score = run.card.scores.get(split, {}).get(HEADLINE[run.card.kind])
    return "-" if score is None or not math.isfinite(score.value) else f"{score.value:.4f}"


@click.command("slim")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
def slim_command(run: Path, out: Path) -> None:
    """Copy RUN to OUT without its weights: what it scores and predicted stays, new surveys it cannot predict."""
    made = slim_run(Run.open(run), out)
    click.echo(f"{made.path}: {', '.join(made.splits())}")
