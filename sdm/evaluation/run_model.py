"""The model of a finished run, calibrated or an ensemble as its card says, and its predictions for surveys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from sdm.data.dataset import Dataset
from sdm.data.survey_blocks import survey_blocks
from sdm.data.views import seen_through
from sdm.errors import RunError
from sdm.evaluation.calibration import calibrate
from sdm.evaluation.labelled_predictions import LabelledPredictions, recall
from sdm.formats.arrays import read_npz
from sdm.models.contract import Baseline, Model, Network
from sdm.models.preparation import AS_STORED, Batch, prepare_again, read_batch
from sdm.models.registry import build
from sdm.models.statistics import Statistics
from sdm.runs import Predictions
from sdm.runs.card import Member, ModelCard, Weights
from sdm.runs.folder import Run, named_folder
from sdm.runs.predictions import probability_type
from sdm.runs.records import Calibration
from sdm.runs.weights import load_into, read_tensors, sha256

REMEDY = "Restore the file, or train again."
BATCH = 256  # surveys


class CalibratedModel(nn.Module):
    """A model whose probabilities are calibrated."""

    def __init__(self, model: Model, calibration: Calibration) -> None:
        super().__init__()
        self.model = model
        self.calibration = calibration
        self.kind, self.width = model.kind, model.width

    @property
    def inputs(self) -> Mapping[str, str]:
        """Those of the model."""
        return self.model.inputs

    def predict(self, batch: Batch) -> Tensor:
        """See `Model.predict`."""
        return torch.from_numpy(calibrate(self.calibration, self.model.predict(batch).numpy()))


@dataclass(frozen=True)
class EnsembleMember:
    """A model in an ensemble, the statistics that prepare what it sees, and its weight."""

    model: Model
    statistics: Statistics
    weight: float


class Ensemble(nn.Module):
    """The weighted mean of models of one kind and width.

    Each prepares its inputs its own way: the ensemble's are as stored.
    """

    def __init__(self, members: Sequence[EnsembleMember]) -> None:
        super().__init__()
        self.members = tuple(members)
        # Registered, so that all move to a device together.
        self.networks = nn.ModuleList(member.model for member in members if isinstance(member.model, nn.Module))
        self.kind, self.width = members[0].model.kind, members[0].model.width

    @property
    def inputs(self) -> Mapping[str, str]:
        """Whatever any of them sees."""
        return {name: AS_STORED for member in self.members for name in member.model.inputs}

    def predict(self, batch: Batch) -> Tensor:
        """See `Model.predict`."""
        total = torch.zeros(len(batch["survey_id"]), self.width)
        for weight, predicted in self._predictions(batch):
            total += weight * predicted
        return total

    def spread(self, batch: Batch) -> Tensor:
        """float32 (B, width): the standard deviation of what the members predict, by their weights."""
        mean, square = torch.zeros(2, len(batch["survey_id"]), self.width, dtype=torch.float64)
        for weight, predicted in self._predictions(batch):
            mean += weight * predicted
            square += weight * predicted.double() ** 2
        return (square - mean**2).clamp(min=0).sqrt().float()

    def _predictions(self, batch: Batch) -> Iterator[tuple[float, Tensor]]:
        """The weight of each member, and what it predicts."""
        for member in self.members:
            yield member.weight, member.model.predict(prepare_again(batch, member.model.inputs, member.statistics))


def open_model(run: Run, device: str = "cpu", *, calibrated: bool = True) -> Model:
    """The model of a finished run, ready to predict on `device`; RunError when its file is not the card's.

    Its probabilities are `calibrated` as the card says, or those of the network or baseline itself.
    """
    model = model_of(run.path, run.card, device)
    calibration = run.card.calibration
    return model if calibration is None or not calibrated else CalibratedModel(model, calibration)


def model_of(folder: Path, card: ModelCard, device: str = "cpu") -> Model:
    """The uncalibrated model described by `card`: its weights lie in `folder`, or its members beside `folder`."""
    if not card.predicts:
        raise RunError(
            "a run without weights cannot predict", where=folder, remedy="It knows the surveys of its file."
        )
    if card.members:
        return Ensemble([_member(folder, member, device) for member in card.members])
    assert card.weights is not None
    path = folder / card.weights.file
    _check_whole(path, card.weights)
    model = build(card.model, card.learnt_kind or card.kind, card.width, card.model_config)
    if dict(model.inputs) != dict(card.inputs):
        raise RunError("the model's inputs have changed", where=folder, expected=model.inputs, got=card.inputs)
    if isinstance(model, Baseline):
        model.restore(read_npz(path))
    else:
        assert isinstance(model, Network)
        load_into(model, read_tensors(path), path)
        model.to(device).eval()
    return model


def _member(folder: Path, member: Member, device: str) -> EnsembleMember:
    run = open_member(folder, member)
    return EnsembleMember(open_model(run, device), run.card.statistics, member.weight)


def open_member(folder: Path, member: Member) -> Run:
    """The run of a member of the ensemble in `folder`; RunError unless it is there as it was."""
    path = named_folder(folder.parent, member.run)
    if not path.is_dir() or path.is_symlink():
        raise RunError(
            "a member of the ensemble is missing", where=folder, expected=f"the run {member.run} beside it",
            remedy="Put it back, or make the ensemble anew.",
        )  # fmt: skip
    run = Run.open(path)
    if run.card.members or run.card.digest != member.digest:
        raise RunError(
            "a member of the ensemble has changed", where=path, expected=member.digest[:12],
            got=run.card.digest[:12], remedy="Make the ensemble anew.",
        )  # fmt: skip
    return run


def _check_whole(path: Path, weights: Weights) -> None:
    """RunError unless the weights are, bit for bit, those the card was written for."""
    if not path.is_file():
        raise RunError("the weights are missing", where=path, remedy=REMEDY)
    size = path.stat().st_size
    if size != weights.bytes:
        raise RunError(
            "the weights are damaged", where=path, expected=f"{weights.bytes} bytes", got=size, remedy=REMEDY
        )
    digest = sha256(path)
    if digest != weights.sha256:
        raise RunError("the weights are damaged", where=path, expected=weights.sha256, got=digest, remedy=REMEDY)


Track = Callable[[Iterable[np.ndarray]], Iterable[np.ndarray]]
"""Wraps the batches of a prediction, to show progress."""


def untracked(batches: Iterable[np.ndarray]) -> Iterable[np.ndarray]:
    """No progress shown."""
    return batches


def predict_with(
    model: Model, statistics: Statistics, dataset: Dataset, rows: np.ndarray, track: Track = untracked
) -> LabelledPredictions:
    """The predictions of `model` for the surveys `rows`, whose targets may be unknown.

    RunError where the model gives values that are not finite.
    """
    probabilities = np.zeros((len(rows), model.width), probability_type(len(rows), model.width))
    parts = np.array_split(np.arange(len(rows)), -(-len(rows) // BATCH))
    for part in track(parts):
        batch = read_batch(dataset, rows[part], model.inputs, statistics, targets=False)
        probabilities[part] = model.predict(batch).numpy()
    if not np.isfinite(probabilities).all():
        raise RunError("the model gives values that are no numbers", where=dataset.name)
    sites = dataset.sites.iloc[rows]
    predictions = Predictions.of(sites, probabilities)
    return LabelledPredictions(rows, dataset.targets.take(rows), predictions, survey_blocks(sites))


def predict_or_recall(
    run: Run, dataset: Dataset, rows: np.ndarray, track: Track = untracked, *, calibrated: bool = True
) -> LabelledPredictions:
    """The predictions of `run` for the surveys `rows`: computed, or, of a run that cannot predict, recalled.

    Probabilities are `calibrated` as its card says, or else as the model gives them.
    """
    dataset = seen_through(dataset, run.card.view)
    if not run.card.predicts:
        return recall(run, dataset, rows, run.splits(), calibrated=calibrated)
    return predict_with(open_model(run, calibrated=calibrated), run.card.statistics, dataset, rows, track)
