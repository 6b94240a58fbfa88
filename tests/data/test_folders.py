"""Folders that may be opened: data sets below the roots, never by a link, never by a name that is not listed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from sdm.data import catalogue, folders, uploads, visibility
from sdm.data.catalogue import known_datasets
from sdm.errors import DataError, UnknownNameError
from sdm.files import write_json
from tests.data.trees import write_tree

VISIT = visibility.visit_of("secret")
HOSTILE = ("<script>alert(1)</script>", "a b; rm -rf", "$(id)", "a..b", "Größe\n2", "%2e%2e", "'\"`")


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root with two data sets; a third lies beside it."""
    monkeypatch.delenv("SDM_DATA", raising=False)
    monkeypatch.setattr(catalogue, "HOME", tmp_path / "data")
    root = tmp_path / "shared"
    store(root / "own" / "store")
    write_tree(root / "tree")
    store(tmp_path / "outside")
    monkeypatch.setenv(folders.ROOTS, os.pathsep.join([str(root), str(tmp_path / "not there")]))
    return root


def store(folder: Path) -> Path:
    folder.mkdir(parents=True)
    write_json(folder / "manifest.json", {})
    return folder


def test_what_lies_below_the_roots_is_listed(root: Path) -> None:
    store(root / ".hidden")
    store(root / "a" / "b" / "c" / "too-deep")
    assert folders.openable() == {"shared/own/store": root / "own" / "store", "shared/tree": root / "tree"}


def test_without_roots_nothing_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(folders.ROOTS)
    assert folders.openable() == {}


def test_a_root_may_be_a_data_set_itself(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(folders.ROOTS, str(root / "tree"))
    assert folders.openable() == {"tree": root / "tree"}


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_text(root: Path, name: str) -> None:
    folder = store(root / name)
    listed = folders.openable()
    assert listed[f"shared/{name}"] == folder
    assert folders.choose(f"shared/{name}", listed) == folder


@pytest.mark.parametrize(
    "label", ["", "..", "shared/../outside", "/etc", "outside", "shared", "shared/own", "shared/tree/", "~", "\0"]
)
def test_what_is_not_listed_is_not_opened(label: str) -> None:
    with pytest.raises(UnknownNameError):
        folders.choose(label, folders.openable())


def test_links_are_not_followed(root: Path, tmp_path: Path) -> None:
    (root / "link").symlink_to(tmp_path / "outside")
    (root / "own" / "up").symlink_to(tmp_path)
    assert not [label for label in folders.openable() if "link" in label or "up" in label]
    (root / "own" / "store" / "values.bin").symlink_to("/etc/passwd")
    with pytest.raises(DataError, match="leads out"):
        folders.choose("shared/own/store", folders.openable())
    (root / "tree" / "inside").symlink_to(root / "tree")
    assert folders.choose("shared/tree", folders.openable())


def test_a_folder_is_open_for_its_visitor_while_it_lies_below_a_root(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, place = uploads.visit_folder(VISIT), root / "own" / "store"
    folders.remember(visit, place, free=False)
    folders.remember(visit, tmp_path / "outside", free=False)
    folders.remember(visit, place, free=False)
    assert known_datasets(VISIT) == {"store": place}
    assert known_datasets() == known_datasets(visibility.visit_of("another")) == {} == uploads.owned(VISIT)
    shutil.move(root / "own", tmp_path / "moved")
    (root / "own").symlink_to(tmp_path / "moved")
    assert known_datasets(VISIT) == {}
    (root / "own").unlink()
    shutil.move(tmp_path / "moved", root / "own")
    monkeypatch.delenv(folders.ROOTS)
    assert known_datasets(VISIT) == {}
    folders.remember(visit, place, free=True)
    assert known_datasets(VISIT) == {"store": place}
    folders.forget(visit, place)
    assert known_datasets(VISIT) == {}


def test_a_path_is_typed(root: Path, tmp_path: Path) -> None:
    assert folders.typed(f" {tmp_path / 'outside'} ") == tmp_path / "outside"
    for text in ("", "relative/nowhere", "\0", str(root / "own"), str(tmp_path / "none"), "x" * 5000, "~nobody/x"):
        with pytest.raises(DataError):
            folders.typed(text)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"folders": 3}', '{"folders": [1, ["a"], [null, null]]}'])
def test_a_damaged_list_is_none(content: str) -> None:
    visit = uploads.visit_folder(VISIT)
    visit.mkdir(parents=True)
    (visit / folders.OPENED).write_text(content)
    assert known_datasets(VISIT) == {}


def test_enough_is_enough(root: Path) -> None:
    for number in range(folders.MOST_OPENED):
        folders.remember(uploads.visit_folder(VISIT), root / str(number), free=False)
    with pytest.raises(DataError, match="enough"):
        folders.remember(uploads.visit_folder(VISIT), root / "tree", free=False)
