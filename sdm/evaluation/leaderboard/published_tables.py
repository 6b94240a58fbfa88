"""What others published, study by study, with our own counterpart of each model beside it.

Theirs and ours are scores on different data, or on another part of it: they stand side by side to be read, and
never in one column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sdm.evaluation.leaderboard.run_scores import RunScores
from sdm.evaluation.published import (
    FIELD_2025,
    FUSION_PAPER,
    HIGH_RATE,
    LEADERBOARD_2024,
    LOW_RATE,
    LSTM_REPORT,
    MEASURES,
    NCEAS_PAPERS,
    SATELLITE_REPORT,
    SCORES,
    Score,
)
from sdm.runs import Run


@dataclass(frozen=True)
class Study:
    """One table of others: its measures (keys of `MEASURES`, the one to order by first) and its sources."""

    key: str
    title: str
    measures: tuple[str, ...]
    sources: tuple[str, ...]
    note: str = ""


STUDIES = (
    Study(
        "satellite",
        "Satellite-only models, 2025",
        ("private-2025", "public-2025"),
        (SATELLITE_REPORT,),
        "Models of one modality each. The fourth, an LSTM, was studied on another question: see the next study.",
    ),
    Study(
        "lstm",
        "Single-label LSTM, 2025",
        ("single-label-f1", "single-label-accuracy"),
        (LSTM_REPORT,),
        "A local score of another question, one row per survey and species: no Kaggle score.",
    ),
    Study(
        "fusion",
        "Multi-modal fusion, 2024",
        ("score-2024", "validation-loss-2024", "train-loss-2024"),
        (FUSION_PAPER,),
        "Environment table, Landsat and climate cubes, and one of four networks on the patch.",
    ),
    Study("winners", "Winner, 2024", ("private-2024", "public-2024"), (LEADERBOARD_2024,)),
    Study("field", "The field, 2025", ("private-2025", "pretraining-2025"), (FIELD_2025,)),
    Study(
        "presence-only",
        "Presence-only models",
        ("nceas", "nceas-switzerland", "auc-geolifeclef"),
        (NCEAS_PAPERS,),
        "Trained on presences alone, tested on presence-absence surveys.",
    ),
)


@dataclass(frozen=True)
class Design:
    """What makes one of our runs the counterpart of a published model; `lr` None: any."""

    model: str
    view: str = ""
    lr: float | None = None

    def of(self, run: Run) -> bool:
        """Whether `run` is of this design."""
        card, training = run.card, run.config.training
        return (card.model, card.view) == (self.model, self.view) and self.lr in (None, training.lr)


# (published model, source, setting or "") -> our design.
DESIGNS = {
    ("LandSatMLP", SATELLITE_REPORT, ""): Design("landsat-mlp"),
    ("LandsatCNN", SATELLITE_REPORT, ""): Design("landsat-cnn"),
    ("ResNet-18 on the patch", SATELLITE_REPORT, ""): Design("resnet18-patch"),
    ("ResNet-18 on the patch", FIELD_2025, ""): Design("resnet18-patch"),
    ("LSTM, single-label", LSTM_REPORT, LOW_RATE): Design("landsat-lstm", "single-label", 1e-4),
    ("LSTM, single-label", LSTM_REPORT, HIGH_RATE): Design("landsat-lstm", "single-label", 5e-4),
}
COLUMNS, ABOUT = ("model", "setting"), ("remark", "source", "reported_only")  # before and after the figures


def published(study: Study) -> pd.DataFrame:
    """A row per model and setting: model, setting, a column of printed figures per measure (its key), remark,
    source and reported_only; best first.
    """
    scores = [s for s in SCORES if s.source in study.sources and s.measure.key in study.measures]
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for score in scores:
        row = rows.setdefault(_row_key(score, scores), {name: getattr(score, name) for name in COLUMNS + ABOUT})
        row[score.measure.key] = score.printed
        row["setting"] = row["setting"] or score.setting
        row["remark"] = row["remark"] or score.remark
        row["reported_only"] = row["reported_only"] or score.reported_only
    names = [*COLUMNS, *study.measures, *ABOUT]
    table = pd.DataFrame(list(rows.values()), columns=names)
    figures = table[[*study.measures]].apply(pd.to_numeric)
    rising = [MEASURES[key].lower_is_better for key in study.measures]
    order = figures.sort_values([*study.measures], ascending=rising, na_position="last", kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _row_key(score: Score, scores: Sequence[Score]) -> tuple[str, str]:
    """One row per model, or per model and setting where a model has a measure in several settings."""
    same = [s for s in scores if s.model == score.model and s.measure == score.measure]
    return score.model, score.setting if len(same) > 1 else ""


def ours(model: str, source: str, setting: str, standings: Sequence[RunScores]) -> list[RunScores]:
    """Our runs of the design of a published model."""
    design = DESIGNS.get((model, source, setting)) or DESIGNS.get((model, source, ""))
    return [] if design is None else [one for one in standings if design.of(one.run)]
