"""A packed store gives back what was packed, and goes on after a kill."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import issparse

from sdm.data.dataset import ArrayReader, Dataset
from sdm.data.open import open_dataset
from sdm.data.store import default_store, list_tree, open_store, pack, write_store
from sdm.data.store import write as writing
from sdm.data.tree import open_tree
from sdm.errors import DataError
from sdm.files import write_json
from tests.data import trees
from tests.datasets import DATASETS

ROOT = Path(__file__).resolve().parents[2]


def in_a_process(work: Callable[[], object]) -> int:
    """The exit status of a process of its own that does `work`."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        work()
        status = 0
    finally:  # nothing of pytest may run here
        os._exit(status)


def assert_same(packed: Dataset, original: Dataset) -> None:
    pd.testing.assert_frame_equal(packed.sites, original.sites)
    pd.testing.assert_frame_equal(packed.targets.classes, original.targets.classes)
    np.testing.assert_array_equal(packed.targets.known, original.targets.known)
    one, other = packed.targets.values, original.targets.values
    assert issparse(one) == issparse(other)
    np.testing.assert_array_equal(*(v.toarray() if issparse(v) else v for v in (one, other)))
    for field in ("name", "title", "modalities", "fingerprint", "simulated", "world_version"):
        assert getattr(packed, field) == getattr(original, field)
    assert packed.targets.hierarchy == original.targets.hierarchy
    assert packed.targets.unit == original.targets.unit
    rows = np.random.default_rng(0).integers(0, len(original), 3 * len(original))
    for modality in original.modalities:
        np.testing.assert_array_equal(packed.reader.available(modality), original.reader.available(modality))
        np.testing.assert_array_equal(packed.reader.read(modality, rows), original.reader.read(modality, rows))


@pytest.mark.usefixtures("small_shards")
@pytest.mark.parametrize("kind", DATASETS)
def test_any_data_set_comes_back(kind: str, tmp_path: Path) -> None:
    original = DATASETS[kind]()
    write_store(original, tmp_path / "store")
    assert_same(open_store(tmp_path / "store"), original)


@pytest.mark.usefixtures("small_shards")
def test_a_tree_comes_back(tree: Path, dataset: Dataset, tmp_path: Path) -> None:
    packed = pack(tree, tmp_path / "store")
    assert packed.written and not packed.skipped
    store = open_store(packed.place)
    assert_same(store, dataset)
    assert store.reader.read("patch", np.arange(3)).dtype == np.float32
    assert np.load(packed.place / "patch-0000.npy", mmap_mode="r").dtype == np.int16
    assert store.place == tree.resolve()


def test_nothing_to_do_the_second_time(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = pack(tree, tmp_path / "store").place
    before = {path: path.stat().st_mtime_ns for path in place.iterdir()}
    monkeypatch.setattr(writing, "open_tree", None)
    (tmp_path / ".part-0123456789abcdef" / "old").mkdir(parents=True)  # of a pack that was killed at its very end
    assert not pack(tree, place).written
    assert {path: path.stat().st_mtime_ns for path in place.iterdir()} == before
    assert not [*tmp_path.glob(".part-*")]


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: trees.write_cube(trees.landsat_path(tree, "PA-train", 9999), trees.landsat(5)),
        lambda tree: (tree / "species.csv").unlink(),
        lambda tree: (tree / "EnvironmentalValues/Elevation/GLC25-PA-test-elevation.csv").unlink(),
        lambda tree: (tree / "GLC25_PA_metadata_test.csv").unlink(),
    ],
    ids=["cube added", "species gone", "elevation gone", "test table gone"],
)
def test_a_changed_tree_is_packed_again(own_tree: Path, tmp_path: Path, change: Callable[[Path], object]) -> None:
    place = pack(own_tree, tmp_path / "store").place
    change(own_tree)
    assert pack(own_tree, place).written
    assert_same(open_store(place), open_tree(own_tree))
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
@pytest.mark.usefixtures("small_shards")
def test_a_killed_pack_goes_on(own_tree: Path, tmp_path: Path) -> None:
    def kill(done: int, _total: int, modality: str) -> None:
        if modality == "patch" and done > 6:
            os._exit(9)

    assert in_a_process(lambda: pack(own_tree, tmp_path / "store", kill)) == 9
    assert not (tmp_path / "store").exists()
    building = tmp_path / ".store.building"
    done = {path.name: path.stat().st_mtime_ns for path in building.glob("patch-*.npy")}
    assert len(done) >= 2
    place = pack(own_tree, tmp_path / "store").place
    assert {name: (place / name).stat().st_mtime_ns for name in done} == done, "finished shards are kept"
    assert_same(open_store(place), open_tree(own_tree))


@pytest.mark.usefixtures("small_shards")
def test_an_interrupted_pack_of_another_state_starts_afresh(own_tree: Path, tmp_path: Path) -> None:
    def stop(done: int, _total: int, modality: str) -> None:
        if modality == "landsat" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pack(own_tree, tmp_path / "store", stop)
    path = own_tree / "SatelitePatches/PA-train/1/1.tiff"
    trees.write_patch(path, trees.patch(12345), 10.033, 57.121)
    place = pack(own_tree, tmp_path / "store").place
    assert_same(open_store(place), open_tree(own_tree))


def test_something_else_is_never_overwritten(dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(DataError, match="something else"):
        write_store(dataset, tmp_path)
    with pytest.raises(DataError, match="something else"):
        write_store(dataset, tmp_path / "thesis.txt")
    assert (tmp_path / "thesis.txt").read_text() == "precious"


def test_what_is_written_beside_stays(dataset: Dataset, tmp_path: Path) -> None:
    write_store(dataset, tmp_path / "store", beside=lambda folder: write_json(folder / "of-mine.json", {}))
    assert (tmp_path / "store" / "of-mine.json").exists()
    assert not (tmp_path / "store" / "notes").exists()


def test_two_packs_at_once_are_refused(dataset: Dataset, tmp_path: Path) -> None:
    def again(_modality: str, _done: int, _total: int) -> None:
        write_store(dataset, tmp_path / "store")

    with pytest.raises(DataError, match="another process"):
        write_store(dataset, tmp_path / "store", again)


@pytest.mark.parametrize("value", [0.5, 40_000.0, np.inf, -1.0])
def test_values_the_stored_type_cannot_hold(tmp_path: Path, value: float) -> None:
    fixture = DATASETS["multilabel"]("patch")
    patches = fixture.reader.read("patch", np.arange(len(fixture)))
    patches[0, 0, 0, 0] = value
    with pytest.raises(DataError, match="int16"):
        write_store(replace(fixture, reader=ArrayReader({"patch": patches})), tmp_path / "store")


def test_default_places_differ(tmp_path: Path) -> None:
    one, other = default_store(tmp_path / "a" / "glc 25"), default_store(tmp_path / "b" / "glc 25")
    assert one != other
    assert one.name.startswith("glc-25-") and one.parent == ROOT / "data" / "stores"
    assert default_store(tmp_path / "a" / ".." / "a" / "glc 25") == one


def test_one_door(own_tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "stores" / "own"
    monkeypatch.setattr("sdm.data.open.default_store", lambda _: store)
    assert type(open_dataset(own_tree).reader).__name__ == "TreeReader"
    pack(own_tree, store)
    through = open_dataset(own_tree)
    assert type(through.reader).__name__ == "StoreReader" and through.place == own_tree
    assert_same(open_dataset(store), open_tree(own_tree))
    (own_tree / "species.csv").unlink()
    assert type(open_dataset(own_tree).reader).__name__ == "TreeReader", "a stale store is not used"
    (tmp_path / "empty").mkdir()
    for nothing in (tmp_path / "none", tmp_path / "empty", own_tree / "GLC25_PA_metadata_train.csv"):
        with pytest.raises(DataError):
            open_dataset(nothing)


def test_hidden_files_and_other_folders_do_not_count(own_tree: Path) -> None:
    before = list_tree(own_tree)
    (own_tree / "notes.txt").write_text("x")
    (own_tree / "SatelitePatches/PA-train/.DS_Store").write_text("x")
    assert list_tree(own_tree) == before


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
def test_packing_opens_nothing_of_the_truth(own_tree: Path, tmp_path: Path) -> None:
    truth = tmp_path / "own-truth" / "labels.csv"
    truth.parent.mkdir()
    truth.write_text("surveyId,speciesId\n2,10\n")

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in ("open", "os.scandir", "os.listdir") and "own-truth" in str(arguments[0]):
            os._exit(3)

    def work() -> None:
        sys.addaudithook(hook)
        pack(own_tree, tmp_path / "store")
        truth.read_text()

    assert in_a_process(work) == 3, "the hook sees what is opened"
    assert (tmp_path / "store" / "manifest.json").exists(), "and it saw nothing before the store was whole"
