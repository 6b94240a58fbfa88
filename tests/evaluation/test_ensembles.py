"""Ensembles: the mean of their members, a run like any other, and refused where it would mean nothing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.sparse import csr_matrix

from sdm.cli.output import plain
from sdm.data.dataset import Dataset, TargetKind
from sdm.errors import RunError, SdmError
from sdm.evaluation.ensembles import fit_weights, least_log_loss, make_ensemble
from sdm.evaluation.imported_runs import import_run
from sdm.evaluation.run_evaluation import evaluate, remeasure
from sdm.evaluation.run_model import Ensemble, EnsembleMember, model_of, open_model, predict_or_recall
from sdm.evaluation.submissions.check import check_submission
from sdm.inference.loaded_model import Request, load_model
from sdm.models.contract import Network
from sdm.models.preparation import fit_statistics, read_batch
from sdm.models.registry import build
from sdm.runs import Run, find_runs, mismatch
from sdm.runs.records import Calibration
from sdm.runs.training_options import recipe
from sdm.training import Runtime, train
from tests.datasets import DATASETS, multilabel
from tests.evaluation.members import MODELS
from tests.sealed import edit
from tests.submissions import NEAR_AND_FAR, VALIDATION, sets, written

WEIGHTS = (0.5, 0.2, 0.3)


@pytest.fixture
def members(home: Path) -> list[Run]:
    return [Run.open(home / name) for name in MODELS]


@pytest.fixture
def made(home: Path, members: list[Run]) -> Run:
    return make_ensemble(home / "all", members, WEIGHTS, multilabel())


def mean(runs: list[Run], rows: np.ndarray) -> np.ndarray:
    each = [predict_or_recall(run, multilabel(), rows).probabilities for run in runs]
    return sum(w * p for w, p in zip(WEIGHTS, each, strict=True))  # type: ignore[return-value]


def test_it_is_the_mean_of_its_members_and_a_run_like_any_other(members: list[Run], made: Run, home: Path) -> None:
    data = multilabel()
    for split in ("validation", "test_near"):
        rows = data.rows(split)
        found = predict_or_recall(made, data, rows)
        np.testing.assert_allclose(found.probabilities, mean(members, rows), atol=1e-6)
        stored = made.predictions(split).rows(np.arange(len(rows)))
        np.testing.assert_allclose(stored, found.probabilities, atol=5e-4)
        assert plain({"": made.card.scores[split]}) == plain({"": evaluate(made, data, split)})
    assert made in find_runs(home)[0]
    assert mismatch(made, data) is None
    assert "needs landsat" in str(mismatch(made, replace(data, modalities=("patch",))))
    assert made.card.title == "Ensemble of 3 runs"
    assert made.card.parameters == sum(run.card.parameters or 0 for run in members)
    assert made.has_seen("PA-train", 100)
    assert made.history().empty
    assert plain(remeasure(made, data, ["test_far"]).card.scores) == plain(made.card.scores)


def test_its_spread_is_the_deviation_of_its_members_by_their_weights(members: list[Run], made: Run) -> None:
    data = multilabel()
    rows = data.rows("test_near")
    model = model_of(made.path, made.card)
    assert isinstance(model, Ensemble)
    found = model.spread(read_batch(data, rows, model.inputs, made.card.statistics, targets=False))
    each = np.stack([predict_or_recall(run, data, rows).probabilities for run in members])
    around = (each - np.average(each, axis=0, weights=WEIGHTS)) ** 2
    np.testing.assert_allclose(found, np.sqrt(np.average(around, axis=0, weights=WEIGHTS)), atol=1e-5)


def test_the_service_gets_the_same_from_raw_arrays(made: Run) -> None:
    data = multilabel()
    row = int(data.rows("test_far")[0])
    site = data.sites.iloc[row].to_dict()
    request = Request(site, {"landsat": data.reader.read("landsat", np.array([row]))[0]})
    found = load_model(made.path).predict([request], torch.device("cpu"))
    expected = predict_or_recall(made, data, np.array([row])).probabilities
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_calibrated_member_speaks_calibrated(home: Path, members: list[Run]) -> None:
    card = replace(members[0].card, calibration=Calibration("temperature", 3.0))
    card.write(home / "mlp" / "card.json")
    runs = [Run.open(home / name) for name in MODELS]
    made = make_ensemble(home / "all", runs, WEIGHTS, multilabel())
    rows = multilabel().rows("test_near")
    found = predict_or_recall(made, multilabel(), rows).probabilities
    np.testing.assert_allclose(found, mean(runs, rows), atol=1e-6)
    assert np.abs(found - mean(members, rows)).max() > 1e-3


def test_each_member_prepares_its_own_way() -> None:
    """The same patch quantile-normalised and with gamma, files missing at one survey."""
    torch.manual_seed(0)
    data, rows = multilabel(), np.arange(2, 8)
    parts = []
    for name, weight in (("resnet18-patch", 0.3), ("fusion-convnext-atto", 0.7)):
        network = build(name, TargetKind.MULTILABEL, data.targets.width)
        assert isinstance(network, Network)
        statistics = fit_statistics(data, np.arange(12), tuple(network.inputs))
        parts.append(EnsembleMember(network.eval(), statistics, weight))
    assert len({part.model.inputs["patch"] for part in parts}) == 2
    ensemble = Ensemble(parts)
    assert set(ensemble.inputs) == {name for part in parts for name in part.model.inputs}
    expected = sum(v.weight * v.model.predict(read_batch(data, rows, v.model.inputs, v.statistics)) for v in parts)
    batch = read_batch(data, rows, ensemble.inputs, parts[0].statistics)
    np.testing.assert_allclose(ensemble.predict(batch), expected, atol=1e-6)


@pytest.mark.parametrize("kind", ["multiclass", "regression"])
def test_every_kind_of_target(tmp_path: Path, kind: str) -> None:
    data = DATASETS[kind]()
    names = ("country-frequency", "nearest-surveys")
    runs = [train(data, tmp_path / name, recipe(name), Runtime("cpu")) for name in names]
    made = make_ensemble(tmp_path / "both", runs, [0.5, 0.5], data)
    assert made.card.decoder is None
    assert made.card.scores["validation"].keys() == runs[0].card.scores["validation"].keys()
    with pytest.raises(RunError, match="sets of species"):
        fit_weights(runs, data)


def test_the_fitted_weights_are_the_best() -> None:
    random = np.random.default_rng(0)
    true = random.beta(0.3, 2, (300, 40))
    truth = csr_matrix(random.random(true.shape) < true)
    other = random.beta(0.3, 2, true.shape)
    found = least_log_loss(truth, [0.6 * true + 0.4 * other, other, true])
    assert found.sum() == pytest.approx(1, abs=1e-9)
    assert found[2] > 0.9

    def loss(weights: np.ndarray) -> float:
        p = (weights[0] * (0.6 * true + 0.4 * other) + weights[1] * other + weights[2] * true).clip(1e-7, 1 - 1e-7)
        return -float(np.log(np.where(truth.toarray(), p, 1 - p)).mean())

    assert loss(found) <= min(loss(w) for w in random.dirichlet(np.ones(3), 200)) + 1e-6


def test_what_makes_no_mean_is_refused(home: Path, members: list[Run], made: Run, tmp_path: Path) -> None:
    data, out = multilabel(), home / "new"

    def refused(runs: list[Run], weights: list[float], match: str, of: Dataset = data) -> None:
        with pytest.raises(RunError, match=match):
            make_ensemble(out, runs, weights, of)
        assert not out.exists()

    refused(members, [0.5, 0.2, 0.2], r"no shares; expected a sum of 1; got 0\.9")
    refused(members, [1.2, -0.1, -0.1], "below 0")
    refused(members, [0.5, 0.5], "3 weights")
    refused(members, [float("nan"), 0.5, 0.5], "without a weight")
    refused(members[:1], [1], "two runs or more")
    refused([members[0], members[0]], [0.5, 0.5], "each once")
    refused([made, members[0]], [0.5, 0.5], "of ensembles")
    refused(members, [*WEIGHTS], "trained on other data", replace(data, fingerprint="another"))
    shutil.copytree(home / "mlp", tmp_path / "elsewhere")
    refused([Run.open(tmp_path / "elsewhere"), members[1]], [0.5, 0.5], "lies beside it")
    fewer = data.targets.classes.iloc[::-1].reset_index(drop=True)
    refused(members, [*WEIGHTS], "classes", replace(data, targets=replace(data.targets, classes=fewer)))
    with pytest.raises(RunError, match="already"):
        make_ensemble(home / "all", members, WEIGHTS, data)
    single = train(data, home / "random", recipe("country-frequency", scheme="random"), Runtime("cpu"))
    refused([members[0], single], [0.5, 0.5], "saw the data differently")


def test_members_must_stay_as_they_were(home: Path, made: Run) -> None:
    data = multilabel()
    path = home / "mlp"
    card = Run.open(path).card
    replace(card, decoder="top-k:3").write(path / "card.json")
    open_model(made)  # how a member is decoded does not matter
    replace(card, calibration=Calibration("temperature", 2.0)).write(path / "card.json")
    with pytest.raises(RunError, match="has changed"):
        open_model(made)
    card.write(path / "card.json")
    weights = path / "weights.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1] + b"x")
    with pytest.raises(RunError, match="weights are damaged"):
        evaluate(made, data, "test_near")
    weights.write_bytes(whole)
    path.rename(home.parent / "mlp")
    with pytest.raises(RunError, match="member of the ensemble is missing"):
        open_model(made)
    path.symlink_to(home.parent / "mlp")
    with pytest.raises(RunError, match="member of the ensemble is missing"):
        open_model(made)
    assert made.card.scores["validation"]  # what is stored stays readable


@pytest.mark.parametrize("name", ["../mlp", "/etc", "..", ".", "a/b", ""])
def test_a_card_leads_to_no_other_folder(made: Run, name: str) -> None:
    edit(made.path / "card.json", lambda card: card["members"][0].update(run=name))
    with pytest.raises(SdmError, match="plain names"):
        open_model(Run.open(made.path))


def test_an_ensemble_in_an_ensembles_place_is_refused(home: Path, made: Run) -> None:
    """Nor can it be its own member."""
    itself = {"run": "all", "weight": 1.0, "digest": made.card.digest, "parameters": 1}
    edit(made.path / "card.json", lambda card: card.update(members=[itself]))
    with pytest.raises(RunError, match="has changed"):
        open_model(Run.open(home / "all"))


def test_with_stored_predictions_alone_it_recalls(home: Path, members: list[Run], tmp_path: Path) -> None:
    data = multilabel()
    path = written(tmp_path, "surveyId,42,3\n" + "".join(f"{s},0.25,0.75\n" for s in NEAR_AND_FAR))
    entry = import_run(path, home / "entry", data, check_submission(path, data))
    made = make_ensemble(home / "mixed", [members[0], entry], [0.6, 0.4], data)
    assert not made.card.predicts
    assert made.splits() == ("test_far", "test_near")
    rows = data.rows("test_near")
    each = [predict_or_recall(run, data, rows).probabilities for run in (members[0], entry)]
    np.testing.assert_allclose(
        predict_or_recall(made, data, rows).probabilities, 0.6 * each[0] + 0.4 * each[1], atol=5e-4
    )
    with pytest.raises(RunError, match="cannot predict"):
        open_model(made)
    path = written(tmp_path, "surveyId,42,3\n" + "".join(f"{s},0.25,0.75\n" for s in VALIDATION))
    other = import_run(path, home / "other", data, check_submission(path, data))
    with pytest.raises(RunError, match="no split in common"):
        make_ensemble(home / "none", [entry, other], [0.5, 0.5], data)
    path = written(tmp_path, sets(NEAR_AND_FAR))
    certain = import_run(path, home / "certain", data, check_submission(path, data))
    with pytest.raises(RunError, match="no probabilities"):
        make_ensemble(home / "none", [entry, certain], [0.5, 0.5], data)
    assert not (home / "none").exists()
