"""The climate diagram: spans end where the lines cross, lengths and header are right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.analysis.walter_lieth import diagram
from sdm.modalities import CLIMATE
from tests.analysis.cubes import stored


def monthly(pr: list[float], tas: list[float], **kwargs: float) -> np.ndarray:
    return stored(np.tile(pr, (19, 1)), np.tile(np.array(tas, float), (19, 1)), **kwargs)


MEDITERRANEAN = monthly(
    [80, 80, 60, 60, 40, 10, 10, 10, 40, 80, 120, 80], [8, 9, 12, 14, 18, 23, 26, 26, 22, 18, 13, 9]
)


def test_arid_span_ends_at_the_crossings():
    spans = diagram(MEDITERRANEAN).spans
    assert spans["state"].tolist() == ["humid", "arid", "humid", "perhumid", "humid"]
    arid = spans[spans["state"] == "arid"].iloc[0]
    # May: 40 mm against 36, June: 10 against 46. September: 40 against 44, October: 80 against 36.
    assert arid["start"] == pytest.approx(4.5 + 4 / 40, abs=1e-3)
    assert arid["end"] == pytest.approx(8.5 + 4 / 48, abs=1e-3)
    perhumid = spans[spans["state"] == "perhumid"].iloc[0]
    assert (perhumid["start"], perhumid["end"]) == (pytest.approx(10, abs=1e-3), pytest.approx(11, abs=1e-3))
    assert spans["months"].sum() == pytest.approx(12)
    assert spans["start"].tolist()[1:] == spans["end"].tolist()[:-1]


def test_header_numbers():
    drawn = diagram(MEDITERRANEAN)
    assert drawn.annual_precipitation == pytest.approx(670, rel=1e-4)
    assert drawn.annual_temperature == pytest.approx(198 / 12, abs=0.01)
    assert drawn.months["high"].max() == pytest.approx(31, abs=0.05)
    assert drawn.months["low"].min() == pytest.approx(3, abs=0.05)
    assert drawn.arid_months == pytest.approx(4 - 4 / 40 + 4 / 48, abs=1e-3)


def test_curve_is_compressed_above_100_mm():
    curve = diagram(MEDITERRANEAN).curve
    peak = curve.loc[curve["precipitation"].idxmax()]
    assert (peak["time"], peak["precipitation"]) == (10.5, pytest.approx(120, rel=1e-4))
    assert peak["precipitation_mm"] == pytest.approx(102, rel=1e-4)
    ends = curve.iloc[[0, -1]]
    assert ends["time"].tolist() == [0, 12]
    assert ends["temperature"].nunique() == 1 and ends["temperature"].iloc[0] == pytest.approx(8.5, abs=0.01)


def test_frost_months():
    tas = np.tile(np.array([-4, -1, 3, 8, 13, 16, 18, 18, 14, 9, 5, 0], float), (19, 1))
    tas[7, 2] = -2  # one cold March
    months = diagram(stored(np.full((19, 12), 50.0), tas, low=2)).months.set_index("name")
    assert months.index[months["frost"] == "sure"].tolist() == ["Jan", "Feb", "Dec"]
    assert months.index[months["frost"] == "probable"].tolist() == ["Mar"]


def test_missing_months_leave_a_hole():
    cube = MEDITERRANEAN.copy()
    cube[0, :, 6] = np.nan
    drawn = diagram(cube)
    assert drawn.spans["end"].iloc[-1] == 12 and drawn.spans["months"].sum() == pytest.approx(10)
    assert np.isnan(drawn.annual_precipitation) and np.isnan(drawn.arid_months)
    nothing = diagram(np.full(CLIMATE.shape, np.nan, np.float32))
    assert nothing.spans.empty and (nothing.months["frost"] == "").all()


rain = st.lists(st.integers(0, 250), min_size=12, max_size=12)
warmth = st.lists(st.integers(-30, 35), min_size=12, max_size=12)


@settings(max_examples=60)
@given(rain, warmth)
def test_spans_equal_a_fine_sampling(pr: list[int], tas: list[int]):
    drawn = diagram(monthly(pr, tas))
    time = np.linspace(0.01, 11.99, 601)
    wet, warm = (
        np.interp(time, np.arange(12) + 0.5, drawn.months[name], period=12)
        for name in ("precipitation", "temperature")
    )
    expected = np.select([wet < 2 * warm, wet > 100], ["arid", "perhumid"], "humid")
    starts = drawn.spans["start"].to_numpy()
    states = drawn.spans["state"].to_numpy()[np.searchsorted(starts, time, "right") - 1]
    clear = (np.abs(wet - 2 * warm) > 1e-2) & (np.abs(wet - 100) > 1e-2)
    assert (states == expected)[clear].all()
    assert drawn.spans["months"].sum() == pytest.approx(12)
