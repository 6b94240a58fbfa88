"""Measures of a coast have known answers, and statements that do not hold are called so."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import rasterio

from sdm.analysis.simulation_check import COLUMNS
from sdm.errors import DataError
from sdm.virtual_coast import measures
from sdm.virtual_coast.parameters import SITES
from sdm.virtual_coast.validate import validate


def test_pure_pixels_have_one_value_with_their_neighbours() -> None:
    truth = np.full((8, 8), 5)
    truth[0, 0] = 6
    assert (measures.pure(truth, 4) >= 0).sum() == 12
    assert (measures.pure(truth, 4, margin=0) >= 0).sum() == 15


def test_a_small_coast_is_measured(coast: Path) -> None:
    table = validate(coast)
    assert tuple(table.columns) == COLUMNS
    assert np.isfinite(table["measured"]).all()
    repeated = table[table["statement"].str.startswith("pixels repeated")]
    assert len(repeated) == len(SITES)
    assert (repeated["measured"] > 0.73).all()
    shift = table[table["statement"].str.startswith("shift")].set_index("statement")["measured"]
    assert shift["shift of B2"] > shift["shift of B8"] + 0.1
    points = table.set_index("statement").loc["consensus points"]
    assert not points["within"]  # two points of a type, where the source has 53


def test_a_folder_without_a_coast_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no simulated coast"):
        validate(tmp_path)


def test_bands_that_were_not_resampled_are_noticed(coast: Path, tmp_path: Path) -> None:

    path = shutil.copy(coast / "vega-sentinel2.tif", tmp_path / "vega-sentinel2.tif")
    with rasterio.open(path, "r+") as file:
        values = file.read()
        values[4:] += np.arange(values[0].size, dtype=np.uint16).reshape(values[0].shape) % 2
        file.write(values)
    assert measures.repeated_share(tmp_path, SITES[1]) < 0.5
