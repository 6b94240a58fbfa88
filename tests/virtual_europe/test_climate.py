"""Climate cubes and environment columns hang together and keep to their units."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.modalities import CLIMATE, ENVIRONMENT_VARIABLES
from sdm.virtual_europe.climate import climate_cubes
from sdm.virtual_europe.environment import environment
from sdm.virtual_europe.place import COVERS, Places
from sdm.virtual_europe.sampling import draw

COLUMN = {p.name: i for i, p in enumerate(ENVIRONMENT_VARIABLES)}


@pytest.fixture(scope="module")
def surveyed() -> Places:
    return draw("train", np.arange(300), 0).places


def test_climate_cube_is_ordered_and_whole(surveyed: Places) -> None:
    cubes = climate_cubes(surveyed)
    assert cubes.shape == (300, *CLIMATE.shape)
    assert cubes.dtype == np.float32
    assert np.array_equal(cubes, np.rint(cubes))
    pr, tas, high, low = np.moveaxis(cubes, 1, 0)
    assert (pr > 0).all()
    assert ((high > tas) & (tas > low)).all()


def test_climate_cube_averages_to_the_normals(surveyed: Places) -> None:
    physical = CLIMATE.to_physical(climate_cubes(surveyed))
    np.testing.assert_allclose(physical[:, 1].mean(axis=(1, 2)), surveyed.temperature, atol=0.1)
    np.testing.assert_allclose(physical[:, 0].sum(axis=2).mean(axis=1), surveyed.precipitation, rtol=0.01)


def test_years_differ_and_neighbours_share_them() -> None:
    near = draw("train", np.arange(400), 0).places
    tas = climate_cubes(near)[:, 1]
    yearly = tas.mean(axis=2) - tas.mean(axis=(1, 2))[:, None]
    assert 3 < np.median(yearly.std(axis=1)) < 15  # 0.3 to 1.5 K
    netherlands = (near.lon > 3.4) & (near.lon < 7) & (near.lat > 51) & (near.lat < 53.5)
    assert np.corrcoef(yearly[netherlands][:20]).min() > 0.9


def test_environment_agrees_with_the_cube(surveyed: Places) -> None:
    table = environment(surveyed)
    assert table.shape == (300, len(ENVIRONMENT_VARIABLES))
    np.testing.assert_allclose(table[:, COLUMN["Bio1"]], surveyed.temperature, atol=0.05)
    np.testing.assert_allclose(table[:, COLUMN["Bio12"]], surveyed.precipitation, rtol=1e-3)
    assert (table[:, COLUMN["Bio5"]] > table[:, COLUMN["Bio10"]]).all()
    assert (table[:, COLUMN["Bio6"]] < table[:, COLUMN["Bio11"]]).all()


@pytest.mark.parametrize(
    ("column", "codes"),
    [
        ("LandCover-1", range(1, 18)), ("LandCover-2", range(16)), ("LandCover-3", range(11)),
        ("LandCover-4", range(9)), ("LandCover-5", range(12)),
        ("LandCover-9", (1, 2, 3, 11, 12, 13, 14, 15, 16, 21, 22, 31, 32, 41, 42, 43)),
        ("LandCover-10", (1, 2, 3, 9, 10, 20, 25, 30, 35, 36, 40)),
        ("LandCover-11", (1, 2, 3, 10, 20, 27, 30, 40, 50)), ("LandCover-13", (1, 2)),
    ],
)  # fmt: skip
def test_modis_codes_are_valid(surveyed: Places, column: str, codes: tuple[int, ...]) -> None:
    assert set(environment(surveyed)[:, COLUMN[column]]) <= set(codes)


def test_no_soil_under_water(surveyed: Places) -> None:
    flooded = np.zeros_like(surveyed.cover)
    flooded[:, COVERS.index("water")] = 1
    values = {**vars(surveyed), "cover": flooded}
    table = environment(Places(**values))
    soil = [i for name, i in COLUMN.items() if name.startswith("Soilgrid")]
    assert np.isnan(table[:, soil]).all()
    assert np.isfinite(environment(surveyed)[:, soil]).mean() > 0.9
