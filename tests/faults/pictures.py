"""Damaged patches and photographs: TIFF of any compression, JPEG."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from sdm.data.array_sources import decode_geotiff, decode_jpeg_pair
from sdm.formats.photograph import MOST_PIXELS, photograph_size, read_photograph
from sdm.modalities import PATCH
from tests.data import trees
from tests.faults import Outcome
from tests.faults.damage import damaged
from tests.faults.trials import Changed, Trials

PHOTOGRAPH = (60, 80)  # rows and columns


@dataclass(frozen=True)
class Picture:
    """The name of a file, what it holds, how it is read, and whether damage of its pixels always shows."""

    file: str
    raw: bytes
    read: Callable[[Path], np.ndarray]
    protected: bool


def pictures(seed: int = 0, tried: int = 1500) -> Outcome:
    """Read a damaged picture `tried` times, of each kind in turn.

    Survived: refused, or an array of the size and type it must have. Where the file has a checksum its values
    are those written; elsewhere others count as unprotected.
    """
    random, trials = np.random.default_rng(seed), Trials("pictures")
    with tempfile.TemporaryDirectory() as home:
        kinds = _whole(Path(home))
        expected = [one.read(_written(Path(home), one.file, one.raw)) for one in kinds]
        for i in range(tried):
            one, values = kinds[i % len(kinds)], expected[i % len(kinds)]
            with trials.one(f"{one.file}, trial {i}"):
                read = one.read(_written(Path(home), one.file, damaged(one.raw, random)))
                assert read.dtype == values.dtype and read.nbytes <= 3 * MOST_PIXELS
                if not np.array_equal(read, values, equal_nan=True):
                    assert not one.protected, "read as other values"
                    raise Changed
    return trials.outcome()


def _written(home: Path, file: str, raw: bytes) -> Path:
    (home / file).write_bytes(raw)
    return home / file


def _whole(home: Path) -> list[Picture]:
    """One picture of each kind."""
    every = []
    for compression in ("deflate", "lzw", None):
        path = home / f"{compression}.tiff"
        trees.write_patch(path, trees.patch(1), 10.0, 57.1, compress=compression)
        every.append(Picture(path.name, path.read_bytes(), _patch, compression == "deflate"))
    pixels = np.random.default_rng(0).integers(0, 255, (*PHOTOGRAPH, 3)).astype(np.uint8)
    square = np.random.default_rng(1).integers(0, 255, (128, 128, 3)).astype(np.uint8)
    every.append(Picture("colour.jpeg", _jpeg(square), lambda path: decode_jpeg_pair((path, None), PATCH), False))
    every.append(Picture("infrared.jpeg", _jpeg(square[..., 0]), _infrared, False))
    every.append(Picture("photo.jpg", _jpeg(pixels), read_photograph, False))
    every.append(Picture("size.jpg", _jpeg(pixels), lambda path: np.array(photograph_size(path)), False))
    return every


def _patch(path: Path) -> np.ndarray:
    values = decode_geotiff((path,), PATCH)
    assert values.shape == PATCH.shape
    return values


def _infrared(path: Path) -> np.ndarray:
    values = decode_jpeg_pair((None, path), PATCH)
    assert values.shape == PATCH.shape
    return values


def _jpeg(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG")
    return buffer.getvalue()
