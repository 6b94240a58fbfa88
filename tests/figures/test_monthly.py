"""Curves and the image of a monthly series: gaps stay gaps, groups are those of training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sdm.analysis.monthly import missing_steps, monthly_table, telling_bands
from sdm.analysis.series_gaps import date_counts, month_gaps
from sdm.analysis.spectra import fit_spectra
from sdm.figures.monthly import monthly_curves, monthly_image
from sdm.figures.occlusion import by_date, months_and_bands
from sdm.figures.series_gaps import gaps
from sdm.modalities import MODALITIES
from tests.datasets import TREE_SERIES, TREES, monthly


@pytest.fixture(scope="module")
def table():
    data, row = monthly(), MODALITIES[TREE_SERIES]
    groups = fit_spectra(data, data.rows("train", "block"), TREE_SERIES)
    values = data.reader.read(TREE_SERIES, np.array([7]))[0]
    return monthly_table(values, row, groups, "2", "3")


def test_a_class_is_what_its_training_pixels_know_at_each_date() -> None:
    data, row = monthly(), MODALITIES[TREE_SERIES]
    training = data.rows("train", "block")
    groups = fit_spectra(data, training, TREE_SERIES)
    values = row.to_physical(data.reader.read(TREE_SERIES, training[data.targets.values[training] == 0]))
    assert groups.mean.shape == (len(TREES), *row.shape)
    np.testing.assert_allclose(groups.mean[0], np.nanmean(values, axis=0), rtol=1e-5)
    np.testing.assert_allclose(groups.high[0], np.nanquantile(values, 0.9, axis=0), rtol=1e-5)
    assert groups.sites[0] == len(values) - 1  # one pixel has no value at all


def test_the_table_is_in_physical_units_and_its_gaps_stay(table) -> None:
    row, values = MODALITIES[TREE_SERIES], monthly().reader.read(TREE_SERIES, np.array([7]))[0]
    assert len(table) == values.size and table["level"].dropna().between(0, 1).all()
    np.testing.assert_allclose(table["value"].to_numpy().reshape(values.shape), row.to_physical(values))
    assert table["own_mean"].notna().all() and table["other_mean"].notna().all()


def test_the_curves_break_at_gaps_and_shade_dates_without_a_value(table) -> None:
    drawn = monthly_curves(table, telling_bands(MODALITIES[TREE_SERIES].channels), TREES[1], TREES[2])
    lines = [trace for trace in drawn.plot.data if trace.mode == "lines+markers"]
    assert len(lines) == 3 and not any(line.connectgaps for line in lines)
    empty = missing_steps(monthly().reader.read(TREE_SERIES, np.array([7]))[0])
    assert len(drawn.plot.layout.shapes) == 3 * len(empty) > 0
    assert sum(bool(trace.showlegend) for trace in drawn.plot.data) == 3


def test_the_image_has_a_row_per_band_and_says_what_is_missing(table) -> None:
    drawn = monthly_image(table, ["5 Jan", "3 Mar"])
    heat = drawn.plot.data[0]
    assert heat.z.shape == (4, 12) and np.isnan(heat.z).sum() == table["value"].isna().sum()
    assert list(drawn.plot.layout.xaxis.ticktext)[:3] == ["5 Jan", "3 Mar", ""]
    assert f"{table['value'].isna().sum()} of 48" in drawn.alt


def test_without_any_value_or_group_there_is_still_a_figure() -> None:
    row = MODALITIES[TREE_SERIES]
    nothing = monthly_table(np.full(row.shape, np.nan, np.float32), row, None, None, None)
    assert "missing" in monthly_curves(nothing, ["NDVI"], "").alt
    assert len(monthly_image(nothing).plot.data) == 1


def test_dates_are_counted_and_gaps_told_by_month() -> None:
    data = monthly()
    counts = date_counts(data, TREE_SERIES)
    known = np.isfinite(data.reader.read(TREE_SERIES, np.arange(len(data)))).any(axis=1)
    assert counts["pixels"].tolist()[1:] == np.bincount(known.sum(axis=1), minlength=13)[1:].tolist()
    steps = month_gaps(data, TREE_SERIES, "dates")
    assert steps["missing"].iloc[0] == 0 < steps["missing"].iloc[11]
    dated = replace(data, sites=data.sites.assign(dates="2022-02-01 2022-07-30"))
    months = month_gaps(dated, TREE_SERIES, "dates")
    assert months["missing"].lt(1).to_numpy().nonzero()[0].tolist() == [1, 6]
    assert "Jan" in gaps(counts, months, calendar_months=True).alt


def test_what_is_hidden_has_a_bar() -> None:
    table = pd.DataFrame({
        "kind": ["band", "band", "month"], "name": ["B2", "NDVI", "Jan"], "title": ["blue", "NDVI", "January"],
        "pixels": [9, 9, 4], "accuracy": [0.1, -0.02, 0.3], "probability": [0.1, 0.0, 0.2],
    })  # fmt: skip
    drawn = months_and_bands(table, 9)
    assert [list(trace.y) for trace in drawn.plot.data] == [[30], [10, -2]]
    steps = by_date(pd.DataFrame({"step": [1, 2, 3], "change": [0.1, 0.2, 0.0]}), "oak", when=["5 Jan", "3 Mar"])
    assert list(steps.plot.data[0].x) == ["5 Jan", "3 Mar"] and "3 Mar 20" in steps.alt
