"""The nearest survey on the sphere, and the patch's own position."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.data.position import SiteIndex, check_position, distance_km
from sdm.errors import DataError, NotDownloadedError
from tests.data.trees import patch, write_patch

SITES = pd.DataFrame({"lon": [179.9, 5.0, np.nan, 5.0], "lat": [10.0, 52.0, 50.0, 60.0]})


def test_known_distances() -> None:
    assert distance_km(2.3522, 48.8566, -0.1276, 51.5072) == pytest.approx(343.6, abs=0.5)  # Paris to London
    assert distance_km(0, 90, 77, 90) == pytest.approx(0, abs=1e-9)
    assert distance_km(0, 0, 180, 0) == pytest.approx(20015.1, abs=0.1)


def test_nearest_equals_a_scan() -> None:
    random = np.random.default_rng(0)
    sites = pd.DataFrame({"lon": random.uniform(-180, 180, 300), "lat": random.uniform(-90, 90, 300)})
    index = SiteIndex(sites)
    for lon, lat in random.uniform((-180, -90), (180, 90), (50, 2)):
        distances = [distance_km(lon, lat, x, y) for x, y in sites.to_numpy()]
        row, km = index.nearest(lon, lat)
        assert row == int(np.argmin(distances)) and km == pytest.approx(min(distances))


def test_across_the_date_line_and_around_gaps() -> None:
    index = SiteIndex(SITES)
    assert index.nearest(-179.9, 10.0) == (0, pytest.approx(21.9, abs=0.1))
    assert index.nearest(5.0, 50.0)[0] == 1, "a survey without position is never nearest"


def test_no_survey_at_all() -> None:
    with pytest.raises(DataError, match="position"):
        SiteIndex(SITES.iloc[2:3]).nearest(5, 50)


def test_patch_position(tmp_path: Path) -> None:
    write_patch(tmp_path / "x.tiff", patch(1), 10.033, 57.121)
    assert check_position(tmp_path / "x.tiff", 10.033, 57.121) < 10
    assert check_position(tmp_path / "x.tiff", 10.033, 57.131) == pytest.approx(1112, abs=10)
    with pytest.raises(NotDownloadedError):
        check_position(tmp_path / "none.tiff", 0, 0)


def test_a_patch_nowhere(tmp_path: Path) -> None:
    write_patch(tmp_path / "x.tiff", patch(1), 10.033, 57.121, crs=None)
    with pytest.raises(DataError, match=r"x\.tiff.*reference system"):
        check_position(tmp_path / "x.tiff", 10.033, 57.121)


@pytest.mark.real
def test_the_real_patch_lies_where_its_survey_does(real_tree: Path) -> None:
    path = real_tree / "SatelitePatches/PA-test/08/01/5000108.tiff"
    assert check_position(path, -2.23632, 52.721129) < 10
