"""Tensor files: the real kind is read exactly, everything else is one clear error and runs nothing."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from sdm.errors import DataError, NotDownloadedError
from sdm.formats.tensor import read_cube

SHAPE = (6, 4, 21)
VALUES = np.random.default_rng(0).normal(size=SHAPE).astype(np.float32)
VALUES[:, :, 18:] = np.nan


@pytest.fixture
def cube(tmp_path: Path) -> Path:
    torch.save(torch.from_numpy(VALUES), tmp_path / "cube.pt")
    return tmp_path / "cube.pt"


def archive(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in members.items():
            file.writestr(f"cube/{name}", content)
    return path


def description(size: tuple[int, ...], stride: tuple[int, ...], offset: int = 0) -> bytes:
    """The pickle of a tensor with that layout, written by torch itself."""
    buffer = io.BytesIO()
    torch.save(torch.zeros(1), buffer)
    with zipfile.ZipFile(buffer) as file:
        raw = file.read(next(name for name in file.namelist() if name.endswith("data.pkl")))
    one = b"K\x01\x85q\x06K\x01\x85q\x07"
    assert raw.count(b"K\x00" + one) == 1

    def numbers(values: tuple[int, ...]) -> bytes:
        longs = b"".join(b"\x8a\x09" + value.to_bytes(9, "little", signed=True) for value in values)
        return b"(" + longs + b"t"

    start = b"\x8a\x09" + offset.to_bytes(9, "little", signed=True)
    return raw.replace(b"K\x00" + one, start + numbers(size) + b"q\x06" + numbers(stride) + b"q\x07")


def test_reads_what_was_saved(cube: Path) -> None:
    np.testing.assert_array_equal(read_cube(cube, SHAPE), VALUES)


@pytest.mark.parametrize(
    "make",
    [
        lambda t: t.permute(2, 0, 1).contiguous().permute(1, 2, 0),
        lambda t: torch.stack([t, t + 1])[0],
        lambda t: torch.cat([t, t])[6:],
        lambda t: t.clone().flip(0).flip(0),
    ],
    ids=["permuted", "first of a batch", "second half", "flipped"],
)
def test_any_layout_in_memory(tmp_path: Path, make: Callable[[torch.Tensor], torch.Tensor]) -> None:
    torch.save(make(torch.from_numpy(VALUES)), tmp_path / "cube.pt")
    result = read_cube(tmp_path / "cube.pt", SHAPE)
    np.testing.assert_array_equal(result, VALUES)
    assert result.flags.c_contiguous


@pytest.mark.parametrize(
    "dtype", [torch.float64, torch.float16, torch.int16, torch.int32, torch.int64, torch.uint8]
)
def test_types(tmp_path: Path, dtype: torch.dtype) -> None:
    tensor = torch.arange(6).reshape(2, 3).to(dtype)
    torch.save(tensor, tmp_path / "x.pt")
    np.testing.assert_array_equal(read_cube(tmp_path / "x.pt", (2, 3), str(tensor.numpy().dtype)), tensor.numpy())
    with pytest.raises(DataError, match="wrong tensor type"):
        read_cube(tmp_path / "x.pt", (2, 3), "float32")


@pytest.mark.real
def test_real_cubes_equal_those_of_torch(real_tree: Path) -> None:
    found = list(real_tree.rglob("*_cube.pt"))
    assert len(found) == 2
    for path in found:
        expected = torch.load(path, weights_only=True).numpy()
        np.testing.assert_array_equal(read_cube(path, expected.shape), expected)


def test_wrong_shape(cube: Path) -> None:
    with pytest.raises(DataError, match=r"wrong tensor shape.*\(4, 19, 12\).*\(6, 4, 21\)"):
        read_cube(cube, (4, 19, 12))


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(NotDownloadedError):
        read_cube(tmp_path / "none.pt", SHAPE)


class Bomb:
    """Writes a file when unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.write_text, (self.path, "executed")


@pytest.mark.parametrize("place", ["plain pickle", "torch archive", "legacy torch", "inside a tensor's pickle"])
def test_a_payload_is_never_executed(tmp_path: Path, place: str) -> None:
    path, proof = tmp_path / "cube.pt", tmp_path / "proof"
    if place == "plain pickle":
        path.write_bytes(pickle.dumps(Bomb(proof)))
    elif place == "torch archive":
        torch.save({"cube": torch.zeros(SHAPE), "bomb": Bomb(proof)}, path)
    elif place == "legacy torch":
        torch.save(Bomb(proof), path, _use_new_zipfile_serialization=False)
    else:
        payload = pickle.dumps(Bomb(proof), protocol=2)[2:-1] + b"0"
        archive(path, {"data.pkl": payload + description((1,), (1,)), "data/0": bytes(4)})
    with pytest.raises(DataError, match="not a readable tensor"):
        read_cube(path, SHAPE)
    assert not proof.exists()


BOMBS = {
    "4 TiB of one number": ((1 << 40,), (0,), 0),
    "more numbers than stored": ((6, 4, 22), (88, 22, 1), 0),
    "beyond the end": ((6, 4, 21), (84, 21, 1), 1),
    "before the start": ((6, 4, 21), (84, 21, 1), -1),
    "negative stride": ((6, 4, 21), (84, 21, -1), 0),
    "negative size": ((-6, 4, 21), (84, 21, 1), 0),
    "overflowing product": ((1 << 62, 4, 4), (0, 0, 0), 0),
    "sizes without strides": ((6, 4, 21), (84,), 0),
    "many dimensions": ((1,) * 60, (1,) * 60, 0),
    "empty": ((0, 4, 21), (84, 21, 1), 0),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_impossible_layouts(tmp_path: Path, bomb: str) -> None:
    members = {"data.pkl": description(*BOMBS[bomb]), "data/0": bytes(4 * 504)}
    with pytest.raises(DataError, match="not a readable tensor"):
        read_cube(archive(tmp_path / "cube.pt", members), SHAPE)


def test_the_forged_description_is_otherwise_good(tmp_path: Path) -> None:
    members = {"data.pkl": description(SHAPE, (84, 21, 1)), "data/0": VALUES.tobytes()}
    np.testing.assert_array_equal(read_cube(archive(tmp_path / "cube.pt", members), SHAPE), VALUES)


def nested_tuples(depth: int) -> bytes:
    return b"\x80\x02" + b")" + b"\x85" * depth + b"."


CRAFTED = {
    "no end": b"\x80\x02",
    "empty": b"",
    "nothing described": b"\x80\x02N.",
    "stack underflow": b"\x80\x02R.",
    "unknown memo": b"\x80\x02h\x09.",
    "huge memo": b"\x80\x02Nr\xff\xff\xff\xff.",
    "no mark": b"\x80\x02t.",
    "string": b"\x80\x02U\x03abc.",
    "deep": nested_tuples(50_000),
    "list": b"\x80\x02]q\x00(K\x01e.",
    "build": b"\x80\x02}q\x00}q\x01b.",
    "huge number": b"\x80\x02\x8b\x00\x00\x00\x70" + b"\x01" * 100 + b".",
    "not unicode": b"\x80\x02X\x02\x00\x00\x00\xff\xfe.",
    "doubling": b"\x80\x02)" + b"q\x00h\x00\x86" * 5_000 + b".",
}


@pytest.mark.parametrize("crafted", CRAFTED)
def test_crafted_descriptions(tmp_path: Path, crafted: str) -> None:
    members = {"data.pkl": CRAFTED[crafted], "data/0": bytes(4 * 504)}
    with pytest.raises(DataError, match="not a readable tensor"):
        read_cube(archive(tmp_path / "cube.pt", members), SHAPE)


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 5000, b"PK\x05\x06" + b"\0" * 18, b"not a tensor", b"\x80\x02N."],
    ids=["empty", "NUL bytes", "empty archive", "text", "bare pickle"],
)
def test_other_content(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "cube.pt").write_bytes(content)
    with pytest.raises(DataError):
        read_cube(tmp_path / "cube.pt", SHAPE)


def test_a_compressed_archive_is_not_inflated(tmp_path: Path) -> None:
    members = {"data.pkl": description(SHAPE, (84, 21, 1)), "data/0": bytes(1 << 24)}
    path = archive(tmp_path / "cube.pt", members, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 50_000
    with pytest.raises(DataError, match="compressed or too large"):
        read_cube(path, SHAPE)


def test_big_endian_is_refused(tmp_path: Path) -> None:
    members = {"data.pkl": description(SHAPE, (84, 21, 1)), "byteorder": b"big", "data/0": VALUES.tobytes()}
    with pytest.raises(DataError, match="little-endian"):
        read_cube(archive(tmp_path / "cube.pt", members), SHAPE)


def test_a_folder_or_a_giant_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "folder.pt").mkdir()
    with pytest.raises(DataError, match="folder"):
        read_cube(tmp_path / "folder.pt", SHAPE)
    with (tmp_path / "giant.pt").open("wb") as file:
        file.truncate(1 << 34)  # sparse
    with pytest.raises(DataError, match="file size"):
        read_cube(tmp_path / "giant.pt", SHAPE)


def test_every_truncation_is_found(cube: Path) -> None:
    raw = cube.read_bytes()
    for length in range(0, len(raw), 7):
        cube.write_bytes(raw[:length])
        with pytest.raises(DataError):
            read_cube(cube, SHAPE)


def test_no_flipped_bit_gives_other_numbers(cube: Path) -> None:
    raw = cube.read_bytes()
    found = 0
    for position in range(0, len(raw), 2):
        flipped = bytearray(raw)
        flipped[position] ^= 1 << (position // 2 % 8)
        cube.write_bytes(flipped)
        try:
            np.testing.assert_array_equal(read_cube(cube, SHAPE), VALUES)
        except DataError:
            found += 1
    assert found > 0.3 * len(raw)  # the rest lies in padding


def test_a_zip_that_lies_about_its_size(cube: Path) -> None:
    raw = bytearray(cube.read_bytes())
    at = raw.rindex(b"PK\x01\x02", 0, raw.rindex(b"data/0"))
    struct.pack_into("<II", raw, at + 20, 0xFFFFFF0, 0xFFFFFF0)
    cube.write_bytes(raw)
    with pytest.raises(DataError):
        read_cube(cube, SHAPE)
