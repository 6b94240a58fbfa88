"""A batch has the shapes its docstring names, and says what is missing."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.tree import open_tree
from sdm.errors import RunError, UnknownNameError
from sdm.formats.typed_json import from_json
from sdm.modalities import ENVIRONMENT, MODALITIES
from sdm.models.preparation import fit_statistics, make_batch, read_batch
from sdm.models.statistics import Statistics
from tests.data import trees_2024
from tests.datasets import DATASETS

CODES = np.array(ENVIRONMENT.coded)

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


def test_gamma_preparation_is_that_of_eight_bit_pictures() -> None:
    dataset = DATASETS["multilabel"]()
    values = np.array([-1.0, 0, 100, 2500, 10_000, 11_900], np.float32)
    patch = np.full((1, 4, 64, 64), np.nan, np.float32)
    patch[0, 0, 0, :6] = values
    batch = make_batch({"patch": patch}, dataset.sites[:1], {"patch": "gamma"}, statistics(dataset))
    levels = 255 * batch["patch"][0, 0, 0, :6]
    # 255 * 0.01^0.4 = 40.41 and 255 * 0.25^0.4 = 146.46
    np.testing.assert_allclose(levels, [0, 0, 40, 146, 255, 255], atol=1e-4)
    assert batch["patch_valid"].sum() == 6 and not batch["patch"][~batch["patch_valid"]].any()


def test_class_codes_are_no_quantities() -> None:
    dataset = DATASETS["multilabel"]()
    rows, inputs = np.array([0, 3]), {"environment": "standardise-numbers"}
    stored = dataset.reader.read("environment", rows)
    batch = read_batch(dataset, rows, inputs, statistics(dataset))
    plain = read_batch(dataset, rows, {"environment": "standardise"}, statistics(dataset))
    assert CODES.sum() == 10
    np.testing.assert_array_equal(batch["environment"][0, CODES], stored[0, CODES])
    np.testing.assert_array_equal(batch["environment"][:, ~CODES], plain["environment"][:, ~CODES])
    assert torch.equal(batch["environment_valid"], plain["environment_valid"])


def test_what_a_data_set_lacks_is_missing() -> None:
    dataset = DATASETS["multilabel"]()
    partial = replace(dataset, modalities=("landsat",))
    batch = read_batch(partial, np.array([0, 1]), INPUTS, statistics(dataset))
    assert not batch["climate_valid"].any() and not batch["climate"].any()
    assert batch["climate"].shape == (2, *MODALITIES["climate"].shape)
    assert batch["landsat_valid"].all()


def test_unknown_names_are_refused(fixture: Dataset) -> None:
    fitted = statistics(fixture)
    with pytest.raises(UnknownNameError, match="quantile"):
        read_batch(fixture, np.array([0]), {"patch": "sharpen"}, fitted)
    with pytest.raises(RunError, match="patch"):
        read_batch(fixture, np.array([0]), INPUTS, replace(fitted, mean={}, std={}))


def test_statistics_survive_json(fixture: Dataset) -> None:
    fitted = statistics(fixture)
    assert from_json(Statistics, asdict(fitted), RunError, "card") == fitted
    for damaged in ({}, {"mean": 1}, {"mean": {"patch": ["x"]}, "std": {}, "countries": [], "regions": []}):
        with pytest.raises(RunError):
            from_json(Statistics, damaged, RunError, "card")


@pytest.mark.parametrize("preparation", MODALITIES["patch"].preparations)
def test_a_band_that_no_survey_has_is_masked(tmp_path: Path, preparation: str) -> None:
    tree = trees_2024.write_tree(tmp_path / "glc24")
    for folder in tree.glob("*_NIR"):
        folder.rename(tmp_path / folder.name)
    data = open_tree(tree)
    rows = np.arange(len(data))
    batch = read_batch(data, rows, {"patch": preparation}, fit_statistics(data, rows, ("patch",)))
    assert batch["patch_valid"][:, :3].all() and not batch["patch_valid"][:, 3].any()
    assert torch.isfinite(batch["patch"]).all() and not batch["patch"][:, 3].any()
