"""Models of presence-only records: a species whose bias is known, awkward cases, and what is stored."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset
from sdm.data.record_types import BACKGROUND, PLOTS
from sdm.errors import RunError, TrainingError
from sdm.models.poisson import normalised_poisson
from sdm.models.preparation import coded_channels
from sdm.models.presence_only.background import species_groups
from sdm.models.registry import build
from sdm.occurrences.build import build_dataset
from sdm.occurrences.options import ImportOptions
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from tests.models.presence_only.fitting import QUICK, batch_of, fitted
from tests.occurrences.tables import EFFORT, OPTIMA, log_intensity, tables

WITHOUT_ELAPID = ("poisson-ensemble", "balanced-forest", "presence-blend")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Records where the road is, of species that do not care for it."""
    files = tables(1500, seed=1).write(tmp_path_factory.mktemp("tables"))
    return build_dataset(files, "biased", ImportOptions(categories=("soil",)))[0]


def slopes(name: str, data: Dataset, background: str) -> tuple[np.ndarray, np.ndarray]:
    """Per species of the larger group: the slope of the log intensity along the road, and its correlation with the
    truth, at background sites."""
    model, statistics = fitted(name, data, background=background)
    batch, rows = batch_of(data, model, statistics, BACKGROUND)
    wet, road, _ = data.reader.read(data.modalities[0], rows).T
    said, truth = model.log_intensity(batch), log_intensity(wet)
    columns = np.column_stack([np.ones(len(road)), road, truth[:, 0] * 0])
    slope = np.array([
        np.linalg.lstsq(np.column_stack([columns[:, :2], truth[:, s]]), said[:, s], rcond=None)[0][1]
        for s in range(len(OPTIMA))
    ])  # fmt: skip
    return slope, np.array([np.corrcoef(said[:, s], truth[:, s])[0, 1] for s in range(len(OPTIMA))])


def test_the_target_group_takes_the_bias_out_and_a_random_background_does_not(data: Dataset) -> None:
    """Effort rises e³ times along the road, which no species cares for."""
    learnt, right = slopes("poisson-ensemble", data, "target-group")
    biased, wrong = slopes("poisson-ensemble", data, "random")
    assert abs(np.median(learnt)) < 0.15 * EFFORT
    assert 0.7 * EFFORT < np.median(biased) < 1.3 * EFFORT
    assert np.median(right) > 0.85 > 0.65 > np.median(wrong)


@pytest.mark.parametrize("name", QUICK)
def test_every_model_finds_the_niche(name: str, data: Dataset) -> None:
    if name == "maxent":
        pytest.importorskip("elapid")
    _, right = slopes(name, data, "target-group")
    assert np.median(right) > 0.75


@pytest.mark.parametrize("name", QUICK)
def test_what_is_stored_predicts_the_same(name: str, data: Dataset) -> None:
    if name == "maxent":
        pytest.importorskip("elapid")
    model, statistics = fitted(name, data)
    batch, _ = batch_of(data, model, statistics, PLOTS)
    config = {"modality": data.modalities[0], **QUICK[name]}
    again = build(name, data.targets.kind, data.targets.width, config)
    again.restore(model.table())  # type: ignore[attr-defined]
    torch.testing.assert_close(again.predict(batch), model.predict(batch))
    assert all(array.dtype != object for array in model.table().values())
    narrow = build(name, data.targets.kind, 3, config)
    with pytest.raises(RunError, match="does not fit"):
        narrow.restore(model.table())  # type: ignore[attr-defined]


def test_the_seed_decides(data: Dataset) -> None:
    (one, statistics), (two, _), (other, _) = (
        fitted("presence-blend", data, seed, networks=2, epochs=1, trees=3) for seed in (0, 0, 1)
    )
    batch, _ = batch_of(data, one, statistics, PLOTS)
    assert torch.equal(one.predict(batch), two.predict(batch))
    assert not torch.equal(one.predict(batch), other.predict(batch))


def test_maxent_predicts_as_elapid(data: Dataset) -> None:
    elapid = pytest.importorskip("elapid")
    model, statistics = fitted("maxent", data)
    batch, _ = batch_of(data, model, statistics, PLOTS)
    train_batch, rows = batch_of(data, model, statistics, "records")
    coded = coded_channels(data.modalities[0]).ravel()
    everywhere, here = (b[data.modalities[0]].numpy().astype(float) for b in (train_batch, batch))
    order = np.argsort(coded, kind="stable")
    present = data.targets.values[rows][:, [2]].toarray().ravel() > 0
    group = np.asarray(data.targets.values[rows][:, :-1].sum(axis=1)).ravel() > 0
    sites = np.concatenate([everywhere[present], everywhere[group]])[:, order]
    own = elapid.MaxentModel(transform="raw", use_sklearn=True, random_state=0,
                             feature_types=["linear", "product", "hinge"])  # fmt: skip
    own.fit(sites, np.repeat([1, 0], [present.sum(), group.sum()]), categorical=[2])
    expected = np.log(own.predict(here[:, order]))
    difference = model.log_intensity(batch)[:, 2] - expected
    np.testing.assert_allclose(difference, difference.mean(), atol=2e-3)


def test_without_elapid_the_remedy_is_named(data: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "elapid", None)
    with pytest.raises(TrainingError, match="requirements-maxent"):
        fitted("maxent", data)


@pytest.mark.parametrize("name", WITHOUT_ELAPID)
def test_species_without_a_record_and_sites_without_predictors(name: str, data: Dataset) -> None:
    values = csr_matrix(data.targets.values).tolil()
    values[:, 0] = 0
    lacking = replace(data, targets=replace(data.targets, values=values.tocsr()))
    model, statistics = fitted(name, lacking)
    batch, _ = batch_of(lacking, model, statistics, PLOTS)
    batch[data.modalities[0]][0] = 0
    batch[f"{data.modalities[0]}_valid"][0] = False
    out = model.predict(batch)
    assert torch.isfinite(out).all() and out.min() >= 0 and out.max() <= 1
    assert out[:, 0].max() < 0.01 < out[:, 1].max()


def test_a_background_that_is_not_there_is_named(data: Dataset) -> None:
    records = data.take(np.flatnonzero((data.sites["source"] == "records").to_numpy()))
    with pytest.raises(TrainingError, match="--background"):
        fitted("balanced-forest", records, background="random")


def test_groups_of_one_species_are_compared_with_all() -> None:
    groups = species_groups(pd.DataFrame({"group": ["a", "b", "a", "c", "b"]}))
    assert groups[3] not in groups[[0, 1, 2, 4]] and groups[0] == groups[2] != groups[1]
    assert species_groups(pd.DataFrame({"name": ["x", "y"]})).tolist() == [0, 0]


def test_the_loss_is_that_of_a_softmax_over_the_background() -> None:
    logits = torch.tensor([[0.0, 1.0], [2.0, 0.0], [1.0, -1.0]], requires_grad=True)
    labels = torch.tensor([[1.0, 0], [0, 0], [0, 0]])
    counts = torch.tensor([[True, False], [True, False], [False, False]])
    loss = normalised_poisson(logits, labels, counts, torch.ones(2))
    assert loss.item() == pytest.approx(np.log(1 + np.e**2) / 3)
    loss.backward()
    assert logits.grad is not None and torch.isfinite(logits.grad).all()
    assert not logits.grad[2].any() and not logits.grad[:, 1].any()


def test_a_run_of_records_is_trained_and_measured_on_plots(data: Dataset, tmp_path: Path) -> None:
    options = TrainingOptions("poisson-ensemble", model_config=QUICK["poisson-ensemble"])
    run = train(data, tmp_path / "run", options, Runtime(device="cpu"))
    assert run.card.stored_scores["test"]["auc"].value > 0.7
    network = TrainingOptions("predictors-mlp", epochs=3, loss="normalised-poisson")
    assert train(data, tmp_path / "mlp", network, Runtime(device="cpu")).card.inputs == {
        data.modalities[0]: "standardise-numbers"
    }
