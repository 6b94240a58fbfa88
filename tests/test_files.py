"""Files are whole or absent; errors are one line and survive the trip back from a worker."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from sdm.errors import DataError
from sdm.files import atomic, atomic_folder, clean_strays, read_json, write_json


def test_an_interrupted_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "value.json"
    write_json(path, {"a": 1})
    with pytest.raises(KeyboardInterrupt), atomic(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"a": float("nan")})
    assert read_json(path) == {"a": 1} and [*path.parent.iterdir()] == [path]


def test_strays_are_cleaned(tmp_path: Path) -> None:
    (tmp_path / ".part-value.json-abc").touch()
    (tmp_path / "value.json").touch()
    clean_strays(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["value.json"]


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
