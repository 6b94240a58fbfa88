"""Baselines: what grows in this country and region, and what grows near here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import torch
from pydantic import Field
from scipy.sparse import csr_matrix
from scipy.spatial import KDTree
from torch import Tensor

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.targets import target_matrix
from sdm.errors import RunError
from sdm.geo.distance import great_circle_km, unit_vectors
from sdm.jobs import Report, no_report
from sdm.models.contract import Baseline
from sdm.models.preparation import Batch, make_batch
from sdm.models.specification import Size
from sdm.models.statistics import Statistics


@dataclass(frozen=True)
class CountryFrequencyConfig:
    """A country and region with fewer training surveys than `fewest` fall back to the region."""

    fewest: int = 10


class CountryFrequency(Baseline):
    """How often each species occurs in the survey's country and region, else its region, else anywhere.

    Classes get their frequencies, regression the mean value.
    """

    configuration = CountryFrequencyConfig

    def __init__(self, kind: TargetKind, width: int, config: CountryFrequencyConfig) -> None:
        super().__init__(kind, width)
        self.fewest = config.fewest
        self.row_of = np.zeros((1, 1), np.int32)  # (country code, region code) -> row of `frequency`
        self.frequency = np.zeros((1, width), np.float32)

    def fit(self, dataset: Dataset, rows: np.ndarray, statistics: Statistics, _report: Report = no_report) -> None:
        codes = make_batch({}, dataset.sites.iloc[rows], {}, statistics)
        country, region = codes["country"].numpy(), codes["region"].numpy()
        values = target_matrix(dataset.targets.take(rows))
        shape = (len(statistics.countries) + 1, len(statistics.regions) + 1)
        frequency = [_mean(values, np.ones(len(rows), bool))]
        self.row_of = np.zeros(shape, np.int32)
        for code in np.unique(region[region > 0]):
            self.row_of[:, code] = len(frequency)
            frequency.append(_mean(values, region == code))
        for pair in sorted(set(zip(country.tolist(), region.tolist(), strict=True))):
            here = (country == pair[0]) & (region == pair[1])
            if min(pair) > 0 and here.sum() >= self.fewest:
                self.row_of[pair] = len(frequency)
                frequency.append(_mean(values, here))
        self.frequency = np.stack(frequency)

    def table(self) -> dict[str, np.ndarray]:
        return {"row_of": self.row_of, "frequency": self.frequency}

    def restore(self, table: Mapping[str, np.ndarray]) -> None:
        row_of, frequency = _arrays(table, "row_of", "frequency")
        fits = frequency.ndim == 2 and frequency.shape[1] == self.width and row_of.ndim == 2
        if not fits or not row_of.size or not 0 <= row_of.min() <= row_of.max() < len(frequency):
            raise RunError("the table does not fit", expected=f"{self.width} columns", got=frequency.shape)
        self.row_of, self.frequency = row_of.astype(np.int32), frequency.astype(np.float32)

    def predict(self, batch: Batch) -> Tensor:
        rows = self.row_of[batch["country"].cpu().numpy(), batch["region"].cpu().numpy()]
        return torch.from_numpy(self.frequency[rows])


@dataclass(frozen=True)
class NearestSurveysConfig:
    """`neighbours` surveys count, each by 1 / (distance + `softening_km`)."""

    neighbours: Size = 100
    softening_km: Annotated[float, Field(gt=0)] = 1.0


class NearestSurveys(Baseline):
    """What the nearest training surveys hold, nearer ones counting more; a place unknown gets the overall mean."""

    configuration = NearestSurveysConfig

    def __init__(self, kind: TargetKind, width: int, config: NearestSurveysConfig) -> None:
        super().__init__(kind, width)
        self.config = config
        self._take(np.zeros((0, 3)), csr_matrix((0, width), dtype=np.float32))

    def _take(self, places: np.ndarray, values: csr_matrix) -> None:
        self.places, self.values = places, values
        self.tree = KDTree(places) if len(places) else None
        self.mean = _mean(values, np.ones(len(places), bool))

    def fit(self, dataset: Dataset, rows: np.ndarray, statistics: Statistics, _report: Report = no_report) -> None:
        site = make_batch({}, dataset.sites.iloc[rows], {}, statistics)["site"].numpy()
        placed = np.isfinite(site[:, :2]).all(axis=1)
        values = target_matrix(dataset.targets.take(rows[placed]))
        self._take(unit_vectors(site[placed, 0], site[placed, 1]), values)

    def table(self) -> dict[str, np.ndarray]:
        values = self.values
        return {"places": self.places, "data": values.data, "indices": values.indices, "indptr": values.indptr}

    def restore(self, table: Mapping[str, np.ndarray]) -> None:
        places, data, indices, indptr = _arrays(table, "places", "data", "indices", "indptr")
        try:
            values = csr_matrix((data.astype(np.float32), indices, indptr), shape=(len(places), self.width))
            values.check_format(full_check=True)
            self._take(places.reshape(-1, 3).astype(np.float64), values)
        except (ValueError, IndexError, TypeError) as problem:
            raise RunError("the table does not fit", expected=f"{self.width} columns", got=problem) from None

    def predict(self, batch: Batch) -> Tensor:
        site = batch["site"].cpu().numpy()
        result = np.tile(self.mean, (len(site), 1))
        placed = np.flatnonzero(np.isfinite(site[:, :2]).all(axis=1))
        if placed.size and self.tree is not None:
            result[placed] = self._near(unit_vectors(site[placed, 0], site[placed, 1]))
        return torch.from_numpy(result)

    def _near(self, places: np.ndarray) -> np.ndarray:
        assert self.tree is not None
        count = min(self.config.neighbours, len(self.places))
        chord, index = self.tree.query(places, k=np.arange(1, count + 1))
        weight = 1 / (great_circle_km(chord) + self.config.softening_km)
        weight /= weight.sum(axis=1, keepdims=True)
        indptr = np.arange(len(places) + 1) * count
        mixing = csr_matrix((weight.ravel(), index.ravel(), indptr), shape=(len(places), len(self.places)))
        return np.asarray((mixing @ self.values).todense(), np.float32)


def _mean(values: csr_matrix, rows: np.ndarray) -> np.ndarray:
    """float32 (S,): the mean of `rows`; zeros when there are none."""
    total = np.asarray(values[rows].sum(axis=0), np.float64).ravel()
    return (total / max(int(rows.sum()), 1)).astype(np.float32)


def _arrays(table: Mapping[str, np.ndarray], *names: str) -> list[np.ndarray]:
    absent = [name for name in names if name not in table]
    if absent:
        raise RunError("the table lacks arrays", expected=", ".join(names), got=", ".join(table) or "none")
    return [table[name] for name in names]
