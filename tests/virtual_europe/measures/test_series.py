"""Figures of series and climate, and the statements made of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.analysis.simulation_check import statement_table
from sdm.data.open import open_dataset
from sdm.virtual_europe.measures.series import (
    REAL_CLIMATE,
    REAL_LAT,
    REAL_LON,
    REAL_SERIES,
    climate_figures,
    climate_statements,
    series_figures,
    series_statements,
)


def test_figures_of_a_series_made_by_hand() -> None:
    random = np.random.default_rng(0)
    yearly = np.repeat([3.0, -3.0], 42)  # 84 quarters: a step halfway
    noise = random.normal(0, 0.1, (6, 84))
    series = noise + yearly + np.tile([0.0, 1.0, 12.0, 4.0], 21)
    figures = series_figures(series.reshape(6, 21, 4).transpose(0, 2, 1))
    assert figures["correlation of red and SWIR2"] > 0.99
    assert figures["correlation of SWIR1 with the year before"] > 0.85
    assert figures["seasonal amplitude of SWIR1"] == pytest.approx(12, abs=0.4)


def test_white_noise_has_neither_correlation() -> None:
    cube = np.random.default_rng(0).normal(0, 1, (6, 4, 21))
    cube[:, 0, 3] = np.nan
    figures = series_figures(cube)
    assert abs(figures["correlation of red and SWIR2"]) < 0.3
    assert abs(figures["correlation of SWIR1 with the year before"]) < 0.3


def test_figures_of_a_warming_climate() -> None:
    years = np.arange(19.0)[:, None]
    cube = np.zeros((4, 19, 12))
    cube[1] = 2830 + 100 * np.sin(np.arange(12) / 2) + 1.5 * years  # K x 10: .15 K a year
    figures = climate_figures(cube)
    assert figures["trend of temperature"] == pytest.approx(1.5)
    assert figures["correlation with the month before"] > 0.95
    assert figures["deviation of monthly temperature"] == pytest.approx(0.15 * np.arange(19).std())


@pytest.mark.real
def test_stated_values_are_those_of_the_real_survey(real_tree: Path) -> None:
    data = open_dataset(real_tree)
    row = np.flatnonzero(data.sites["survey_id"].to_numpy() == 5000108)
    assert data.sites.iloc[row[0]][["lon", "lat"]].tolist() == [REAL_LON, REAL_LAT]
    landsat, climate = (data.reader.read(name, row)[0] for name in ("landsat", "climate"))
    for figures, stated in ((series_figures(landsat), REAL_SERIES), (climate_figures(climate), REAL_CLIMATE)):
        for name, (real, _) in stated.items():
            assert figures[name] == pytest.approx(real, abs=0.03), name


def test_series_and_climate_are_like_the_real_survey() -> None:
    table = statement_table([*series_statements(0), *climate_statements(0)])
    assert len(table) == len(REAL_SERIES) + len(REAL_CLIMATE) + 4
    assert table["within"].all(), table[~table["within"]]
