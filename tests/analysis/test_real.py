"""The real survey 5000108 (English Midlands, 2017): its numbers read as what they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.analysis import landsat
from sdm.analysis.histogram import histogram
from sdm.analysis.spectral_indices import compute, measures
from sdm.analysis.stretches import composite
from sdm.analysis.walter_lieth import diagram
from sdm.data.tree import open_tree
from sdm.modalities import LANDSAT, PATCH

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def survey(real_tree: Path) -> dict[str, np.ndarray]:
    data = open_tree(real_tree)
    row = np.array([data.row_of(5000108)])
    return {name: data.reader.read(name, row)[0] for name in ("patch", "landsat", "climate")}


def test_patch(survey: dict[str, np.ndarray]):
    ndvi = compute(survey["patch"], PATCH, measures(PATCH)["ndvi"])
    assert 0.4 < np.median(ndvi) < 0.95  # fields and meadows
    assert (composite(survey["patch"], "natural", "gamma")[..., 3] == 255).all()
    assert histogram(survey["patch"]).groupby("band")["share"].sum().to_numpy() == pytest.approx(1)


def test_landsat(survey: dict[str, np.ndarray]):
    table = landsat.series(survey["landsat"], measures(LANDSAT)["ndvi"])
    assert landsat.gaps(table).empty
    seasons = landsat.seasons(table).set_index("quarter")["median"]
    assert seasons["summer"] > seasons["winter"]
    found = landsat.trend(table)
    assert found.low <= found.slope <= found.high and abs(found.slope) < 0.05


def test_climate(survey: dict[str, np.ndarray]):
    drawn = diagram(survey["climate"])
    assert 8 < drawn.annual_temperature < 12
    assert 500 < drawn.annual_precipitation < 1000
    assert drawn.arid_months == 0
    assert "sure" not in set(drawn.months["frost"])
