"""No table of which the end is missing passes, unless it is cut between two lines: then rows are missing, which
`check` counts."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from sdm.data.check import check
from sdm.data.store import open_store, pack
from sdm.data.tree import SPECIES_FILE, open_tree
from sdm.errors import DataError
from sdm.formats.arrays import read_npz, write_npz
from sdm.modalities import ENVIRONMENT, LANDSAT
from tests.data import trees

TABLES = {
    "GLC25_PA_metadata_train.csv": None,
    SPECIES_FILE: None,
    "EnvironmentalValues/SoilGrids/GLC25-PA-train-soilgrids.csv": ENVIRONMENT.name,
    "SateliteTimeSeries-Landsat/values/PA-test/*red*.csv": LANDSAT.name,
}


def read(tree: Path, modality: str | None) -> None:
    data = open_tree(tree)
    if modality is not None:
        data.reader.read(modality, np.arange(len(data)))


@pytest.mark.parametrize("pattern", TABLES)
def test_a_cut_in_the_last_line(own_tree: Path, pattern: str) -> None:
    trees.write_values(own_tree, "PA-test")
    shutil.rmtree(own_tree / "SateliteTimeSeries-Landsat" / "cubes")
    (path,) = own_tree.glob(pattern)
    whole = path.read_bytes()
    read(own_tree, TABLES[pattern])
    content = whole.rstrip(b"\r\n")
    last = content.rfind(b"\n") + 1
    for end in {last + 1, *range(last + 2, len(content), max((len(content) - last) // 3, 1)), len(content)}:
        path.write_bytes(whole[:end])
        with pytest.raises(DataError):
            read(own_tree, TABLES[pattern])
    if path.name == SPECIES_FILE:
        return  # is read under this name alone
    packed = gzip.compress(content)
    path.rename(path.with_name("aside"))
    for raw in (packed, packed[:-3]):  # of a table that was cut before, and cut itself
        path.with_name(f"{path.name}.gz").write_bytes(raw)
        with pytest.raises(DataError):
            read(own_tree, TABLES[pattern])


def test_a_cut_between_lines_lacks_rows(own_tree: Path) -> None:
    (path,) = own_tree.glob("EnvironmentalValues/SoilGrids/GLC25-PA-train-soilgrids.csv")
    before = open_tree(own_tree).reader.read(ENVIRONMENT.name, np.arange(12))
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:3]))
    after = open_tree(own_tree).reader.read(ENVIRONMENT.name, np.arange(12))
    assert np.isnan(after).sum() > np.isnan(before).sum()
    assert check(own_tree).usable


def test_a_cut_store(own_tree: Path, tmp_path: Path) -> None:
    place = pack(own_tree, tmp_path / "store").place
    for name in ("sites.parquet", "classes.parquet", "targets.npz", "rows.npz", "manifest.json"):
        whole = (place / name).read_bytes()
        for end in (0, 1, len(whole) // 2, len(whole) - 8, len(whole) - 1):
            (place / name).write_bytes(whole[:end])
            if name == "manifest.json" and end == len(whole) - 1:
                continue  # its last line break
            with pytest.raises((DataError, pa.ArrowException)):
                open_store(place)
        (place / name).write_bytes(whole)
    open_store(place)


def test_a_cut_file_of_arrays(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    write_npz(path, {"a": np.arange(50), "b": np.ones(3)})
    whole = path.read_bytes()
    for end in range(0, len(whole), 7):
        path.write_bytes(whole[:end])
        with pytest.raises(DataError):
            read_npz(path, DataError)
