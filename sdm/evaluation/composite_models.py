"""Models made of other models: calibrated ones, and ensembles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sdm.evaluation.calibration import calibrate
from sdm.models.model import Model
from sdm.models.preparation import AS_STORED, Batch, prepare_again
from sdm.models.statistics import Statistics
from sdm.runs.records import Calibration


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
        for member in self.members:
            prepared = prepare_again(batch, member.model.inputs, member.statistics)
            total += member.weight * member.model.predict(prepared)
        return total
