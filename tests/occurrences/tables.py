"""Tables of occurrences of simulated species whose true intensity is known, and the effort of those who record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sdm.occurrences.options import OccurrenceFiles

SPECIES = 8
OPTIMA = np.linspace(0.1, 0.9, SPECIES)  # of each species on `wet`
EFFORT = 3.0  # the log of effort rises by so much along `road`
NICHE = 0.25  # breadth on `wet`


@dataclass(frozen=True)
class Tables:
    """Records, background and plots as tables, as a person writes them."""

    records: pd.DataFrame
    background: pd.DataFrame
    plots: pd.DataFrame
    plot_predictors: pd.DataFrame

    def write(self, folder: Path, **more: object) -> OccurrenceFiles:
        """The files, in one of the forms people have them in: semicolons and a byte-order mark in the first."""
        paths = {}
        for name in ("records", "background", "plots", "plot_predictors"):
            paths[name] = folder / f"{name}.csv"
            table = more.get(name, getattr(self, name))
            first = name == "records"
            table.to_csv(  # type: ignore[attr-defined]
                paths[name], index=False, sep=";" if first else ",", encoding="utf-8-sig" if first else "utf-8"
            )
        return OccurrenceFiles(**paths)


def log_intensity(wet: np.ndarray) -> np.ndarray:
    """float (n, SPECIES): the true log intensity, which `wet` alone decides."""
    return -((wet[:, None] - OPTIMA) ** 2) / (2 * NICHE**2)


def tables(sites: int = 400, seed: int = 0) -> Tables:
    """Places on a square of 0.5 degrees at random; records lie where the effort is, plots anywhere."""
    random = np.random.default_rng(seed)
    visited = _places(random, sites)
    visited = visited[random.random(sites) < np.exp(EFFORT * (visited["road"] - 1))].reset_index(drop=True)
    found = random.random((len(visited), SPECIES)) < 0.7 * np.exp(log_intensity(visited["wet"].to_numpy()))
    row, species = np.nonzero(found)
    records = visited.iloc[row].reset_index(drop=True)
    records.insert(0, "scientificName", [f"Planta {chr(97 + s)}" for s in species])
    records.insert(1, "group", np.where(species < SPECIES - 1, "plant", "fern"))
    plots = _places(random, sites // 2)
    present = random.random((len(plots), SPECIES)) < np.exp(log_intensity(plots["wet"].to_numpy())) / 2
    names = [f"Planta {chr(97 + s)}" for s in range(SPECIES)]
    ids = pd.DataFrame({"siteid": np.arange(1, len(plots) + 1)})
    told = pd.concat([ids, pd.DataFrame(present.astype(int), columns=names)], axis=1)
    return Tables(records, _places(random, sites), told, pd.concat([ids, plots], axis=1))


def _places(random: np.random.Generator, count: int) -> pd.DataFrame:
    unit = random.random((count, 2))
    return pd.DataFrame({
        "decimalLongitude": 8 + 0.5 * unit[:, 0], "decimalLatitude": 47 + 0.5 * unit[:, 1],
        "wet": random.random(count), "road": random.random(count), "soil": random.choice([1, 2, 5], count),
    })  # fmt: skip
