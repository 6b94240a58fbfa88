"""How a model was chosen by folds of the data: what is stored of it beside a run (`model_choice.json`)."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sdm.errors import RunError
from sdm.files import read_json, write_json
from sdm.formats.typed_json import from_json

FILE = "model_choice.json"


@dataclass(frozen=True)
class FoldScore:
    """What a model scored on the sites of one fold, means over `species`; None where that is undefined."""

    model: str
    fold: str
    auc: float | None
    boyce: float | None
    tss: float | None
    species: int
    seconds: float


@dataclass(frozen=True)
class ModelChoice:
    """All scores, models in the order they were asked for; `best` has the highest mean AUC."""

    best: str
    scores: tuple[FoldScore, ...]

    @property
    def models(self) -> tuple[str, ...]:
        """The candidates."""
        return tuple(dict.fromkeys(score.model for score in self.scores))

    @property
    def folds(self) -> tuple[str, ...]:
        """The split schemes."""
        return tuple(dict.fromkeys(score.fold for score in self.scores))

    def table(self) -> pd.DataFrame:
        """One row per model: model, its AUC on each fold, and auc, boyce, tss and seconds, means over folds."""
        rows = []
        for model in self.models:
            own = [score for score in self.scores if score.model == model]
            row: dict[str, Any] = {"model": model} | {score.fold: _number(score.auc) for score in own}
            means = {
                name: mean(getattr(score, name) for score in own) for name in ("auc", "boyce", "tss", "seconds")
            }
            rows.append(row | means)
        return pd.DataFrame(rows)

    def write(self, folder: Path) -> None:
        """Into the folder of a run."""
        write_json(folder / FILE, asdict(self))


def best_of(scores: tuple[FoldScore, ...]) -> str:
    """The model of highest mean AUC, the first of several; RunError where no AUC is defined."""
    means = {model: mean(s.auc for s in scores if s.model == model) for model in {s.model: 0 for s in scores}}
    known = {model: value for model, value in means.items() if math.isfinite(value)}
    if not known:
        raise RunError(
            "no fold has enough records to tell models apart", expected="5 sites with and without some species",
            remedy="Train one of the models as it is.",
        )  # fmt: skip
    return max(known, key=lambda model: known[model])


def read_choice(folder: Path) -> ModelChoice | None:
    """How the run in `folder` was chosen; None where it was not. RunError for a damaged file."""
    if not (folder / FILE).exists():
        return None
    return from_json(ModelChoice, read_json(folder / FILE, RunError), RunError, folder / FILE)


def mean(values: Any) -> float:
    """Of those that are defined; NaN where none is.

    >>> mean([1.0, None, 2.0])
    1.5
    """
    known = [value for value in values if value is not None and math.isfinite(value)]
    return float(np.mean(known)) if known else math.nan


def _number(value: float | None) -> float:
    return math.nan if value is None else value
