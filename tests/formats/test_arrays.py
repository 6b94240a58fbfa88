"""Arrays on disk: what is damaged is one error, and a mapped file that changes is never read."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.errors import DataError
from sdm.formats.arrays import MappedArray, read_npz, write_npz

ARRAYS = {"auc": np.linspace(0, 1, 5), "dense": np.arange(12, dtype=np.float16).reshape(4, 3)}
PAGE = 1 << 16


@pytest.fixture(scope="module")
def npz(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("npz") / "a.npz"
    write_npz(path, ARRAYS)
    return path.read_bytes()


def mapped(path: Path) -> MappedArray:
    return MappedArray(path, DataError, "Pack again.")


@given(position=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_of_an_npz_changes_nothing_or_is_an_error(npz: bytes, position: float, bit: int) -> None:
    raw = bytearray(npz)
    raw[int(position * len(raw))] ^= 1 << bit
    try:
        arrays = read_npz(Path("a.npz"), DataError, bytes(raw))
    except DataError:
        return
    assert arrays.keys() == ARRAYS.keys()
    assert all(np.array_equal(arrays[name], value) for name, value in ARRAYS.items())


def test_every_flip_of_a_header_is_an_array_or_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.arange(6, dtype=np.int16).reshape(2, 3))
    raw = path.read_bytes()
    for at in range(128):
        for value in b"(['#\n\x00\xff1":
            path.write_bytes(raw[:at] + bytes([value]) + raw[at + 1 :])
            try:
                assert mapped(path)[:].size <= 6
            except DataError as error:
                assert error.where == str(path)


def test_picks_are_copies(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(6).reshape(3, 2))
    array = mapped(tmp_path / "a.npy")
    assert array.shape == (3, 2)
    assert array.dtype == np.int64
    for index, expected in ((1, [2, 3]), (slice(0, 2), [[0, 1], [2, 3]]), (np.array([2, 0]), [[4, 5], [0, 1]])):
        picked = array[index]
        assert picked.tolist() == expected
        assert picked.flags.owndata


@pytest.mark.parametrize("change", ["cut", "overwritten", "replaced", "removed"])
def test_a_file_that_changes_while_it_is_open_is_refused(tmp_path: Path, change: str) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.zeros((4, PAGE), np.uint8))
    array = mapped(path)
    assert not array[3].any()
    if change == "cut":
        os.truncate(path, PAGE)
    elif change == "removed":
        path.unlink()
    else:
        other = path.with_name("b.npy")
        np.save(other, np.ones((4, PAGE), np.uint8))
        if change == "replaced":
            other.replace(path)
        else:
            path.write_bytes(other.read_bytes())
    with pytest.raises(DataError, match=r"changed while it was open.*Pack again"):
        array[3]


@settings(max_examples=30)
@given(start=st.integers(0, 400), length=st.integers(1, 60))
def test_a_list_that_leaves_entries_out_is_refused(npz: bytes, start: int, length: int) -> None:
    """Bytes cut out of a file, mostly of its directory at the end, never leave an array out unnoticed."""
    at = max(0, len(npz) - start - length)
    try:
        arrays = read_npz(Path("a.npz"), DataError, npz[:at] + npz[at + length :])
    except DataError:
        return
    assert arrays.keys() == ARRAYS.keys()
