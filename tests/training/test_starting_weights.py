"""A training that starts from a run takes over its weights, its statistics, and the head by class id."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from sdm.data.dataset import Dataset, TargetKind
from sdm.errors import RunError, TrainingError
from sdm.models.registry import build
from sdm.runs import Run
from sdm.runs.weights import read_tensors
from sdm.training import train
from sdm.training.starting_weights import require_unseen, start_from
from tests.datasets import multilabel
from tests.training.small import CPU, SMALL, small


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return train(
        multilabel(), tmp_path_factory.mktemp("runs") / "first", small("landsat-mlp", weights="float32"), CPU
    )


def with_ids(ids: list[int]) -> Dataset:
    data = multilabel()
    return replace(data, targets=replace(data.targets, classes=data.targets.classes.assign(class_id=ids)))


def network(width: int = 7, kind: TargetKind = TargetKind.MULTILABEL, model: str = "landsat-mlp"):
    torch.manual_seed(5)
    return build(model, kind, width, SMALL.get(model))


def test_equal_classes_give_an_equal_network(run: Run) -> None:
    made = network()
    start = start_from(run, made, run.card.class_ids)
    stored = read_tensors(run.path / "weights.safetensors")
    assert start.statistics == run.card.statistics
    assert "all 7 classes" in start.note and start.name.startswith("run first digest:")
    for name, value in made.state_dict().items():
        torch.testing.assert_close(value, stored[name])


def test_the_head_goes_by_class_id(run: Run) -> None:
    made, fresh = network(4), network(4).head.weight.detach().clone()
    note = start_from(run, made, [42, 9, 3, 11254]).note
    stored = read_tensors(run.path / "weights.safetensors")["head.weight"]
    theirs = list(run.card.class_ids)
    for row, name in ((0, 42), (2, 3), (3, 11254)):
        torch.testing.assert_close(made.head.weight[row], stored[theirs.index(name)])
    torch.testing.assert_close(made.head.weight[1], fresh[1])
    assert "the head of 3 of 4 classes, by id" in note


@pytest.mark.parametrize(
    ("made", "ids", "says"),
    [
        ((3, TargetKind.MULTILABEL), [1, 2, 4], "no class is the same"),
        ((7, TargetKind.GRADED), [3, 10, 11, 42, 700, 5000, 11254], "multilabel targets there, graded ones here"),
        ((7, TargetKind.MULTICLASS), [3, 10, 11, 42, 700, 5000, 11254], "multiclass ones here"),
    ],
)
def test_another_label_space_leaves_the_head_random(
    run: Run, made: tuple[int, TargetKind], ids: list[int], says: str
) -> None:
    model, before = network(*made), network(*made).head.weight.detach().clone()
    assert says in start_from(run, model, ids).note
    torch.testing.assert_close(model.head.weight, before)
    stored = read_tensors(run.path / "weights.safetensors")
    torch.testing.assert_close(model.state_dict()["body.2.weight"], stored["body.2.weight"])


def test_grades_start_from_grades(tmp_path: Path) -> None:
    graded = train(
        multilabel(), tmp_path / "graded", small("landsat-mlp", target="graded", weights="float32"), CPU
    )
    made = network(7, TargetKind.GRADED)
    ids = list(reversed(graded.card.class_ids))
    start_from(graded, made, ids)
    stored = read_tensors(graded.path / "weights.safetensors")["head.bias"].reshape(7, 5)
    torch.testing.assert_close(made.head.bias.detach().reshape(7, 5), stored.flip(0))


def test_other_networks_and_runs_without_weights_are_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="a run of another network"):
        start_from(run, network(model="landsat-cnn"), run.card.class_ids)
    counts = train(multilabel(), tmp_path / "counts", small("country-frequency"), CPU)
    with pytest.raises(RunError, match="without weights to start from"):
        start_from(counts, network(), run.card.class_ids)
    with pytest.raises(TrainingError, match="starts from no weights"):
        train(multilabel(), tmp_path / "other", small("country-frequency"), CPU, start=run.path)


def test_a_run_that_has_learnt_what_is_held_back_is_refused(run: Run) -> None:
    data = multilabel()
    require_unseen(run, data, "block")
    other = np.where(data.sites["survey_id"] == 102, "validation", data.sites["split_random"])
    moved = replace(data, sites=data.sites.assign(split_random=other))
    with pytest.raises(TrainingError, match="held back; expected scheme random; got 1 survey under scheme block"):
        require_unseen(run, moved, "random")
    require_unseen(run, replace(moved, fingerprint="another"), "random")


def test_a_started_training_goes_on_from_where_the_run_was(run: Run, tmp_path: Path) -> None:
    options = small("landsat-mlp", epochs=1, lr=1e-12, weights="float32")
    again = train(multilabel(), tmp_path / "again", options, CPU, start=run.path)
    ours, theirs = (read_tensors(one.path / "weights.safetensors") for one in (again, run))
    for name, value in theirs.items():
        torch.testing.assert_close(ours[name], value, atol=1e-5, rtol=0)
    assert again.card.initial_weights.startswith("run first digest:")
    assert "--from first" in again.card.reproduce
    with_other = train(with_ids([3, 10, 11, 42, 700, 5000, 6]), tmp_path / "more", options, CPU, start=run.path)
    assert with_other.finished
