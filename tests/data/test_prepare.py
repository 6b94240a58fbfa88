"""A batch has the shapes its docstring names, and says what is missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.prepare import Statistics, fit_statistics, make_batch, read_batch
from sdm.errors import RunError, UnknownNameError
from sdm.schema import MODALITIES
from tests.datasets import DATASETS

INPUTS = dict.fromkeys(MODALITIES, "standardise")


@pytest.fixture(params=DATASETS)
def fixture(request: pytest.FixtureRequest) -> Dataset:
    return DATASETS[request.param]()


def statistics(dataset: Dataset) -> Statistics:
    return fit_statistics(dataset, dataset.rows("train"), tuple(MODALITIES))


def test_shapes_and_types(fixture: Dataset) -> None:
    rows = np.array([3, 0, 19])
    batch = read_batch(fixture, rows, INPUTS, statistics(fixture))
    for name, modality in MODALITIES.items():
        assert batch[name].shape == batch[f"{name}_valid"].shape == (3, *modality.shape)
        assert (batch[name].dtype, batch[f"{name}_valid"].dtype) == (torch.float32, torch.bool)
    assert batch["site"].shape == (3, 4) and batch["site"].dtype == torch.float64
    assert batch["survey_id"].tolist() == [103, 100, 119]
    for name in ("country", "region", "survey_id"):
        assert batch[name].shape == (3,) and batch[name].dtype == torch.int64
    width = fixture.targets.width
    labels, weight = {
        TargetKind.MULTILABEL: ((3, width), (3, 1)),
        TargetKind.MULTICLASS: ((3,), (3,)),
        TargetKind.REGRESSION: ((3,), (3,)),
    }[fixture.targets.kind]
    assert batch["labels"].shape == labels and batch["weight"].shape == weight
    expected = torch.int64 if fixture.targets.kind is TargetKind.MULTICLASS else torch.float32
    assert batch["labels"].dtype == expected


def test_missing_values_are_zero_and_marked(fixture: Dataset) -> None:
    batch = read_batch(fixture, np.array([3, 5]), INPUTS, statistics(fixture))
    for name in MODALITIES:
        assert not batch[f"{name}_valid"][0].any(), "survey 3 has no file"
        assert (batch[name][~batch[f"{name}_valid"]] == 0).all()
        assert torch.isfinite(batch[name]).all()
    assert not batch["landsat_valid"][1, :, :, 17:].any() and batch["landsat_valid"][1, :, :, :17].all()


def test_unknown_targets_have_no_weight(fixture: Dataset) -> None:
    batch = read_batch(fixture, np.array([11, 12]), INPUTS, statistics(fixture))
    assert batch["weight"].flatten().tolist() == [0, 1]


def test_statistics_are_those_of_the_valid_training_values(fixture: Dataset) -> None:
    rows = fixture.rows("train")
    fitted = statistics(fixture)
    for name in MODALITIES:
        values = np.moveaxis(fixture.reader.read(name, rows).astype(float), 1, 0)
        values = values.reshape(len(values), -1)
        seen = np.isfinite(values).any(axis=1)
        np.testing.assert_allclose(np.array(fitted.mean[name])[seen], np.nanmean(values[seen], axis=1))
        np.testing.assert_allclose(np.array(fitted.std[name])[seen], np.nanstd(values[seen], axis=1), rtol=1e-6)
        assert all(
            m == 0 and s == 1 for m, s, k in zip(fitted.mean[name], fitted.std[name], seen, strict=True) if not k
        )
    assert fitted.countries == ("Denmark", "Netherlands")


def test_constants_and_infinities_do_not_blow_up() -> None:
    fixture = DATASETS["multilabel"]()
    arrays = {name: values.copy() for name, values in fixture.reader.arrays.items()}  # type: ignore[attr-defined]
    arrays["environment"][:, 0] = 273.1  # its square is not exact: the variance comes out as round-off
    arrays["environment"][4, 1] = np.inf
    changed = replace(fixture, reader=type(fixture.reader)(arrays))  # type: ignore[call-arg]
    fitted = statistics(changed)
    assert fitted.std["environment"][0] == 1
    assert np.isfinite(fitted.mean["environment"]).all() and np.isfinite(fitted.std["environment"]).all()


def test_other_splits_tell_the_statistics_nothing(fixture: Dataset) -> None:
    arrays = {name: values.copy() for name, values in fixture.reader.arrays.items()}  # type: ignore[attr-defined]
    for values in arrays.values():
        values[fixture.rows("test_far")] = 1e6
    changed = replace(fixture, reader=type(fixture.reader)(arrays))  # type: ignore[call-arg]
    assert statistics(changed) == statistics(fixture)


def test_standardised_training_values(fixture: Dataset) -> None:
    rows = fixture.rows("train")
    batch = read_batch(fixture, rows, INPUTS, statistics(fixture))
    for name in MODALITIES:
        values = batch[name][batch[f"{name}_valid"]]
        assert abs(float(values.mean())) < 1e-3


def test_countries_are_coded_in_the_order_of_training(fixture: Dataset) -> None:
    batch = read_batch(fixture, np.array([0, 9, 19]), INPUTS, statistics(fixture))
    assert batch["country"].tolist() == [1, 2, 0], "Bulgaria was not seen in training"


def test_site_vector(fixture: Dataset) -> None:
    batch = read_batch(fixture, np.array([0, 2]), {}, statistics(fixture), targets=False)
    np.testing.assert_allclose(batch["site"][0], [5.0, 50.0, 2017, 2.0])
    assert torch.isnan(batch["site"][1, 3])
    assert "labels" not in batch


def test_odd_areas_have_no_logarithm() -> None:
    dataset = DATASETS["multilabel"]()
    sites = dataset.sites.assign(area_m2=[0.0, -5.0, np.inf, 10.0] * 5, year=np.nan)
    batch = make_batch({}, sites, {}, statistics(dataset))
    assert torch.isnan(batch["site"][:3, 3]).all() and batch["site"][3, 3] == 1
    assert torch.isnan(batch["site"][:, 2]).all()


def test_quantile_preparation_keeps_the_mask(fixture: Dataset) -> None:
    batch = read_batch(fixture, np.array([6, 3]), {"patch": "quantile"}, statistics(fixture))
    assert not batch["patch_valid"][0, :, :2, :2].any() and batch["patch_valid"][0].sum() == 4 * (4096 - 4)
    assert batch["patch"].min() >= 0 and batch["patch"].max() == 1


def test_unknown_names_are_refused(fixture: Dataset) -> None:
    fitted = statistics(fixture)
    with pytest.raises(UnknownNameError, match="quantile"):
        read_batch(fixture, np.array([0]), {"patch": "sharpen"}, fitted)
    with pytest.raises(RunError, match="patch"):
        read_batch(fixture, np.array([0]), INPUTS, replace(fitted, mean={}, std={}))


def test_statistics_survive_json(fixture: Dataset) -> None:
    fitted = statistics(fixture)
    assert Statistics.from_json(fitted.to_json()) == fitted
    for damaged in ({}, {"mean": 1}, {"mean": {"patch": ["x"]}, "std": {}, "countries": [], "regions": []}):
        with pytest.raises(RunError):
            Statistics.from_json(damaged)
