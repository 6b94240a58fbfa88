"""Records of GeoLifeCLEF's number, simulated, grouped by rounded position at five precisions: sites and labels."""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from benchmarks.comparison import Comparison, Figure, Target, compare
from sdm.data.position_groups import group_by_position

DECIMALS = (4, 3, 2, 1, 0)
RECORDS, PLACES, SPECIES = 5_000_000, 1_500_000, 9_709
REPETITIONS = 3

Grouped = list[tuple[np.ndarray, csr_matrix]]


def figures(count: int = RECORDS) -> Iterator[Figure]:
    """One figure: the mean position and all species of every group."""
    table, labels = records(count)

    def equal() -> None:
        for (sites, union), (theirs, matrix) in zip(ours(table, labels), by_pandas(table), strict=True):
            np.testing.assert_allclose(sites, theirs, rtol=1e-9, atol=1e-9)
            assert (union != matrix).nnz == 0

    figure = compare(
        Comparison(
            title=f"{count / 1e6:.1f} M records grouped at {len(DECIMALS)} precisions, sites and labels",
            usual_way="pandas round, groupby, drop_duplicates",
            usual=partial(by_pandas, table),
            ours=partial(ours, table, labels),
            equal=equal,
            target=Target(10, "seconds"),
            note=f"{PLACES:,} places at most, {SPECIES:,} species; no reading",
            repetitions=REPETITIONS,
        )
    )
    yield figure


def records(count: int) -> tuple[pd.DataFrame, csr_matrix]:
    """One species a record, at places that many share, as observers come back: columns lon, lat, species."""
    random = np.random.default_rng(0)
    lon, lat = random.normal(10, 8, PLACES).round(5), random.normal(50, 5, PLACES).clip(-90, 90).round(5)
    place = (PLACES * random.random(count) ** 2).astype(np.int64)
    species = (SPECIES * random.random(count) ** 3).astype(np.int32)
    table = pd.DataFrame({"lon": lon[place], "lat": lat[place], "species": species})
    labels = csr_matrix((np.ones(count, np.uint8), species, np.arange(count + 1)), shape=(count, SPECIES))
    return table, labels


def ours(table: pd.DataFrame, labels: csr_matrix) -> Grouped:
    """Mean positions (G, 2) and labels of each precision."""
    lon, lat = table["lon"].to_numpy(), table["lat"].to_numpy()
    made = []
    for decimals in DECIMALS:
        groups = group_by_position(lon, lat, decimals)
        made.append((np.stack([groups.means(lon), groups.means(lat)], axis=1), groups.union(labels)))
    return made


def by_pandas(table: pd.DataFrame) -> Grouped:
    """The same by groupby of the rounded columns."""
    made = []
    for decimals in DECIMALS:
        rounded = table.assign(x=table["lon"].round(decimals) + 0.0, y=table["lat"].round(decimals) + 0.0)
        groups = rounded.groupby(["x", "y"])
        pairs = rounded.assign(group=groups.ngroup())[["group", "species"]].drop_duplicates()
        sites = groups[["lon", "lat"]].mean().to_numpy()
        shape = (len(sites), SPECIES)
        made.append(
            (sites, csr_matrix((np.ones(len(pairs), np.uint8), (pairs["group"], pairs["species"])), shape))
        )
    return made


def peak_bytes() -> int:
    """The most memory this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    table, labels = records(RECORDS)
    before = peak_bytes()
    ours(table, labels)
    print(f"{before / 1e9:.2f} GB with the records, {peak_bytes() / 1e9:.2f} GB at most while they are grouped")
