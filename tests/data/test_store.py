"""A packed store gives back what was packed, goes on after a kill, and serves no damage."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import issparse

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.data.store import default_store, list_tree, open_store, pack, write_store
from sdm.data.store import write as writing
from sdm.data.store.manifest import read_manifest
from sdm.data.survey import dossier
from sdm.data.tree import open_tree
from sdm.errors import DataError
from sdm.files import write_json
from sdm.formats.sealed_json import write_sealed
from tests.data import trees
from tests.datasets import DATASETS
from tests.sealed import edit

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several shards and blocks even for a few surveys."""
    monkeypatch.setattr(writing, "SHARD_BYTES", 3 * 32768)
    monkeypatch.setattr(writing, "BLOCK_BYTES", 32768)


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


def test_a_killed_pack_goes_on(own_tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = f"""
        import os
        from pathlib import Path
        from sdm.data.store import pack, write
        write.SHARD_BYTES, write.BLOCK_BYTES = {3 * 32768}, 32768
        def kill(done, total, modality):
            if modality == "patch" and done > 6:
                os._exit(9)
        pack(Path({str(own_tree)!r}), Path({str(tmp_path / "store")!r}), kill)
    """
    result = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, check=False)
    assert result.returncode == 9
    assert not (tmp_path / "store").exists()
    building = tmp_path / ".store.building"
    done = {path.name: path.stat().st_mtime_ns for path in building.glob("patch-*.npy")}
    assert len(done) >= 2
    monkeypatch.setattr(writing, "SHARD_BYTES", 3 * 32768)
    monkeypatch.setattr(writing, "BLOCK_BYTES", 32768)
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


def test_damaged_files_are_left_out_and_reported(own_tree: Path, tmp_path: Path) -> None:
    damaged = trees.landsat_path(own_tree, "PA-train", 3256)
    damaged.write_bytes(damaged.read_bytes()[:500])
    packed = pack(own_tree, tmp_path / "store")
    assert [(s.source, s.survey_id, s.modality) for s in packed.skipped] == [("PA-train", 3256, "landsat")]
    assert str(damaged) in packed.skipped[0].reason
    store = open_store(packed.place)
    row = store.row_of(3256, "PA-train")
    assert np.isnan(store.reader.read("landsat", np.array([row]))).all()
    assert not store.reader.available("landsat")[row]
    others = np.flatnonzero(store.reader.available("landsat"))
    assert len(others) == len(trees.with_files()) - 1
    for i in others:
        expected = trees.landsat(int(store.sites["survey_id"][i]))
        np.testing.assert_array_equal(store.reader.read("landsat", np.array([i]))[0], expected)


@pytest.mark.usefixtures("small_shards")
def test_a_flipped_bit_is_found_and_the_rest_served(dataset: Dataset, tmp_path: Path) -> None:
    write_store(dataset, tmp_path / "store")
    path = tmp_path / "store" / "patch-0000.npy"
    raw = bytearray(path.read_bytes())
    raw[-100] ^= 4  # in the last of three blocks
    path.write_bytes(raw)
    store = open_store(tmp_path / "store")
    having = np.flatnonzero(store.reader.available("patch"))
    for _ in range(2):
        with pytest.raises(DataError, match=r"patch-0000\.npy, block 2: damaged"):
            store.reader.read("patch", having[2:3])
    others = np.delete(having, 2)
    np.testing.assert_array_equal(store.reader.read("patch", others), dataset.reader.read("patch", others))
    assert "damaged" in dossier(store, int(having[2])).notes["patch"]


def _set(field: str, value: object) -> Callable[[Path], None]:
    def change(store: Path) -> None:
        def set_it(manifest: dict[str, Any]) -> None:
            *parents, last = field.split("/")
            at: Any = manifest
            for name in parents:
                at = at[int(name)] if isinstance(at, list) else at[name]
            at[last] = value

        edit(store / "manifest.json", set_it)

    return change


def _cut(name: str) -> Callable[[Path], None]:
    return lambda store: (store / name).write_bytes((store / name).read_bytes()[:-20])


def _first_form(store: Path, tree: str | None) -> None:
    """As the first form of stores was: another name, the same content."""
    manifest = replace(read_manifest(store), tree=tree)
    write_sealed(store / "manifest.json", {"format": "sdm-store-1", **asdict(manifest)})


DAMAGE = {
    "manifest is no JSON": lambda store: (store / "manifest.json").write_text("{"),
    "manifest is a list": lambda store: (store / "manifest.json").write_text("[1]"),
    "deeply nested": lambda store: (store / "manifest.json").write_text("[" * 100_000),
    "other format": _set("format", "sdm-store-99"),
    "a tree packed before its splits were as now": lambda store: _first_form(store, "tree"),
    "path outside": _set("modalities/patch/shards/0/file", "../../patch-0000.npy"),
    "unknown modality": _set("modalities/sound", {}),
    "wrong dtype": _set("modalities/patch/dtype", "object"),
    "wrong shape": _set("modalities/patch/shape", [4, 10**9, 64]),
    "no blocks": _set("modalities/patch/block", 0),
    "wrong count": _set("modalities/patch/shards/0/rows", 10**9),
    "tables missing": _set("tables", {}),
    "unknown kind": _set("kind", "astrology"),
    "sites cut": _cut("sites.parquet"),
    "classes cut": _cut("classes.parquet"),
    "targets cut": _cut("targets.npz"),
    "rows cut": _cut("rows.npz"),
    "rows gone": lambda store: (store / "rows.npz").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_store_is_one_clear_error(dataset: Dataset, tmp_path: Path, damage: str) -> None:
    write_store(dataset, tmp_path / "store")
    DAMAGE[damage](tmp_path / "store")
    with pytest.raises(DataError) as caught:
        open_store(tmp_path / "store")
    assert "\n" not in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_a_store_of_rasters_of_the_first_form_opens(dataset: Dataset, tmp_path: Path) -> None:
    write_store(dataset, tmp_path / "store")
    _first_form(tmp_path / "store", None)
    assert open_store(tmp_path / "store").fingerprint == dataset.fingerprint


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: np.save(path, np.zeros(3)),
        lambda path: np.save(path, np.array([print], object), allow_pickle=True),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["gone", "empty", "cut", "other array", "pickle", "folder"],
)
def test_a_damaged_shard_is_one_clear_error(
    dataset: Dataset, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    write_store(dataset, tmp_path / "store")
    damage(tmp_path / "store" / "landsat-0000.npy")
    store = open_store(tmp_path / "store")
    with pytest.raises(DataError, match=r"landsat-0000\.npy"):
        store.reader.read("landsat", np.arange(len(store)))
    np.testing.assert_array_equal(
        store.reader.read("climate", np.arange(6)), dataset.reader.read("climate", np.arange(6))
    )


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
    fixture = DATASETS["multilabel"]()
    fixture.reader.arrays["patch"][0, 0, 0, 0] = value  # type: ignore[attr-defined]
    with pytest.raises(DataError, match="int16"):
        write_store(fixture, tmp_path / "store")


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


def test_packing_opens_nothing_of_the_truth(own_tree: Path, tmp_path: Path) -> None:
    (tmp_path / "own-truth").mkdir()
    (tmp_path / "own-truth" / "labels.csv").write_text("surveyId,speciesId\n2,10\n")
    script = f"""
        import os, sys
        from pathlib import Path
        from sdm.data.store import pack
        def hook(event, arguments):
            if event in ("open", "os.scandir", "os.listdir") and "own-truth" in str(arguments[0]):
                os._exit(3)
        sys.addaudithook(hook)
        pack(Path({str(own_tree)!r}), Path({str(tmp_path / "store")!r}))
        open({str(tmp_path / "own-truth" / "labels.csv")!r})
    """
    result = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], cwd=ROOT, check=False)
    assert result.returncode == 3, "the hook sees what is opened"
    assert (tmp_path / "store" / "manifest.json").exists(), "and it saw nothing before the store was whole"
