"""Photographs: turned as they are looked at, refused by their header when too large, damage named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import sdm.formats.photograph as module
from sdm.errors import DataError, NotDownloadedError
from sdm.formats.photograph import photograph_size, read_photograph


def save(path: Path, width: int = 40, height: int = 20, mode: str = "RGB", orientation: int = 1) -> Path:
    picture = Image.new(mode, (width, height))
    exif = picture.getexif()
    exif[0x0112] = orientation
    picture.save(path, "JPEG", exif=exif)
    return path


@pytest.mark.parametrize(("orientation", "shape"), [(1, (20, 40)), (3, (20, 40)), (6, (40, 20)), (8, (40, 20))])
def test_turned(tmp_path: Path, orientation: int, shape: tuple[int, int]) -> None:
    path = save(tmp_path / "a.jpg", orientation=orientation)
    assert photograph_size(path) == shape
    assert read_photograph(path).shape == (3, *shape)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_any_mode_becomes_colours(tmp_path: Path, mode: str) -> None:
    pixels = read_photograph(save(tmp_path / "a.jpg", mode=mode))
    assert pixels.shape == (3, 20, 40) and pixels.dtype == np.uint8


def test_too_many_pixels_are_refused_by_the_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "a.jpg")
    monkeypatch.setattr(module, "MOST_PIXELS", 799)
    for read in (photograph_size, read_photograph):
        with pytest.raises(DataError, match=r"too large.*40 x 20"):
            read(path)


def test_too_many_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    with pytest.raises(DataError, match="too large"):
        read_photograph(save(tmp_path / "a.jpg"))


def test_declared_giant(tmp_path: Path) -> None:
    """A small file whose header claims 65,000 x 65,000 pixels."""
    data = bytearray(save(tmp_path / "a.jpg").read_bytes())
    start = data.index(b"\xff\xc0")
    data[start + 5 : start + 9] = b"\xfd\xe8\xfd\xe8"
    (tmp_path / "a.jpg").write_bytes(data)
    with pytest.raises(DataError, match="exceeds limit"):
        photograph_size(tmp_path / "a.jpg")


def test_no_photograph(tmp_path: Path) -> None:
    with pytest.raises(NotDownloadedError):
        read_photograph(tmp_path / "none.jpg")
    Image.new("RGB", (4, 4)).save(tmp_path / "a.jpg", "PNG")
    with pytest.raises(DataError, match="not a readable photograph"):
        photograph_size(tmp_path / "a.jpg")
    save(tmp_path / "b.jpg", 400, 400).write_bytes((tmp_path / "b.jpg").read_bytes()[:700])
    with pytest.raises(DataError, match="not a readable photograph"):
        read_photograph(tmp_path / "b.jpg")
