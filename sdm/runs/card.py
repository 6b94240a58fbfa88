"""What is known of a finished run (`card.json`)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from sdm.data.dataset import TargetKind
from sdm.data.prepare import Statistics
from sdm.errors import RunError
from sdm.files import read_json, write_json
from sdm.metrics import Score
from sdm.models import REGISTRY
from sdm.models.config import from_mapping
from sdm.runs.config import DataSource

SCHEMA = 1
TITLES = {"sets": "Submission", "probabilities": "Probabilities", "values": "Values"}


@dataclass(frozen=True)
class Weights:
    """The file that holds what was learnt, and how to tell that it is whole."""

    file: Literal["weights.safetensors", "table.npz"]
    sha256: str
    bytes: int
    dtype: str
    parameters: int


@dataclass(frozen=True)
class Imported:
    """The file that predictions made elsewhere came from.

    It held `sets` of species, each of which then has probability 1, or `probabilities`, or `values`.
    """

    file: str
    sha256: str
    holds: Literal["sets", "probabilities", "values"]


@dataclass(frozen=True)
class StoredScore:
    """A `Score` in JSON: an undefined value is null."""

    value: float | None
    defined: int
    undefined: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Card:
    """A finished run.

    - class_ids, class_names: the model's columns in order (empty for regression, whose `unit` is given)
    - view, scheme, splits: how the data was seen, and rows of the view per split used in training
    - decoder: chosen on the validation split; None unless multilabel
    - weights: None for a run that cannot predict: all that is known of it are its stored predictions
    - scores: split -> metric -> score, measured on the stored file
    - milliseconds: one prediction of one survey on the machine that trained; seconds: the training
    - reproduce: the command that gives this run again
    """

    schema: int
    model: str
    model_config: Mapping[str, Any]
    kind: TargetKind
    class_ids: tuple[int, ...]
    class_names: tuple[str, ...]
    unit: str
    view: str
    data: DataSource
    scheme: str
    splits: Mapping[str, int]
    inputs: Mapping[str, str]
    statistics: Statistics
    decoder: str | None
    initial_weights: str
    weights: Weights | None
    epochs: int
    best_epoch: int | None
    seconds: float
    milliseconds: float
    device: str
    versions: Mapping[str, str]
    reproduce: str
    stored_scores: Mapping[str, Mapping[str, StoredScore]]
    imported: Imported | None = None

    @property
    def title(self) -> str:
        """The model in plain words."""
        if self.imported is not None:
            return f"{TITLES[self.imported.holds]} {self.imported.file}"
        return REGISTRY[self.model].title if self.model in REGISTRY else self.model

    @property
    def ranks(self) -> bool:
        """Whether probabilities put the classes in an order; those of imported sets do not."""
        return self.imported is None or self.imported.holds != "sets"

    @property
    def width(self) -> int:
        """Columns of the model's output."""
        return 1 if self.kind is TargetKind.REGRESSION else len(self.class_ids)

    @property
    def scores(self) -> dict[str, dict[str, Score]]:
        """split -> metric -> score; an undefined value is NaN."""
        return {
            split: {name: _score(score) for name, score in scores.items()}
            for split, scores in self.stored_scores.items()
        }

    def write(self, path: Path) -> None:
        """As JSON, atomically."""
        write_json(path, asdict(self))

    @staticmethod
    def read(path: Path) -> Card:
        """The card in `path`; RunError when keys or values are not as expected."""
        values = read_json(path, RunError)
        if values.get("schema") != SCHEMA:
            raise RunError(
                "a card of another schema", where=path, expected=SCHEMA, got=values.get("schema"),
                remedy="Train again, or use the version that wrote it.",
            )  # fmt: skip
        card = from_mapping(Card, values, RunError, path)
        ids, names = len(card.class_ids), len(card.class_names)
        if ids != names or len(set(card.class_ids)) != ids:
            raise RunError("the class list is not one name per distinct id", where=path, expected=ids, got=names)
        return card


def _score(score: StoredScore) -> Score:
    """The score with NaN for null."""
    value = math.nan if score.value is None else score.value
    return Score(value, score.defined, score.undefined, score.low, score.high)


def stored_scores(scores: Mapping[str, Mapping[str, Score]]) -> dict[str, dict[str, StoredScore]]:
    """split -> metric -> score, as JSON can hold it; splits without any are left out."""
    return {split: {name: _stored(v) for name, v in found.items()} for split, found in scores.items() if found}


def _stored(score: Score) -> StoredScore:
    value = score.value if math.isfinite(score.value) else None
    return StoredScore(value, score.defined, score.undefined, score.low, score.high)
