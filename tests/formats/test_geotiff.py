"""Patches: the real kind is read exactly, everything else is one clear error and opens nothing else."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio

from sdm.errors import DataError, NotDownloadedError
from sdm.formats.geotiff import read_patch
from tests.data.trees import patch, write_patch

VALUES = patch(4)
LON, LAT = -2.23632, 52.721129


pytestmark = [
    pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning"),
    # rasterio's own log stumbles over damaged text in libtiff's messages.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def tiff(tmp_path: Path) -> Path:
    write_patch(tmp_path / "4.tiff", VALUES, LON, LAT)
    return tmp_path / "4.tiff"


def test_reads_what_was_written(tiff: Path) -> None:
    raster = read_patch(tiff)
    np.testing.assert_array_equal(raster.pixels, VALUES)
    assert raster.pixels.dtype == np.int16
    assert (raster.transform[0], raster.transform[4], raster.nodata) == (10, -10, -1)
    np.testing.assert_allclose(raster.centre(), (LON, LAT), atol=1e-4)


def test_bands_come_in_the_order_asked_for(tmp_path: Path) -> None:
    write_patch(tmp_path / "4.tiff", VALUES, LON, LAT, swap=True)
    with rasterio.open(tmp_path / "4.tiff") as file:
        assert file.descriptions == ("nir", "blue", "green", "red")
    np.testing.assert_array_equal(read_patch(tmp_path / "4.tiff").pixels, VALUES)


def test_bands_without_names_are_taken_as_they_come(tmp_path: Path) -> None:
    with rasterio.open(
        tmp_path / "x.tiff", "w", driver="GTiff", count=4, height=64, width=64, dtype="int16"
    ) as file:
        file.write(VALUES)
    raster = read_patch(tmp_path / "x.tiff")
    np.testing.assert_array_equal(raster.pixels, VALUES)
    with pytest.raises(DataError, match="reference system"):
        raster.centre()


@pytest.mark.real
def test_the_real_patch(real_tree: Path) -> None:
    raster = read_patch(real_tree / "SatelitePatches/PA-test/08/01/5000108.tiff")
    assert raster.pixels.shape == (4, 64, 64)
    assert raster.pixels.max(axis=(1, 2)).tolist() == [1294, 1043, 731, 5308]
    np.testing.assert_allclose(raster.centre(), (LON, LAT), atol=1e-4)


@pytest.mark.parametrize(
    ("values", "match"),
    [
        (VALUES[:3], "raster size"),
        (VALUES[:, :32], "raster size"),
        (np.concatenate([VALUES, VALUES[:1]]), "raster size"),
        (VALUES.astype(np.float32), "pixel type"),
        (VALUES.astype(np.uint16), "pixel type"),
    ],
    ids=["three bands", "half", "five bands", "float", "unsigned"],
)
def test_wrong_rasters(tmp_path: Path, values: np.ndarray, match: str) -> None:
    nodata = None if values.dtype == np.uint16 else -1
    write_patch(tmp_path / "4.tiff", values, LON, LAT, nodata=nodata)
    with pytest.raises(DataError, match=match):
        read_patch(tmp_path / "4.tiff")


def test_another_missing_value_mark(tmp_path: Path) -> None:
    write_patch(tmp_path / "4.tiff", VALUES, LON, LAT, nodata=-9999)
    with pytest.raises(DataError, match=r"missing-value mark.*-1.*-9999"):
        read_patch(tmp_path / "4.tiff")


def test_other_bands(tiff: Path) -> None:
    with rasterio.open(tiff, "r+") as file:
        file.descriptions = ("red", "green", "blue", "thermal")
    with pytest.raises(DataError, match=r"wrong bands.*thermal"):
        read_patch(tiff)


def test_a_vrt_in_disguise_is_not_followed(tmp_path: Path, tiff: Path) -> None:
    disguised = tmp_path / "5.tiff"
    bands = "".join(
        f'<VRTRasterBand dataType="Int16" band="{i}"><SimpleSource><SourceFilename>{tiff}</SourceFilename>'
        f"<SourceBand>{i}</SourceBand></SimpleSource></VRTRasterBand>"
        for i in range(1, 5)
    )
    disguised.write_text(f'<VRTDataset rasterXSize="64" rasterYSize="64">{bands}</VRTDataset>')
    with rasterio.open(disguised) as file:
        assert file.count == 4, "the library alone would follow it"
    with pytest.raises(DataError, match="not a readable GeoTIFF"):
        read_patch(disguised)


@pytest.mark.parametrize(
    "name", ["/vsicurl/http://localhost/x.tiff", "/vsizip/x.zip/x.tiff", "https://localhost/x.tiff", "a\0b.tiff"]
)
def test_only_local_files(name: str) -> None:
    with pytest.raises(DataError):
        read_patch(Path(name))


def test_pixels_without_an_address_are_not_taken_for_missing(tmp_path: Path) -> None:
    path, profile = tmp_path / "sparse.tiff", {"driver": "GTiff", "count": 4, "dtype": "int16", "nodata": -1}
    with rasterio.open(path, "w", height=64, width=64, SPARSE_OK=True, **profile):
        pass
    with rasterio.open(path) as file:
        assert (file.read() == -1).all(), "the library alone would"
    with pytest.raises(DataError, match="pixels are missing"):
        read_patch(path)


def test_a_small_file_that_declares_much(tmp_path: Path) -> None:
    path = tmp_path / "big.tiff"
    write_patch(path, np.zeros((4, 2048, 2048), np.int16), LON, LAT, compress="deflate")
    assert path.stat().st_size < 200_000
    with pytest.raises(DataError, match="raster size"):
        read_patch(path)


def test_side_car_files_are_not_read(tiff: Path) -> None:
    tiff.with_name("4.tiff.aux.xml").write_text(
        '<PAMDataset><PAMRasterBand band="1"><Description>evil</Description><NoDataValue>7</NoDataValue>'
        "</PAMRasterBand></PAMDataset>"
    )
    np.testing.assert_array_equal(read_patch(tiff).pixels, VALUES)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\0" * 4000),
        lambda path: path.write_bytes(b"II*\0" + b"\xff" * 4000),
        lambda path: path.write_bytes(b"II*\0" + struct.pack("<I", 8) + b"\xff\xff" + b"\x01" * 100),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: path.write_text("<html>404</html>"),
    ],
    ids=["empty", "NUL bytes", "no directory", "bomb directory", "folder", "web page"],
)
def test_damage(tiff: Path, damage: Callable[[Path], object]) -> None:
    damage(tiff)
    with pytest.raises(DataError) as caught:
        read_patch(tiff)
    assert not isinstance(caught.value, NotDownloadedError)
    assert str(tiff) in str(caught.value)


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(NotDownloadedError):
        read_patch(tmp_path / "none.tiff")


def test_truncation_never_gives_other_pixels(tiff: Path) -> None:
    raw = tiff.read_bytes()
    for length in [*range(0, len(raw) - 1, 397), *range(len(raw) - 600, len(raw) - 1, 11)]:
        tiff.write_bytes(raw[:length])
        with pytest.raises(DataError):
            read_patch(tiff)


def test_flipped_bits_raise_nothing_else(tiff: Path) -> None:
    raw = tiff.read_bytes()
    random = np.random.default_rng(0)
    positions = {*range(80), *range(len(raw) - 200, len(raw)), *random.integers(0, len(raw), 80).tolist()}
    found = 0
    for position in sorted(positions):
        flipped = bytearray(raw)
        flipped[position] ^= 1 << int(random.integers(8))
        tiff.write_bytes(flipped)
        try:
            assert read_patch(tiff).pixels.shape == VALUES.shape
        except DataError:
            found += 1
    assert found > 20
