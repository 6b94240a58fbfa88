"""What a run folder tells: fit, scores, predictions, logs, how to make it again."""

from __future__ import annotations

import dataclasses
import shlex
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from sdm.data.dataset import TargetKind
from sdm.errors import RunError, UnknownNameError
from sdm.evaluation.metrics import class_scores
from sdm.evaluation.run_model import open_model
from sdm.files import PROJECT, read_json
from sdm.formats.sealed_json import DIGEST
from sdm.runs import DataSource, Run, RunConfig, TrainingOptions, mismatch, require_match
from sdm.runs.card import ModelCard
from sdm.runs.folder import predictions_path
from sdm.runs.log import append_row, cut_log, read_log
from sdm.runs.predictions import Predictions, pack
from sdm.runs.training_options import OPTIONS, recipe
from tests.datasets import DATASETS, multilabel, renamed
from tests.sealed import edit


def test_fits_says_why_not(network_run: Run) -> None:
    dataset = multilabel()
    assert mismatch(network_run, dataset) is None
    classes = dataset.targets.classes.iloc[::-1].reset_index(drop=True)
    reordered = dataclasses.replace(dataset, targets=dataclasses.replace(dataset.targets, classes=classes))
    assert "7 classes; fixture-multilabel has 7, of which 7 are the same" in str(mismatch(network_run, reordered))
    assert "needs landsat" in str(mismatch(network_run, dataclasses.replace(dataset, modalities=("patch",))))
    assert "multilabel targets" in str(mismatch(network_run, DATASETS["regression"]()))
    single = DATASETS["multiclass"]()
    card = dataclasses.replace(
        network_run.card, kind=TargetKind.MULTICLASS, class_ids=tuple(single.targets.class_ids.tolist()),
        class_names=tuple(single.targets.classes["name"]),
    )  # fmt: skip
    of_single = dataclasses.replace(network_run)
    vars(of_single)["card"] = card
    assert mismatch(of_single, single) is None
    assert "are called oak" in str(mismatch(of_single, renamed(single, ["oak", "ash", "elm", "yew"])))
    with pytest.raises(RunError, match="Train a model on fixture-multiclass"):
        require_match(network_run, DATASETS["multiclass"]())


def test_the_card_survives_json(run: Run) -> None:
    run.card.write(run.path / "again.json")
    assert ModelCard.read(run.path / "again.json") == run.card
    undefined = run.card.scores["test_near"]["auc"]
    assert np.isnan(undefined.value)
    assert undefined.defined == 0


def test_half_precision_keeps_vectors_and_halves_the_file(network_run: Run) -> None:
    from safetensors.torch import load_file

    tensors = load_file(network_run.path / "weights.safetensors")
    assert {str(value.dtype) for name, value in tensors.items() if value.ndim > 1} == {"torch.float16"}
    assert {str(value.dtype) for name, value in tensors.items() if value.ndim == 1} == {"torch.float32"}
    predictor = open_model(network_run)
    assert {str(p.dtype) for p in predictor.parameters()} == {"torch.float32"}  # type: ignore[attr-defined]


def test_the_command_gives_the_settings_again() -> None:
    """What the recipe says, and what differs from it, is in the command, by options the command line has."""
    config = recipe("resnet18-patch", epochs=3, augment=False, loss="weighted-bce", seed=7, model_config={})
    data = DataSource("virtual-europe-demo", "Virtual Europe", "f", simulated=True)
    words = shlex.split(RunConfig(config, data).command())
    assert words[:7] == ["python", "-m", "sdm", "train", "resnet18-patch", "--data", "virtual-europe-demo"]
    assert words[7:] == shlex.split(f"--epochs 3 --lr {config.lr} --loss weighted-bce --no-augment --seed 7")
    assert set(OPTIONS) < {field.name for field in dataclasses.fields(TrainingOptions)}
    changed = RunConfig(
        TrainingOptions("landsat-lstm", {"hidden": 8}, initial_weights="r.safetensors sha256:1"), data
    )
    assert '{"hidden": 8}' in shlex.split(changed.command())
    assert "r.safetensors" in shlex.split(changed.command())
    assert RunConfig(config, data).differences(changed)[0] == "model: 'resnet18-patch', 'landsat-lstm'"


def test_config_refuses_unknown_keys(network_run: Run) -> None:
    path = network_run.path / "config.json"
    edit(path, lambda config: config["training"].update(learning_rate=1))
    with pytest.raises(RunError, match=r"unknown keys.*training\.learning_rate"):
        Run.open(network_run.path)
    with pytest.raises(ValueError, match="less than 1"):
        TrainingOptions("landsat-mlp", warmup=1.5)


def test_stored_predictions_are_those_of_the_stored_weights(network_run: Run) -> None:
    stored = network_run.predictions("validation")
    dataset = multilabel()
    from sdm.evaluation.run_model import predict_with

    rows = dataset.rows("validation")
    found = predict_with(open_model(network_run), network_run.card.statistics, dataset, rows)
    np.testing.assert_allclose(stored.rows(np.arange(3)), found.probabilities, atol=5e-4)
    assert stored.row_of("PA-train", 113) == 1
    assert stored.row_of("PA-test", 113) is None
    assert stored.scores is not None
    assert stored.scores.auc.shape == (7,)
    with pytest.raises(UnknownNameError, match="test_far, test_near, validation"):
        network_run.predictions("train")
    with pytest.raises(RunError, match="no name for a file"):
        predictions_path(network_run.path, "../up")


@pytest.fixture
def many() -> tuple[np.ndarray, csr_matrix]:
    """Probabilities of 300 surveys and 600 species, and their truth."""
    random = np.random.default_rng(0)
    probability = (random.random((300, 600)) ** 6).astype(np.float32)
    return probability, csr_matrix(random.random((300, 600)) < probability)


def test_large_predictions_keep_tops_tail_and_every_true_species(
    many: tuple[np.ndarray, csr_matrix], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probability, truth = many
    monkeypatch.setattr("sdm.runs.predictions.MOST_DENSE", 1000)
    scores = class_scores(truth, probability)
    ids = np.arange(300)
    pack(np.full(300, "PA"), ids, probability, truth, scores).write(tmp_path / "p.npz")
    stored = Predictions.read(tmp_path / "p.npz")
    assert stored.dense is None
    back = stored.rows(ids)
    order = np.argsort(-probability, axis=1)
    top = np.take_along_axis(probability, order[:, :256], axis=1)
    np.testing.assert_allclose(np.take_along_axis(back, order[:, :256], axis=1), top, atol=5e-4)
    there = truth.tocoo()
    np.testing.assert_allclose(back[there.row, there.col], probability[there.row, there.col], atol=5e-4)
    assert stored.tops is not None
    np.testing.assert_allclose(stored.tops.tail, np.sort(probability, axis=1)[:, :-256].sum(axis=1), rtol=1e-3)
    assert stored.scores is not None
    np.testing.assert_array_equal(stored.scores.auc, scores.auc)
    np.testing.assert_array_equal(stored.rows(ids[[7, 3]]), back[[7, 3]])


def test_predictions_whose_arrays_disagree(many: tuple[np.ndarray, csr_matrix], tmp_path: Path) -> None:
    probability, truth = many
    good = pack(np.full(300, "PA"), np.arange(300), probability, truth, None)
    for change in (
        {"survey_id": np.arange(299)},
        {"width": 599},
        {"dense": np.full((300, 600), np.nan, np.float16)},
        {"source": np.full(2, "PA")},
    ):
        dataclasses.replace(good, **change).write(tmp_path / "p.npz")
        with pytest.raises(RunError, match="disagree"):
            Predictions.read(tmp_path / "p.npz")


def test_logs_grow_are_cut_and_forgive_a_line_being_written(tmp_path: Path) -> None:
    path = tmp_path / "batches.csv"
    assert read_log(path).empty
    for step in (1, 2, 3):
        append_row(path, {"step": step, "loss": step / 2})
    with path.open("a") as file:
        file.write("4,1.")
    assert read_log(path)["step"].tolist() == [1, 2, 3]
    cut_log(path, 2)
    append_row(path, {"step": 3, "loss": 9})
    assert read_log(path)["loss"].tolist() == [0.5, 1, 9]
    path.write_text("a,b\n1,2\n")
    with pytest.raises(RunError, match="not a log of steps"):
        cut_log(path, 2)


@pytest.mark.parametrize("begun", ["", "step,lo"])
def test_a_log_killed_at_its_birth_is_begun_anew(tmp_path: Path, begun: str) -> None:
    path = tmp_path / "batches.csv"
    path.write_text(begun)
    cut_log(path, 0)
    append_row(path, {"step": 1, "loss": 2})
    assert read_log(path)["loss"].tolist() == [2]


def test_what_is_shipped_is_sealed() -> None:
    files = [path for name in ("card.json", "config.json") for path in (PROJECT / "checkpoints").glob(f"*/{name}")]
    assert files
    assert not [path for path in files if DIGEST not in read_json(path)]
