"""The lattice of an export is found from rounded positions, whole or in part, in degrees and in metres."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Transformer

from sdm.errors import DataError
from sdm.series.lattice import lattice_of
from tests.series.exports import DEGREES, NORTH, WEST

UTM = "EPSG:32652"


def centres(crs: str, row: np.ndarray, column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude to 6 digits of pixels of a lattice in `crs`."""
    if crs == "EPSG:4326":
        lon, lat = WEST + column * DEGREES, NORTH - row * DEGREES
    else:
        lon, lat = Transformer.from_crs(crs, 4326, always_xy=True).transform(
            300_005.0 + 10 * column, 4_600_005.0 - 10 * row
        )
    return lon.round(6), lat.round(6)


@pytest.mark.parametrize("crs", ["EPSG:4326", UTM])
@pytest.mark.parametrize("part", ["all", "tiles", "few", "small"])
def test_rows_and_columns_are_those_that_were_sampled(crs: str, part: str):
    row, column = (axis.ravel() for axis in np.mgrid[0:90, 0:130])
    random = np.random.default_rng(1)
    chosen = {
        "all": np.ones(len(row), bool), "tiles": (row // 30 + column // 40) % 3 > 0,
        "few": random.random(len(row)) < 0.03, "small": (row < 3) & (column < 4),
    }[part]  # fmt: skip
    order = random.permutation(np.flatnonzero(chosen))
    lattice, rows, columns = lattice_of(*centres(crs, row[order], column[order]))
    assert lattice.crs == crs
    assert np.array_equal(rows, row[order] - row[order].min())
    assert np.array_equal(columns, column[order] - column[order].min())
    assert (lattice.height, lattice.width) == (np.ptp(row[order]) + 1, np.ptp(column[order]) + 1)
    step = DEGREES if crs == "EPSG:4326" else 10.0
    assert lattice.transform.a == pytest.approx(step, rel=0.01) == -lattice.transform.e
    if crs == UTM and part != "small":
        assert lattice.transform.a == 10.0
        assert lattice.transform.c == 300_000.0 + 10 * column[order].min()


def test_positions_without_a_lattice_are_refused():
    lon, lat = np.random.default_rng(0).uniform(0, 0.1, (2, 500))
    with pytest.raises(DataError, match="no regular lattice"):
        lattice_of(WEST + lon, NORTH + lat)
    with pytest.raises(DataError, match="no regular lattice"):
        lattice_of(np.array([WEST]), np.array([NORTH]))
