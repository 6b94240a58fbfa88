"""Files are whole or absent; errors are one line and survive the trip back from a worker."""

from __future__ import annotations

import contextlib
import os
import pickle
import sys
from pathlib import Path

import pytest

from sdm.errors import DataError, RunError
from sdm.files import atomic, atomic_folder, new_folders, read_json, write_json


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "value.json"
    write_json(path, {"a": 1})
    with pytest.raises(KeyboardInterrupt), atomic(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"a": float("nan")})
    assert read_json(path) == {"a": 1} and [*path.parent.iterdir()] == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not opened there")
def test_a_file_is_on_the_disk_before_it_has_its_name_and_the_name_thereafter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, flushed = tmp_path / "value.json", []
    monkeypatch.setattr(os, "fsync", lambda descriptor: flushed.append((os.fstat(descriptor), path.exists())))
    write_json(path, {"a": 1})
    assert [(state.st_ino, there) for state, there in flushed] == [
        (path.stat().st_ino, False), (tmp_path.stat().st_ino, True)
    ]  # fmt: skip
    assert flushed[0][0].st_size == path.stat().st_size


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "value.json").write_bytes(content)
    with pytest.raises(DataError, match=r"value\.json: not"):
        read_json(tmp_path / "value.json", DataError)
    with pytest.raises(DataError, match="missing"):
        read_json(tmp_path / "none.json", DataError)


def test_errors_are_one_line_and_travel() -> None:
    error = DataError("wrong\nsize", where=Path("a"), expected=(1, 2), got="x" * 900, remedy="Go\x1b on\nso.")
    text = str(error)
    assert text.startswith("a: wrong size; expected (1, 2); got xxx") and text.endswith("…. Go on so.")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is DataError and str(copy) == text and copy.remedy == error.remedy


def test_a_folder_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "old").touch()
    with pytest.raises(RuntimeError), atomic_folder(tmp_path / "made") as folder:
        (folder / "new").touch()
        raise RuntimeError
    assert [path.name for path in tmp_path.rglob("*")] == ["made", "old"]
    with atomic_folder(tmp_path / "made") as folder:
        (folder / "new").touch()
    assert [path.name for path in tmp_path.rglob("*")] == ["made", "new"]


def test_new_folders_appear_together_or_not_at_all(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "one").mkdir(parents=True)  # an empty one is no obstacle
    for stop in (True, False):
        with contextlib.suppress(KeyboardInterrupt), new_folders(home, "one", "two") as new:
            for name in ("one", "two"):
                (new / name).mkdir()
                (new / name / "value").touch()
            if stop:
                raise KeyboardInterrupt
        expected = ["one"] if stop else ["one", "one/value", "two", "two/value"]
        assert sorted(path.relative_to(home).as_posix() for path in home.rglob("*")) == expected


def test_new_folders_replace_nothing(tmp_path: Path) -> None:
    (tmp_path / "two").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("two", "link"):
        with pytest.raises(RunError, match="already"), new_folders(tmp_path, "one", name, error=RunError):
            pytest.fail("it begins")
    with pytest.raises(DataError, match="already"), new_folders(tmp_path, "one") as new:
        (new / "one").mkdir()
        (tmp_path / "one").touch()  # another process was first
    assert (tmp_path / "one").is_file() and len([*tmp_path.iterdir()]) == 3
