"""All tables of GeoLifeCLEF 2025 at real size, simulated: from CSV and from the store, in fresh processes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as csv
from scipy.sparse import csr_matrix

from benchmarks.comparison import Comparison, Figure, Target, Work, compare, seconds
from sdm.data.store import open_store, pack
from sdm.modalities.layouts import METADATA

SPECIES = 11_255
FILES = [table.name for table in METADATA if table.edition == 2025]
REPETITIONS = 3


@dataclass(frozen=True)
class Size:
    """Surveys, and (survey, species) rows, duplicates included."""

    pa_surveys: int = 88_987
    pa_rows: int = 1_483_637
    test_surveys: int = 14_784
    po_surveys: int = 3_850_000
    po_rows: int = 5_079_797


def figures(size: Size = Size()) -> Iterator[Figure]:
    """One figure: sites and labels of everything, ready to use."""
    with TemporaryDirectory() as name:
        tree, store = Path(name) / "tree", Path(name) / "store"
        write_tables(tree, size)
        pack(tree, store)

        def equal() -> None:
            sites, labels = by_pandas(tree)
            packed = open_store(store)
            np.testing.assert_array_equal(packed.sites["survey_id"], sites["surveyId"])
            assert (packed.targets.values != labels).nnz == 0

        yield compare(
            Comparison(
                title=f"full tables, {(size.pa_rows + size.po_rows) / 1e6:.1f} M rows",
                usual_way="pandas read_csv to sparse labels",
                usual=partial(by_pandas, tree),
                ours=partial(open_store, store),
                equal=equal,
                target=Target(5, "seconds"),
                note=f"{size.po_surveys:,} PO surveys; each time in a fresh process",
                repetitions=REPETITIONS,
                clock=in_fresh_process,
            )
        )


def in_fresh_process(work: Work) -> float:
    """Seconds `work` takes in a process that has loaded its modules and nothing else."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(seconds, work).result()


def by_pandas(tree: Path) -> tuple[pd.DataFrame, csr_matrix]:
    """One row per source and survey, ascending, and their labels, species ascending; 0/1, csr."""
    tables = [pd.read_csv(tree / name).assign(source=i) for i, name in enumerate(FILES)]
    rows = pd.concat(tables, ignore_index=True)
    sites = rows.drop_duplicates(["source", "surveyId"]).sort_values(["source", "surveyId"])
    rows["row"] = rows.groupby(["source", "surveyId"]).ngroup()
    pairs = rows.dropna(subset="speciesId").drop_duplicates(["row", "speciesId"])
    column = pairs["speciesId"].astype("category").cat.codes
    shape = (len(sites), column.max() + 1)
    labels = csr_matrix((np.ones(len(pairs), np.uint8), (pairs["row"], column)), shape=shape)
    labels.sort_indices()
    return sites, labels


def write_tables(tree: Path, size: Size, publishers: tuple[str, ...] = ("simulated",)) -> None:
    """Metadata tables of simulated surveys with the columns of the real ones; records by `publishers` in turn."""
    tree.mkdir()
    random = np.random.default_rng(0)
    training, test, only = FILES
    _write(tree / training, _pa(_surveys(size.pa_surveys, size.pa_rows, random), random, labelled=True))
    _write(tree / test, _pa(np.arange(size.test_surveys), random, labelled=False))
    _write(tree / only, _po(_surveys(size.po_surveys, size.po_rows, random), random, publishers))


def _surveys(surveys: int, rows: int, random: np.random.Generator) -> np.ndarray:
    """Each survey once, and as many more rows as there are."""
    return np.concatenate([np.arange(surveys), random.integers(0, surveys, rows - surveys)])


def _place(survey: np.ndarray, random: np.random.Generator) -> dict[str, np.ndarray]:
    """Position, year and uncertainty of each row: those of its survey."""
    count = int(survey.max()) + 1
    lon, lat = random.uniform(-10, 35, count).round(5), random.uniform(36, 70, count).round(5)
    return {
        "lon": lon[survey],
        "lat": lat[survey],
        "year": random.integers(2017, 2022, count)[survey],
        "geoUncertaintyInM": random.integers(1, 100, count)[survey].astype(float),
    }


def _species(count: int, random: np.random.Generator) -> np.ndarray:
    """Very unequal ones, as float like in the real tables."""
    return (SPECIES * random.random(count) ** 3).astype(int).astype(float)


def _pa(survey: np.ndarray, random: np.random.Generator, *, labelled: bool) -> pd.DataFrame:
    table = pd.DataFrame(_place(survey, random)).assign(areaInM2=100.0, region="ATLANTIC", country="Denmark")
    if labelled:
        table["speciesId"] = _species(len(survey), random)
    return table.assign(surveyId=survey)


def _po(survey: np.ndarray, random: np.random.Generator, publishers: tuple[str, ...]) -> pd.DataFrame:
    table = pd.DataFrame(_place(survey, random)).assign(taxonRank="SPECIES", month=6, day=1)
    table = table.assign(date="2020-06-01", dayOfYear=153, speciesId=_species(len(survey), random))
    return table.assign(surveyId=survey, publisher=np.array(publishers)[survey % len(publishers)])


def _write(path: Path, table: pd.DataFrame) -> None:
    csv.write_csv(pa.Table.from_pandas(table, preserve_index=False), path)
