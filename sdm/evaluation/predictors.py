"""Predictors made of other predictors: calibrated ones, and ensembles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sdm.evaluation.calibration import Calibration
from sdm.models import Model
from sdm.models.preparation import AS_STORED, Batch, Statistics, prepare_again


class Calibrated(nn.Module):
    """A predictor whose probabilities go through a calibration."""

    def __init__(self, predictor: Model, calibration: Calibration) -> None:
        super().__init__()
        self.predictor = predictor
        self.calibration = calibration
        self.kind, self.width = predictor.kind, predictor.width

    @property
    def inputs(self) -> Mapping[str, str]:
        """Those of the predictor."""
        return self.predictor.inputs

    def predict(self, batch: Batch) -> Tensor:
        """See `Model.predict`."""
        return torch.from_numpy(self.calibration(self.predictor.predict(batch).numpy()))


@dataclass(frozen=True)
class EnsembleMember:
    """A predictor in an ensemble, the statistics that prepare what it sees, and its weight."""

    predictor: Model
    statistics: Statistics
    weight: float


class Ensemble(nn.Module):
    """The weighted mean of predictors of one kind and width.

    Each prepares its inputs its own way: the ensemble's are as stored.
    """

    def __init__(self, voices: Sequence[EnsembleMember]) -> None:
        super().__init__()
        self.voices = tuple(voices)
        # Registered, so that all move to a device together.
        self.networks = nn.ModuleList(v.predictor for v in voices if isinstance(v.predictor, nn.Module))
        self.kind, self.width = voices[0].predictor.kind, voices[0].predictor.width

    @property
    def inputs(self) -> Mapping[str, str]:
        """Whatever any of them sees."""
        return {name: AS_STORED for voice in self.voices for name in voice.predictor.inputs}

    def predict(self, batch: Batch) -> Tensor:
        """See `Model.predict`."""
        total = torch.zeros(len(batch["survey_id"]), self.width)
        for voice in self.voices:
            prepared = prepare_again(batch, voice.predictor.inputs, voice.statistics)
            total += voice.weight * voice.predictor.predict(prepared)
        return total
