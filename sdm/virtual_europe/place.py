"""Variables of a place, shared by imagery, climate, soil and plants."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

COVERS = (
    "broadleaf forest", "conifer forest", "shrub", "dry grassland", "meadow", "arable", "vineyard and orchard",
    "wetland", "heath", "alpine sward", "rock and scree", "snow and ice", "sand and dune", "water", "built-up",
)  # fmt: skip


@dataclass(frozen=True)
class Places:
    """N places, one array each, all of length N unless said.

    The survey stands on the cover `centre`, that of its pixel of the landscape; `cover` is the mixture of the few
    kilometres around.
    """

    seed: int  # of the world
    lon: np.ndarray  # degrees east
    lat: np.ndarray  # degrees north
    year: np.ndarray  # of the survey, int
    key: np.ndarray  # uint64, a pure function of (seed, place, year); seeds every random draw about the survey
    elevation: np.ndarray  # m
    slope: np.ndarray  # degrees
    aspect: np.ndarray  # degrees clockwise from north
    coast: np.ndarray  # km to the nearest sea
    temperature: np.ndarray  # annual mean, °C
    seasonality: np.ndarray  # half the difference of warmest and coldest month, K
    precipitation: np.ndarray  # annual, mm
    summer_rain: np.ndarray  # share of the rain that falls April to September, 0..1 (Mediterranean ~0.25)
    moisture: np.ndarray  # 0 dry .. 1 wet: soil water in the growing season
    reaction: np.ndarray  # soil pH in water
    clay: np.ndarray  # share 0..1
    sand: np.ndarray  # share 0..1
    nutrients: np.ndarray  # 0 poor .. 1 rich
    disturbance: np.ndarray  # 0 none .. 1 heavy (ploughing, building, trampling)
    cover: np.ndarray  # (N, len(COVERS)) shares that sum to 1
    centre: np.ndarray  # index into COVERS, int
    parcel: np.ndarray  # typical field size, m (small-holdings 40 .. prairie 600)
    roads: np.ndarray  # 0 none .. 1 dense network

    def __len__(self) -> int:
        return len(self.lon)

    def __getitem__(self, rows: slice | np.ndarray) -> Places:
        columns = {f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name != "seed"}
        return Places(seed=self.seed, **columns)
