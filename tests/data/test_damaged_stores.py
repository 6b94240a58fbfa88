"""Damage in a packed store is one clear error, and what is whole beside it is served."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sdm.data.dataset import Dataset
from sdm.data.store import open_store, pack, write_store
from sdm.data.store.manifest import read_manifest
from sdm.data.survey import dossier
from sdm.errors import DataError
from sdm.formats.sealed_json import write_sealed
from tests.data import trees
from tests.sealed import edit


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
