"""Scores as commands tell them: in lines, or as JSON."""

from __future__ import annotations

import math
from dataclasses import asdict

import click

from sdm.evaluation.metrics import METRICS, Score
from sdm.runs.records import Scores


def plain(scores: dict[str, Scores]) -> dict[str, dict[str, dict[str, object]]]:
    """Scores for JSON: an undefined value is null."""

    def value(score: Score) -> dict[str, object]:
        return asdict(score) | {"value": score.value if math.isfinite(score.value) else None}

    return {split: {name: value(score) for name, score in of_split.items()} for split, of_split in scores.items()}


def print_scores(split: str, scores: Scores) -> None:
    """The scores of a split, a line each."""
    click.echo(split)
    for name, score in scores.items():
        interval = "" if score.low is None else f"  95 % interval {score.low:.4f} to {score.high:.4f}"
        undefined = f"  ({score.undefined} undefined)" if score.undefined else ""
        title = METRICS[name].title if name in METRICS else name
        click.echo(f"  {title:<36} {score.value:.4f}{interval}{undefined}")
