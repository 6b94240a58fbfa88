"""The classification report of a run on a split: each class, their averages, and what is taken for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset, TargetKind
from sdm.errors import RunError
from sdm.evaluation.confusion.class_report import RATIOS, averages
from sdm.evaluation.confusion.from_predictions import labelled_outcomes
from sdm.evaluation.confusion.outcome_scores import per_species
from sdm.evaluation.run_decoding import decoder_of
from sdm.evaluation.run_model import Track, predict_or_recall, untracked
from sdm.runs import Run, require_match


@dataclass(frozen=True)
class ClassReport:
    """`classes`: one row each as of `per_species`; `averages` over them; `confusion` int (S, S): recorded by row,
    predicted by column."""

    classes: pd.DataFrame
    averages: pd.DataFrame
    confusion: np.ndarray

    def pairs(self) -> pd.DataFrame:
        """One row per ordered pair of classes that were mistaken, most often first: recorded, predicted, count, of
        (all recorded)."""
        rows, columns = np.nonzero(self.confusion * (1 - np.eye(len(self.confusion), dtype=int)))
        names, support = self.classes["name"].to_numpy(str), self.confusion.sum(axis=1)
        table = pd.DataFrame({
            "recorded": names[rows], "predicted": names[columns], "count": self.confusion[rows, columns],
            "of": support[rows],
        })  # fmt: skip
        return table.sort_values("count", ascending=False, kind="stable", ignore_index=True)

    def to_json(self) -> dict[str, Any]:
        """Plain values; an undefined ratio is null."""
        rows = self.classes[["name", *RATIOS, "support"]].astype(object)
        means = self.averages[[*RATIOS]].astype(object)
        return {
            "classes": rows.where(rows.notna(), None).to_dict("records"),
            "averages": means.where(means.notna(), None).to_dict("index"),
            "confusion": self.confusion.tolist(),
        }


def class_report(run: Run, dataset: Dataset, split: str, track: Track = untracked) -> ClassReport:
    """The report of `run` on the sites of `split` whose class is known; RunError for other targets."""
    if run.card.kind is not TargetKind.MULTICLASS:
        raise RunError(
            "a report by class needs one class per site", where=run.path, got=f"{run.card.kind} targets"
        )
    require_match(run, dataset)
    rows = dataset.rows(split, run.card.scheme)
    labelled = predict_or_recall(run, dataset, rows[dataset.targets.known[rows]], track)
    outcomes = labelled_outcomes(labelled, run.card.kind, decoder_of(run.card))
    table = per_species(outcomes, labelled.targets.classes)
    _, recorded, predicted = labelled.class_pairs()
    width = len(table)
    counts = np.bincount(recorded * width + predicted, minlength=width * width).reshape(width, width)
    return ClassReport(table, averages(table), counts)
