"""Test labels are revealed for measuring, and never read by packing or training."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from sdm.data.open import open_dataset
from sdm.data.store import open_store, pack
from sdm.modalities.layouts import PA_TEST
from sdm.runs.training_options import recipe
from sdm.training import Runtime, train
from sdm.virtual_europe.held_out_labels import has_truth, truth_rows, with_test_labels
from sdm.virtual_europe.truth import open_truth, truth_folder
from tests.datasets import multilabel

_opened: list[str] = []
_watching = False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event == "open":
        _opened.append(str(arguments[0]))


sys.addaudithook(_watch)


@pytest.fixture
def opened():
    """Names of the files opened while the test runs, by any library of this process."""
    global _watching
    _opened.clear()
    _watching = True
    yield _opened
    _watching = False


def test_packing_and_training_never_open_the_truth(tiny_tree: Path, tmp_path: Path, opened: list[str]):
    pack(tiny_tree, tmp_path / "store")
    dataset = open_store(tmp_path / "store")
    for model in ("country-frequency", "landsat-mlp"):
        train(dataset, tmp_path / model, recipe(model, epochs=1), Runtime(device="cpu"))
    assert any("Landsat" in name for name in opened), "the watch sees nothing"
    assert not [name for name in opened if str(truth_folder(tiny_tree)) in name]
    open_truth(tiny_tree)
    assert [name for name in opened if str(truth_folder(tiny_tree)) in name], "the watch would miss the truth"


def test_reveal_gives_the_true_labels_and_nothing_else(tiny_tree: Path):
    hidden = open_dataset(tiny_tree)
    shown, truth = with_test_labels(hidden), open_truth(tiny_tree)
    test = (hidden.sites["source"] == PA_TEST).to_numpy()
    assert not hidden.targets.known[test].any()
    assert shown.targets.known[test].all()
    others = np.flatnonzero(~test)
    assert (hidden.targets.values[others] != shown.targets.values[others]).nnz == 0
    rows, of_truth = truth_rows(shown, truth)
    for row, true_row in zip(rows[:5], of_truth[:5], strict=True):
        recorded = set(shown.targets.class_ids[shown.targets.values[row].indices])
        true = set(truth.species_id[truth.labels[true_row].indices])
        assert recorded == true & set(shown.targets.class_ids)
    assert shown.fingerprint == hidden.fingerprint


def test_data_without_truth_stay_as_they_are():
    alone = multilabel()
    assert not has_truth(alone)
    assert with_test_labels(alone) is alone
