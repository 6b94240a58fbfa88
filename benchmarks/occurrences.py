"""A table of presence-only records in text, made a data set: sites, labels, predictors, folds of blocks."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
from scipy.sparse import csr_matrix

from benchmarks.comparison import Comparison, Figure, Target, compare
from sdm.data.dataset import Dataset
from sdm.occurrences.build import build_dataset
from sdm.occurrences.options import ImportOptions, OccurrenceFiles

RECORDS, SPECIES = 5_000_000, 2_000
PREDICTORS = ("bio1", "bio12", "slope")
BLOCK, FOLDS = 2.5, 5
REPETITIONS = 1


def figures(count: int = RECORDS) -> Iterator[Figure]:
    """One figure: from the file to sites with species, predictors and folds."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_records(Path(folder) / "records.csv", count)

        def equal() -> None:
            data, (sites, labels, values) = ours(path), by_geopandas(path)
            records = np.flatnonzero((data.sites["source"] == "records").to_numpy())
            np.testing.assert_allclose(data.sites["lon"].to_numpy()[records], sites.geometry.x)
            assert (data.targets.values[records] != labels).nnz == 0
            np.testing.assert_allclose(data.reader.read(data.modalities[0], records), values, rtol=1e-6)

        yield compare(
            Comparison(
                title=f"{count / 1e6:.1f} M records of a CSV file to sites, labels, predictors and folds",
                usual_way="pandas read_csv and groupby, geopandas points",
                usual=partial(by_geopandas, path),
                ours=partial(ours, path),
                equal=equal,
                target=Target(60, "seconds"),
                note=f"{SPECIES:,} species, {len(PREDICTORS)} predictors; ours also tells countries, not written",
                repetitions=REPETITIONS,
            )
        )


def write_records(path: Path, count: int) -> Path:
    """`count` records of SPECIES species with PREDICTORS, at places of five decimals."""
    random = np.random.default_rng(0)
    species = (SPECIES * random.random(count) ** 2).astype(np.int32)
    names = pa.array([f"Genus{i // 7} species{i} L." for i in range(SPECIES)])
    table = {
        "species": pa.DictionaryArray.from_arrays(pa.array(species), names).cast(pa.string()),
        "decimalLongitude": random.uniform(-5, 25, count).round(5),
        "decimalLatitude": random.uniform(42, 58, count).round(5), "year": random.integers(1970, 2025, count),
        **{name: random.normal(size=count).round(2) for name in PREDICTORS},
    }  # fmt: skip
    pa_csv.write_csv(pa.table(table), path)
    return path


def ours(path: Path) -> Dataset:
    """The data set, in memory."""
    return build_dataset(OccurrenceFiles(path), "records", ImportOptions(block=BLOCK))[0]


def by_geopandas(path: Path) -> tuple[gpd.GeoDataFrame, csr_matrix, np.ndarray]:
    """Points of different places with their fold, csr of their species, and their predictors."""
    table = pd.read_csv(path)
    places = table.groupby(["decimalLongitude", "decimalLatitude"], sort=False)
    site, species = places.ngroup(), table["species"].astype("category")
    pairs = pd.DataFrame({"site": site, "species": species.cat.codes}).drop_duplicates()
    shape = (int(site.max()) + 1, len(species.cat.categories))
    labels = csr_matrix((np.ones(len(pairs), np.uint8), (pairs["site"], pairs["species"])), shape=shape)
    first = places.head(1)
    points = gpd.points_from_xy(first["decimalLongitude"], first["decimalLatitude"], crs="EPSG:4326")
    sites = gpd.GeoDataFrame(first, geometry=points)
    cell = np.floor(sites.geometry.x / BLOCK).astype(str) + " " + np.floor(sites.geometry.y / BLOCK).astype(str)
    sites["fold"] = pd.factorize(cell)[0] % FOLDS
    return sites, labels, first[list(PREDICTORS)].to_numpy(np.float32)
