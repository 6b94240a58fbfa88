"""What all models of presence-only records share: a log intensity per species, and how it is given out."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

import numpy as np
import torch
from scipy.special import expit, logit, logsumexp
from torch import Tensor

from sdm.data.dataset import Dataset, TargetKind
from sdm.errors import RunError
from sdm.jobs import Report, no_report
from sdm.modalities import MODALITIES
from sdm.models.contract import Baseline
from sdm.models.preparation import Batch, suits
from sdm.models.presence_only.background import BackgroundKind, PresenceData, presence_data
from sdm.models.presence_only.design import PREPARATION, Design
from sdm.models.statistics import Statistics

RARE = 1e-5  # the least share of background sites a species is taken to have records at
LARGEST = 1 - 1e-7  # of what is given, as float32 has it below 1
ARRAYS = ("log_mean", "prevalence", "levels", "level_counts")


@dataclass(frozen=True, kw_only=True)
class PresenceOnlyConfig:
    """The modality that is read, by name, and what records are compared with."""

    modality: str
    background: BackgroundKind = "usual"

    def __post_init__(self) -> None:
        if self.modality not in MODALITIES or not suits(PREPARATION, self.modality):
            raise RunError("no modality of predictors", expected="predictors-… or environment", got=self.modality)

    @property
    def inputs(self) -> Mapping[str, str]:
        """Modality -> preparation."""
        return MappingProxyType({self.modality: PREPARATION})


def relative_intensity(given: np.ndarray | float, prevalence: np.ndarray | float) -> np.ndarray:
    """The intensity relative to its mean over the background, of what `PresenceOnly.predict` gives for a species
    with records at the share `prevalence` of background sites.

    >>> float(relative_intensity(0.5, 0.5)), float(relative_intensity(0.75, 0.5))
    (1.0, 3.0)
    """
    share = np.clip(prevalence, RARE, 1 - RARE)
    return np.asarray(given * (1 - share) / (share * (1 - np.minimum(given, LARGEST))))


class PresenceOnly(Baseline):
    """A model fitted to records and a background.

    What it gives for a species is r q / (1 - q + r q): r is the intensity relative to its mean over the background
    and q the share of background sites with a record. It rises with the intensity, so that ranks are those of r;
    it is no probability of presence, since records do not tell how common a species is.
    """

    def __init__(self, kind: TargetKind, width: int, config: PresenceOnlyConfig) -> None:
        super().__init__(kind, width)
        self.config = config
        self.inputs = config.inputs
        self.design = Design(config.modality, ())
        self.log_mean = np.zeros(width)
        self.prevalence = np.zeros(width)

    def fit(self, dataset: Dataset, rows: np.ndarray, statistics: Statistics, report: Report = no_report) -> None:
        data = presence_data(dataset, rows, dict(self.config.inputs), statistics, self.config.background)
        self.fit_to(data, report)

    def fit_to(self, data: PresenceData, report: Report = no_report) -> None:
        """Learn from sites whose inputs are read."""
        self.design = Design.of(self.config.modality, data.batch)
        self.learn(data, report)
        scores = self.log_intensity(data.batch)
        for species in range(self.width):
            sites = data.background(species)
            at = scores[sites if len(sites) else slice(None), species]
            self.log_mean[species] = logsumexp(at) - np.log(len(at))
        self.prevalence = data.prevalence

    @abstractmethod
    def learn(self, data: PresenceData, report: Report) -> None:
        """Fit the log intensities; `report` hears of each of `parts`, between which it may raise."""

    @abstractmethod
    def parts(self, data: PresenceData) -> int:
        """Of how many parts `learn` tells."""

    @abstractmethod
    def log_intensity(self, batch: Batch) -> np.ndarray:
        """float64 (n, S): the logarithm of the intensity, up to a constant per species."""

    def only(self, species: int) -> Self:
        """The model of the species in that column alone: of width 1, as fast as one species allows."""
        one = type(self)(self.kind, 1, self.config)
        one.design = self.design
        one.log_mean, one.prevalence = self.log_mean[[species]], self.prevalence[[species]]
        one.take_species(self, species)
        return one

    @abstractmethod
    def take_species(self, every: Self, species: int) -> None:
        """Take up what `every`, a model of more, has learnt of the species in that column."""

    @abstractmethod
    def arrays(self) -> dict[str, np.ndarray]:
        """What `learn` learnt."""

    @abstractmethod
    def take(self, table: Mapping[str, np.ndarray]) -> None:
        """Take up what `arrays` gave; KeyError, ValueError or IndexError where it does not fit."""

    def table(self) -> dict[str, np.ndarray]:
        return {"log_mean": self.log_mean, "prevalence": self.prevalence, **self.design.table(), **self.arrays()}

    def restore(self, table: Mapping[str, np.ndarray]) -> None:
        absent = [name for name in ARRAYS if name not in table]
        if absent:
            raise RunError("the table lacks arrays", expected=", ".join(absent), got=", ".join(table) or "none")
        if table["log_mean"].shape != (self.width,) or table["prevalence"].shape != (self.width,):
            raise RunError("the table does not fit", expected=f"{self.width} columns", got=table["log_mean"].shape)
        self.log_mean, self.prevalence = table["log_mean"].astype(float), table["prevalence"].astype(float)
        self.design = Design.restored(self.config.modality, table)
        try:
            self.take(table)
        except KeyError as problem:
            raise RunError("the table lacks arrays", expected=problem.args[0], got=", ".join(table)) from None
        except (ValueError, IndexError) as problem:
            raise RunError("the table does not fit", expected=f"{self.width} columns", got=problem) from None

    def predict(self, batch: Batch) -> Tensor:
        relative = self.log_intensity(batch) - self.log_mean
        share = np.clip(self.prevalence, RARE, 1 - RARE)
        return torch.from_numpy(expit(relative + logit(share)).astype(np.float32))
