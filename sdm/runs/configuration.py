"""What was asked of a run: settings of the training and the data it saw (`config.json`)."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sdm.data.array_digest import array_digest
from sdm.data.dataset import Dataset
from sdm.formats.sealed_json import write_sealed
from sdm.modalities import MODALITIES, in_order
from sdm.models.registry import spec_of
from sdm.runs.training_options import OPTIONS, RANDOM_WEIGHTS, RUN_WEIGHTS, TrainingOptions, recipe

CHANGED = "Bring back the file as it was written, or train again into a new folder."


@dataclass(frozen=True)
class DataSource:
    """Which data a run belongs to.

    `fingerprint` changes with ids, classes and labels; `arrays` holds the `array_digest` of each input that was
    read, and nothing where none was.
    """

    name: str
    title: str
    fingerprint: str
    simulated: bool
    world_version: str | None = None
    arrays: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(dataset: Dataset, inputs: Iterable[str] = ()) -> DataSource:
        """The source of `dataset`, of which `inputs` are read. DataError where one of them is damaged."""
        return DataSource(
            dataset.name, dataset.title, dataset.fingerprint, dataset.simulated, dataset.world_version,
            {name: array_digest(dataset, name) for name in inputs},
        )  # fmt: skip

    def differences(self, other: DataSource) -> list[str]:
        """What differs from the data of `other`, in plain words; inputs that only one of them knows do not."""
        labels = ["survey ids, classes or labels"] if self.fingerprint != other.fingerprint else []
        known = self.arrays.keys() & other.arrays.keys()
        changed = in_order(name for name in known if self.arrays[name] != other.arrays[name])
        return labels + [f"values of {MODALITIES[name].phrase}" for name in changed]


@dataclass(frozen=True)
class RunConfig:
    """The content of `config.json`."""

    training: TrainingOptions
    data: DataSource

    def write(self, path: Path) -> None:
        """As JSON, atomically."""
        write_sealed(path, asdict(self))

    def command(self) -> str:
        """The command line that trains this again."""
        training = self.training
        # A recipe may change later; what it said is spelt out.
        usual, always = recipe(training.model), spec_of(training.model).recipe
        words = ["python", "-m", "sdm", "train", training.model, "--data", self.data.name]
        if training.model_config:
            words += ["--model-config", json.dumps(dict(training.model_config))]
        start, *names = training.initial_weights.split()
        if start == RUN_WEIGHTS and names:
            words += ["--from", names[0]]
        elif start != RANDOM_WEIGHTS:
            words += ["--initial-weights", start]
        if training.pseudo_labels:
            words += ["--pseudo-labels", training.pseudo_labels.split()[0]]
        for name, option in OPTIONS.items():
            value = getattr(training, name)
            if value != getattr(usual, name) or name in always:
                words += option.words(value)
        return shlex.join(words)

    def differences(self, other: RunConfig) -> list[str]:
        """Settings that differ, as "name: ours, theirs"."""
        ours, theirs = asdict(self.training), asdict(other.training)
        settings = [f"{name}: {ours[name]!r}, {theirs[name]!r}" for name in ours if ours[name] != theirs[name]]
        return settings + [f"data: other {what}" for what in self.data.differences(other.data)]
