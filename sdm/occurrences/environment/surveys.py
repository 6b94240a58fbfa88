"""Predictors from another data set: those of its nearest survey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.data.worlds import read_world
from sdm.errors import DataError
from sdm.geo.distance import SiteIndex
from sdm.modalities import ENVIRONMENT
from sdm.number_format import distance
from sdm.occurrences.options import ImportOptions
from sdm.occurrences.reading.positions import in_degrees
from sdm.occurrences.reading.reader import Rows
from sdm.occurrences.report import Tally


@dataclass(frozen=True)
class SurveyEnvironment:
    """Predictors are the `environment` of the survey of `dataset` that is nearest, where one lies within `km`."""

    dataset: Dataset
    km: float
    names: tuple[str, ...] = ENVIRONMENT.channels
    columns: tuple[str, ...] = ()
    anywhere: bool = True
    land_only: bool = True

    @property
    def modality(self) -> str | None:
        """The input of that name where all its variables are wanted."""
        return ENVIRONMENT.name if self.names == ENVIRONMENT.channels else None

    @property
    def codes(self) -> tuple[str, ...]:
        """The variables that are class codes."""
        coded: Mapping[str, bool] = dict(zip(ENVIRONMENT.channels, ENVIRONMENT.coded, strict=True))
        return tuple(name for name in self.names if coded[name])

    @property
    def sentence(self) -> str:
        """What it is."""
        return f"the environment at the nearest survey of {self.dataset.name}, at most {distance(self.km)} away"

    @property
    def world(self) -> dict[str, str | int]:
        """Version and seed of the simulated Europe it is of; nothing of real surveys."""
        data = self.dataset
        if data.place is None or not data.simulated or data.world_version is None:
            return {}
        seed = read_world(data.place).get("seed")
        return {"version": data.world_version, "seed": seed} if isinstance(seed, int) else {}

    def filled(self, rows: Rows, tally: Tally) -> Rows:
        """`rows` with the environment of their nearest survey; how far it is, is counted."""
        lon, lat = in_degrees(rows.x, rows.y, rows.crs)
        if not rows.crs:
            raise DataError("the reference system of the positions is not known", where=rows.table,
                            expected="one, to find the nearest survey", remedy="Name it with --crs.")  # fmt: skip
        values = np.full((len(rows), len(self.names)), np.nan, np.float64)
        known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        if len(known):
            survey, km = self._index.nearest_of(lon[known], lat[known])
            near = km <= self.km
            tally.add(
                "far_from_surveys", rows.table, (~near).sum(), (f"{one:.0f} km" for one in np.sort(km[~near]))
            )
            if near.any():
                tally.add("nearest_survey", rows.table, near.sum(), (f"median {np.median(km[near]):.1f} km",))
            values[known[near]] = self._read(survey[near])
        return replace(rows, values=pd.DataFrame(values, columns=list(self.names)))

    def _read(self, surveys: np.ndarray) -> np.ndarray:
        rows, place = np.unique(self._rows[surveys], return_inverse=True)
        at = [ENVIRONMENT.channels.index(name) for name in self.names]
        return self.dataset.reader.read(ENVIRONMENT.name, rows)[:, at][place].astype(np.float64)

    @cached_property
    def _rows(self) -> np.ndarray:
        return np.flatnonzero(self.dataset.available(ENVIRONMENT.name))

    @cached_property
    def _index(self) -> SiteIndex:
        return SiteIndex.of(self.dataset.sites.iloc[self._rows])


def survey_environment(options: ImportOptions) -> SurveyEnvironment:
    """The environment of the data set that `options` name; DataError where it has none."""
    assert options.environment_of is not None
    dataset = open_dataset(options.environment_of)
    if ENVIRONMENT.name not in dataset.modalities:
        raise DataError("the data set has no environment", where=options.environment_of, expected=ENVIRONMENT.name,
                        got=", ".join(dataset.modalities))  # fmt: skip
    unknown = [name for name in options.predictors if name not in ENVIRONMENT.channels]
    if unknown:
        raise DataError("no such predictor", where=options.environment_of, expected=", ".join(unknown),
                        got=", ".join(ENVIRONMENT.channels))  # fmt: skip
    return SurveyEnvironment(dataset, options.nearest_km, options.predictors or ENVIRONMENT.channels)
