"""Cubes of infinities are missing values, counted by `check`, and leave no warning anywhere."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sdm.data.check import check
from sdm.data.dataset import ArrayReader
from sdm.data.open import open_dataset
from sdm.data.store import pack, write_store
from sdm.data.survey import dossier
from sdm.modalities import CLIMATE, LANDSAT
from tests.data import trees
from tests.datasets import DATASETS

CUBES = (LANDSAT.name, CLIMATE.name)
IMPOSSIBLE = (np.inf, -np.inf, np.finfo(np.float32).max)


@pytest.fixture(autouse=True)
def no_warning() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield


@pytest.mark.parametrize("value", IMPOSSIBLE)
def test_a_tree_of_infinities(own_tree: Path, tmp_path: Path, value: float) -> None:
    cubes = list(own_tree.rglob("*_cube.pt"))
    for path in cubes:
        shape = LANDSAT.shape if "landsat" in path.name else CLIMATE.shape
        trees.write_cube(path, np.full(shape, value, np.float32))
    findings = [f for f in check(own_tree, every=True).findings if f.subject.endswith("that cannot be measured")]
    assert sum(finding.count for finding in findings) == len(cubes)
    assert {finding.level for finding in findings} == {"note"}
    for place in (own_tree, pack(own_tree, tmp_path / "store").place):
        data = open_dataset(place)
        for name in CUBES:
            assert np.isnan(data.reader.read(name, np.arange(len(data)))).all()
        for row in range(len(data)):
            assert dossier(data, row).values[LANDSAT.name] is None


def test_a_store_written_of_infinities(tmp_path: Path) -> None:
    whole = DATASETS["multilabel"]()
    arrays = {name: np.array(whole.reader.read(name, np.arange(len(whole)))) for name in whole.modalities}
    arrays[LANDSAT.name][0] = np.inf
    arrays[LANDSAT.name][1, 0, 0, 0] = -np.inf
    data = open_dataset(write_store(replace(whole, reader=ArrayReader(arrays)), tmp_path / "store").place)
    stored = data.reader.read(LANDSAT.name, np.arange(2))
    assert np.isnan(stored[0]).all()
    assert np.isnan(stored[1, 0, 0, 0]) and np.isfinite(stored[1]).any()
