"""Networks and forests as one: the mean of their ranks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self, TypeVar

import numpy as np

from sdm.data.dataset import TargetKind
from sdm.jobs import Report, part_of
from sdm.models.preparation import Batch
from sdm.models.presence_only.background import PresenceData
from sdm.models.presence_only.forest import BalancedForest, BalancedForestConfig
from sdm.models.presence_only.model import PresenceOnly, PresenceOnlyConfig
from sdm.models.presence_only.network import PoissonEnsemble, PoissonEnsembleConfig
from sdm.models.specification import Share

C = TypeVar("C", bound=PresenceOnlyConfig)

GRID = np.linspace(0, 1, 513)


@dataclass(frozen=True, kw_only=True)
class PresenceBlendConfig(PoissonEnsembleConfig, BalancedForestConfig):
    """Both, and the share of the forest in the mean of ranks."""

    forest: Share = 0.5


class PresenceBlend(PresenceOnly):
    """The mean rank of an ensemble of networks and a forest per species, in intensities of the networks.

    A rank is the share of the background sites of training below a value; those of the forest are told by trees
    that were not grown on the site. `quantiles` (2, 513, S) of both turn values into ranks and back.
    """

    configuration = PresenceBlendConfig
    config: PresenceBlendConfig

    def __init__(self, kind: TargetKind, width: int, config: PresenceBlendConfig) -> None:
        super().__init__(kind, width, config)
        self.networks = PoissonEnsemble(kind, width, _part(PoissonEnsembleConfig, config))
        self.forest = BalancedForest(kind, width, _part(BalancedForestConfig, config))
        self.quantiles = np.zeros((2, len(GRID), width))

    def parts(self, data: PresenceData) -> int:
        return self.networks.parts(data) + self.forest.parts(data)

    def learn(self, data: PresenceData, report: Report) -> None:
        first, every = self.networks.parts(data), self.parts(data)
        self.networks.fit_to(data, part_of(report, 0, every, "networks"))
        self.forest.fit_to(data, part_of(report, first, every, "forests"))
        values = self.networks.log_intensity(data.batch)
        for species in range(self.width):
            sites = data.background(species)
            of_networks = values[sites if len(sites) else slice(None), species]
            for i, of_part in enumerate((of_networks, self.forest.unseen[species])):
                self.quantiles[i, :, species] = np.quantile(of_part, GRID)

    def log_intensity(self, batch: Batch) -> np.ndarray:
        values = (self.networks.log_intensity(batch), self.forest.log_intensity(batch))
        share = self.config.forest
        result = np.empty_like(values[0])
        for species in range(self.width):
            columns = self.quantiles[:, :, species]
            first, second = (np.interp(v[:, species], q, GRID) for v, q in zip(values, columns, strict=True))
            result[:, species] = np.interp((1 - share) * first + share * second, GRID, columns[0])
        return result

    def take_species(self, every: Self, species: int) -> None:
        self.networks, self.forest = every.networks.only(species), every.forest.only(species)
        self.quantiles = every.quantiles[:, :, [species]]

    def arrays(self) -> dict[str, np.ndarray]:
        parts = {"network": self.networks.table(), "forest": self.forest.table()}
        return {"quantiles": self.quantiles} | {
            f"{name}.{key}": array for name, table in parts.items() for key, array in table.items()
        }

    def take(self, table: Mapping[str, np.ndarray]) -> None:
        self.quantiles = table["quantiles"].astype(np.float64)
        if self.quantiles.shape != (2, len(GRID), self.width):
            raise ValueError(f"quantiles {self.quantiles.shape}")
        for name, part in (("network", self.networks), ("forest", self.forest)):
            prefix = f"{name}."
            part.restore({key.removeprefix(prefix): v for key, v in table.items() if key.startswith(prefix)})


def _part(kind: type[C], config: PresenceOnlyConfig) -> C:
    return kind(**{one.name: getattr(config, one.name) for one in fields(kind)})
