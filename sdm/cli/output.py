"""What commands print: scores as lines or JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
import numpy as np
from tqdm import tqdm

from sdm.data.site_words import USUAL, Words
from sdm.evaluation.metrics import METRICS, Score, metric_title
from sdm.runs.records import Scores

if TYPE_CHECKING:  # which loads torch
    from sdm.evaluation.run_report import ClassReport

BASELINE_METRICS = ("accuracy", "macro-f1", "rmse", "mse")


def plain(scores: dict[str, Scores]) -> dict[str, dict[str, dict[str, object]]]:
    """Scores for JSON: an undefined value is null."""

    def value(score: Score) -> dict[str, object]:
        return asdict(score) | {"value": score.value if math.isfinite(score.value) else None}

    return {split: {name: value(score) for name, score in of_split.items()} for split, of_split in scores.items()}


def print_scores(split: str, scores: Scores, words: Words = USUAL) -> None:
    """The scores of a split, a line each, in the words of the data set."""
    click.echo(split)
    for name, score in scores.items():
        interval = "" if score.low is None else f"  95 % interval {score.low:.4f} to {score.high:.4f}"
        undefined = f"  ({score.undefined} undefined)" if score.undefined else ""
        click.echo(f"  {words(metric_title(name)):<36} {score.value:.4f}{interval}{undefined}")


def print_baselines(scores: Mapping[str, Scores]) -> None:
    """The headline scores of what sees nothing of a survey, a line each."""
    for name, of_baseline in scores.items():
        parts = (f"{METRICS[m].title} {of_baseline[m].value:.4f}" for m in BASELINE_METRICS if m in of_baseline)
        click.echo(f"  without looking: {name:<19} {', '.join(parts)}")


def print_report(report: ClassReport | None) -> None:
    """Precision, recall, F1 and support of each class, averages, and the pair most often mistaken."""
    if report is None:
        return
    ratios = ["precision", "recall", "f1"]
    rows: list[tuple[str, ...]] = [("", "precision", "recall", "F1", "support")]
    for name, *values in report.classes[["name", *ratios, "support"]].to_numpy(object):
        rows.append((str(name)[:24], *(f"{value:.4f}" for value in values[:3]), str(values[3])))
    for name, means in zip(report.averages.index, report.averages[ratios].to_numpy(float), strict=True):
        rows.append((f"{name} average", *(f"{value:.4f}" for value in means), ""))
    for row in rows:
        click.echo(f"  {row[0]:<24}{''.join(f'{cell:>11}' for cell in row[1:])}".rstrip())
    for recorded, predicted, count, of in report.pairs().head(1).to_numpy(object):
        click.echo(f"  most often mistaken: {count} of {of} {recorded} taken for {predicted}")


def warn(sentence: str) -> None:
    """A warning on stderr, where no program takes it for a result."""
    click.echo(f"warning: {sentence}", err=True)


def with_bar(batches: Iterable[np.ndarray]) -> Iterable[np.ndarray]:
    """`batches`, with a bar where somebody watches."""
    return tqdm(batches, disable=None, leave=False)
