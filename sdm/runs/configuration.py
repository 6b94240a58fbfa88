"""What was asked of a run: settings of the training and the data it saw (`config.json`)."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sdm.data.dataset import Dataset
from sdm.formats.sealed_json import write_sealed
from sdm.models.registry import spec_of
from sdm.runs.training_options import OPTIONS, RANDOM_WEIGHTS, TrainingOptions, recipe

CHANGED = "Bring back the file as it was written, or train again into a new folder."


@dataclass(frozen=True)
class DataSource:
    """Which data a run belongs to. `fingerprint` changes with ids, classes and labels."""

    name: str
    title: str
    fingerprint: str
    simulated: bool
    world_version: str | None = None

    @staticmethod
    def of(dataset: Dataset) -> DataSource:
        """The source of `dataset`."""
        return DataSource(
            dataset.name, dataset.title, dataset.fingerprint, dataset.simulated, dataset.world_version
        )


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
        if training.initial_weights != RANDOM_WEIGHTS:
            words += ["--initial-weights", training.initial_weights.split()[0]]
        for name, option in OPTIONS.items():
            value = getattr(training, name)
            if value != getattr(usual, name) or name in always:
                words += option.words(value)
        return shlex.join(words)

    def differences(self, other: RunConfig) -> list[str]:
        """Settings that differ, as "name: ours, theirs"."""
        ours, theirs = _flat(self), _flat(other)
        return [f"{name}: {ours[name]!r}, {theirs[name]!r}" for name in ours if ours[name] != theirs[name]]


def _flat(config: RunConfig) -> dict[str, Any]:
    return {**asdict(config.training), "data": config.data.fingerprint}
