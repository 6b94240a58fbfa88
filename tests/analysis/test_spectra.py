"""Spectra of classes: known means and spreads, groups of a number, gaps."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.analysis.spectra import channel_means, fit_spectra, spectrum_table, target_groups
from sdm.data.dataset import TargetKind
from sdm.data.survey import dossier
from sdm.errors import DataError
from sdm.modalities import MODALITIES
from tests.datasets import multilabel
from tests.rasters.coast import CODES, IMAGE, PIXEL, coast


def test_the_spectrum_of_a_class_is_that_of_its_training_pixels() -> None:
    data, row = coast(), MODALITIES[PIXEL]
    training = data.rows("train", "block")
    groups = fit_spectra(data, training, PIXEL)
    own = training[data.targets.values[training] == 2]
    values = row.to_physical(data.reader.read(PIXEL, own))
    assert groups.titles[2] == f"{CODES[2]} ground 2" and groups.sites[2] == len(own)
    assert np.allclose(groups.mean[2], values.mean(axis=0))
    assert np.allclose(groups.low[2], np.quantile(values, 0.1, axis=0))
    assert groups.group_of(dossier(data, int(own[0]))) == "3"


def test_a_class_without_training_pixels_has_no_spectrum() -> None:
    data = coast()
    rows = data.rows("train", "block")
    without = rows[data.targets.values[rows] != 0]
    groups = fit_spectra(data, without, PIXEL)
    assert groups.sites[0] == 0 and np.isnan(groups.mean[0]).all()


def test_numbers_are_grouped_by_value_where_few_and_else_in_bins() -> None:
    data = coast(TargetKind.REGRESSION)
    keys, titles, code, edges = target_groups(data.targets)
    assert len(keys) == len(titles) == 5 and edges.tolist() == [1, 2, 4, 6, 8, 9]
    assert np.array_equal(1 + 2 * code, data.targets.values)
    groups = fit_spectra(data, data.rows("train", "block"), PIXEL)
    here = dossier(data, 0)
    assert groups.group_of(here) == keys[code[0]]


def test_the_bands_come_by_wavelength_and_gaps_stay_gaps() -> None:
    data, row = coast(), MODALITIES[PIXEL]
    groups = fit_spectra(data, data.rows("train", "block"), PIXEL)
    values = data.reader.read(PIXEL, np.array([5]))[0]
    values[row.channels.index("B8")] = np.nan
    table = spectrum_table(values, row, groups, "1", None)
    assert table["wavelength_nm"].is_monotonic_increasing
    assert list(table["band"][:3]) == ["B2", "B3", "B4"]
    assert np.isnan(table.set_index("band")["value"]["B8"])
    assert table["other_mean"].isna().all() and table["own_mean"].notna().all()


def test_an_image_is_compared_by_the_means_of_what_is_there() -> None:
    values = np.ones((1, 3, 32, 32), np.float32)
    values[0, 1, :16] = np.nan
    values[0, 2] = np.nan
    means = channel_means(values, MODALITIES[IMAGE])[0]
    assert means[:2].tolist() == [1, 1] and np.isnan(means[2])


def test_several_classes_at_a_site_are_one_group_and_no_data_is_an_error() -> None:
    data = multilabel()
    assert target_groups(data.targets)[0] == ("all",)
    with pytest.raises(DataError):
        fit_spectra(data, np.array([], int), "environment")
