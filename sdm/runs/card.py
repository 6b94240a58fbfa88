"""What is known of a finished run (`card.json`)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from sdm.data.dataset import TargetKind
from sdm.errors import RunError
from sdm.files import read_json
from sdm.formats.sealed_json import unsealed, write_sealed
from sdm.formats.typed_json import from_json
from sdm.models.registry import REGISTRY
from sdm.models.statistics import Statistics
from sdm.number_format import counted
from sdm.runs.configuration import CHANGED, DataSource
from sdm.runs.records import Calibration, Score, StoredScore

SCHEMA = 1
LAST_EPOCHS = 10  # as the source of the ecosystem types averages macro-F1
TITLES = {"sets": "Submission", "probabilities": "Probabilities", "values": "Values"}
RUN_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}"
ROUND_OFF = 1e-6  # of weights that sum to 1
# What a prediction depends on.
PREDICTS_BY = (
    "model", "model_config", "kind", "class_ids", "view", "inputs", "statistics", "weights", "imported",
    "calibration", "members",
)  # fmt: skip


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
class Member:
    """A run of an ensemble: the folder called `run` beside the ensemble's own.

    `digest` is that of its card; `parameters` is None for a run without weights.
    """

    run: str
    weight: float
    digest: str
    parameters: int | None


@dataclass(frozen=True)
class ModelCard:
    """A finished run.

    - class_ids, class_names: the model's columns in order (empty for regression, whose `unit` is given)
    - view, scheme, splits: how the data was seen, and rows of the view per split used in training
    - decoder: chosen on the validation split; None unless multilabel
    - calibration, thresholds: fitted there, between model and decoder, and one per class for the decoder by them
    - weights: None for an ensemble, which has `members`, and for what was made elsewhere
    - scores: split -> metric -> score, measured on the stored file
    - milliseconds: one prediction of one survey on the machine that trained; seconds: the training
    - last_epochs: metric -> mean of its validation score over the last LAST_EPOCHS epochs, or all of fewer
    - loss_without_dropout: of the last epoch's weights on training surveys, with nothing dropped or augmented
    - learnt_kind: as what the targets were learnt, the kind itself where nothing is said
    - folds: schemes whose runs have predicted the validation surveys, which this run has learnt from itself
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
    calibration: Calibration | None = None
    thresholds: tuple[float, ...] = ()
    members: tuple[Member, ...] = ()
    last_epochs: Mapping[str, float] = field(default_factory=dict)
    loss_without_dropout: float | None = None
    learnt_kind: TargetKind | None = None
    folds: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The model in plain words."""
        if self.imported is not None:
            return f"{TITLES[self.imported.holds]} {self.imported.file}"
        if self.members:
            return f"Ensemble of {counted(len(self.members), 'run')}"
        return REGISTRY[self.model].title if self.model in REGISTRY else self.model

    @property
    def ranks(self) -> bool:
        """Whether probabilities put the classes in an order; those of imported sets do not."""
        return self.imported is None or self.imported.holds != "sets"

    @property
    def parameters(self) -> int | None:
        """Of the model, or of all members; None for a run that cannot predict."""
        if self.members:
            counts = [member.parameters for member in self.members]
            return None if None in counts else sum(count for count in counts if count is not None)
        return None if self.weights is None else self.weights.parameters

    @property
    def predicts(self) -> bool:
        """Whether it can predict any survey; all that is known of another run are its stored predictions."""
        return self.parameters is not None

    @cached_property
    def digest(self) -> str:
        """Hexadecimal; changes with whatever changes a prediction."""
        values = asdict(self)
        text = json.dumps({name: values[name] for name in PREDICTS_BY}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def width(self) -> int:
        """Columns of the model's output."""
        return 1 if self.kind is TargetKind.REGRESSION else len(self.class_ids)

    @property
    def classes(self) -> pd.DataFrame:
        """A row for each column of the model's output, in order: class_id, name."""
        return pd.DataFrame({"class_id": self.class_ids, "name": self.class_names})

    @property
    def scores(self) -> dict[str, dict[str, Score]]:
        """split -> metric -> score; an undefined value is NaN."""
        return {
            split: {name: stored.score for name, stored in of_split.items()}
            for split, of_split in self.stored_scores.items()
        }

    def write(self, path: Path) -> None:
        """As JSON, atomically."""
        write_sealed(path, asdict(self))

    @staticmethod
    def read(path: Path) -> ModelCard:
        """The card in `path`; RunError when keys or values are not as expected."""
        values = read_json(path, RunError)
        if values.get("schema") != SCHEMA:
            raise RunError(
                "a card of another schema", where=path, expected=SCHEMA, got=values.get("schema"),
                remedy="Train again, or use the version that wrote it.",
            )  # fmt: skip
        card = from_json(ModelCard, unsealed(values, path, RunError, CHANGED), RunError, path)
        ids, names = len(card.class_ids), len(card.class_names)
        if ids != names or len(set(card.class_ids)) != ids:
            raise RunError("the class list is not one name per distinct id", where=path, expected=ids, got=names)
        if card.thresholds and len(card.thresholds) != ids:
            got = len(card.thresholds)
            raise RunError("the thresholds are not one per class", where=path, expected=ids, got=got)
        if card.members:
            _check_members(card.members, path)
        return card


def _check_members(members: tuple[Member, ...], path: Path) -> None:
    """RunError unless names are plain, each once, and weights are shares of 1."""
    names, weights = [member.run for member in members], [member.weight for member in members]
    odd = [name for name in names if not re.fullmatch(RUN_NAME, name)]
    if odd or len(set(names)) < len(names):
        raise RunError("the members are not plain names, each once", where=path, got=", ".join(odd or names))
    if min(weights) < 0 or abs(sum(weights) - 1) > ROUND_OFF:
        raise RunError("the weights of the members are no shares", where=path, expected="a sum of 1", got=weights)
