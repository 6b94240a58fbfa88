"""Maxent per species, fitted by elapid and predicted by numpy (Phillips et al. 2006,
doi:10.1016/j.ecolmodel.2005.03.026; elapid: Anderson 2023, doi:10.21105/joss.04930)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Self

import numpy as np
import torch
from pydantic import Field

from sdm.data.dataset import TargetKind
from sdm.errors import TrainingError
from sdm.jobs import Report
from sdm.models.preparation import Batch
from sdm.models.presence_only.background import PresenceData
from sdm.models.presence_only.maxent_features import FEATURE_TYPES, MaxentFeatures, stacked, unstacked
from sdm.models.presence_only.model import PresenceOnly, PresenceOnlyConfig
from sdm.models.specification import Size

FEWEST = 2  # presences of a species that is fitted


@dataclass(frozen=True, kw_only=True)
class MaxentConfig(PresenceOnlyConfig):
    """What elapid is asked for, its own defaults: hinges per number, and the strength of regularisation.

    A species is compared with at most `most_background` sites, drawn at random.
    """

    hinges: Annotated[int, Field(ge=2, le=100)] = 10
    regularisation: Annotated[float, Field(gt=0)] = 1.5
    most_background: Size = 10_000


class Maxent(PresenceOnly):
    """Linear, hinge and product features of the numbers, and levels of the codes, per species.

    `beta` (S, F) are the coefficients of the features, `level_beta` (S, levels) those of the levels. A species of
    fewer than FEWEST presences has the same intensity everywhere.
    """

    configuration = MaxentConfig
    config: MaxentConfig

    def __init__(self, kind: TargetKind, width: int, config: MaxentConfig) -> None:
        super().__init__(kind, width, config)
        self.features: list[MaxentFeatures] = []
        self.beta = np.zeros((width, 0))
        self.level_beta = np.zeros((width, 0))

    def parts(self, data: PresenceData) -> int:  # noqa: ARG002
        return self.width

    def learn(self, data: PresenceData, report: Report) -> None:
        model, count = _elapid(), self.design.number_count
        if not count:
            raise TrainingError("Maxent needs a number among its predictors", got=self.config.modality)
        random = np.random.default_rng(int(torch.randint(1 << 31, ()).item()))
        sites = np.hstack([self.design.numbers(data.batch), self.design.codes(data.batch)]).astype(np.float64)
        fitted = []
        for species in range(self.width):
            report(species, self.width, f"species {species + 1} of {self.width}")
            fitted.append(self._species(model, sites, data, species, random))
        report(self.width, self.width, f"species {self.width} of {self.width}")
        self.features = [features for features, _, _ in fitted]
        self.beta = np.stack([beta for _, beta, _ in fitted])
        self.level_beta = np.stack([levels for _, _, levels in fitted])

    def _species(
        self, model: Any, sites: np.ndarray, data: PresenceData, species: int, random: np.random.Generator
    ) -> tuple[MaxentFeatures, np.ndarray, np.ndarray]:
        """Features, their coefficients and those of the levels."""
        count, config = self.design.number_count, self.config
        present, background = data.presences(species), data.background(species)
        if len(background) > config.most_background:
            background = random.choice(background, config.most_background, replace=False)
        enough = len(present) >= FEWEST and len(background) >= FEWEST
        rows = np.concatenate([present, background]) if enough else np.arange(len(sites))
        is_present = np.arange(len(rows)) < len(present) if enough else np.arange(len(rows)) < 1
        made = model(
            feature_types=list(FEATURE_TYPES), beta_multiplier=config.regularisation, transform="raw",
            n_hinge_features=config.hinges, use_sklearn=True, random_state=0,
        )  # fmt: skip
        coded = list(range(count, sites.shape[1])) or None
        made.fit(sites[rows], is_present.astype(np.uint8), categorical=coded)
        beta = made.beta_scores_ if enough else np.zeros_like(made.beta_scores_)
        features = MaxentFeatures.of(made.transformer, config.hinges)
        width = features(sites[:1, :count]).shape[1]
        return features, beta[:width], self._levels(made.transformer, beta[width:])

    def _levels(self, transformer: Any, beta: np.ndarray) -> np.ndarray:
        """The coefficient of each level of the design; 0 of one that was not among the species' sites."""
        known = transformer.estimators_["categorical"]
        result, start = [], 0
        for i, levels in enumerate(self.design.levels):
            own = known.estimators_[i].categories_[0]
            at = dict(zip(own.tolist(), beta[start : start + len(own)].tolist(), strict=True))
            result += [at.get(float(level), 0.0) for level in levels]
            start += len(own)
        return np.array(result)

    def log_intensity(self, batch: Batch) -> np.ndarray:
        matrix, count = self.design.matrix(batch), self.design.number_count
        numbers, levels = matrix[:, :count].astype(np.float64), matrix[:, count:].astype(np.float64)
        each = [features(numbers) @ beta for features, beta in zip(self.features, self.beta, strict=True)]
        return np.stack(each, axis=1) + levels @ self.level_beta.T

    def take_species(self, every: Self, species: int) -> None:
        self.features = [every.features[species]]
        self.beta, self.level_beta = every.beta[[species]], every.level_beta[[species]]

    def arrays(self) -> dict[str, np.ndarray]:
        return {"beta": self.beta, "level_beta": self.level_beta, **stacked(self.features)}

    def take(self, table: Mapping[str, np.ndarray]) -> None:
        self.features = unstacked(table, self.config.hinges)
        self.beta, self.level_beta = table["beta"].astype(float), table["level_beta"].astype(float)
        width = self.features[0](np.zeros((1, self.design.number_count))).shape[1] if self.features else 0
        levels = sum(map(len, self.design.levels))
        shapes = (self.width, width), (self.width, levels)
        if (self.beta.shape, self.level_beta.shape) != shapes or len(self.features) != self.width:
            raise ValueError(f"coefficients {self.beta.shape} and {self.level_beta.shape}")


def _elapid() -> Any:
    """elapid's model; TrainingError where it is not installed."""
    try:
        from elapid import MaxentModel
    except ImportError as problem:
        raise TrainingError(
            "Maxent is fitted by elapid, which is not installed",
            got=problem,
            remedy="Install it with: python -m pip install -r requirements-maxent.txt",
        ) from None
    return MaxentModel
