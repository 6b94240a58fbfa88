"""What tells the arrays of one data set from those of another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from sdm.data.array_digest import array_digest
from sdm.data.dataset import ArrayReader, Dataset
from sdm.data.store import open_store, write_store
from tests.datasets import multilabel


def changed(data: Dataset, change: float) -> Dataset:
    arrays = {"landsat": data.reader.read("landsat", np.arange(len(data)))}
    arrays["landsat"][0] += change
    return replace(data, reader=ArrayReader(arrays), modalities=("landsat",))


def test_values_and_counts_tell_arrays_apart(tmp_path: Path) -> None:
    data = multilabel()
    digest = array_digest(data, "landsat")
    write_store(data, tmp_path / "store")
    for same in (open_store(tmp_path / "store"), changed(data, 0)):
        assert array_digest(same, "landsat") == digest
    assert array_digest(changed(data, 1), "landsat") != digest  # few surveys: all are sampled
    assert array_digest(data.take(np.arange(len(data) - 1)), "landsat") != digest


def test_an_input_that_no_survey_has() -> None:
    data = multilabel()
    nothing = replace(data, reader=ArrayReader({"landsat": np.full((len(data), 6, 4, 21), np.nan)}))
    assert array_digest(nothing, "landsat") != array_digest(data, "landsat")
