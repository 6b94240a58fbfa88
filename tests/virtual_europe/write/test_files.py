"""Patch and cube files read back as what they were made of, with the profile of the real ones."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import rasterio
import torch

from sdm.errors import DataError
from sdm.formats.geotiff import read_patch
from sdm.formats.tensor import read_cube
from sdm.virtual_europe.write.cube import CLIMATE_ORDER, LANDSAT_ORDER, cube_bytes
from sdm.virtual_europe.write.tiff import patch_bytes

LON, LAT = np.array([-9.1, 10.03355, 34.9]), np.array([38.7, 57.12081, 35.2])


def patches() -> np.ndarray:
    return np.random.default_rng(0).integers(-1, 12_000, (3, 4, 64, 64)).astype(np.int16)


def test_patch_reads_back(tmp_path: Path) -> None:
    pixels = patches()
    for i, body in enumerate(patch_bytes(pixels, LON, LAT)):
        path = tmp_path / f"{i}.tiff"
        path.write_bytes(body)
        raster = read_patch(path)
        np.testing.assert_array_equal(raster.pixels, pixels[i])
        lon, lat = raster.centre()
        assert abs(lon - LON[i]) * 111_200 * np.cos(np.radians(lat)) < 11  # m: a pixel
        assert abs(lat - LAT[i]) * 111_200 < 11


def test_patch_profile_is_the_real_one(tmp_path: Path) -> None:
    path = tmp_path / "patch.tiff"
    path.write_bytes(patch_bytes(patches(), LON, LAT)[1])
    with rasterio.open(path) as source:
        profile = source.profile
        assert source.descriptions == ("red", "green", "blue", "nir")
        assert source.crs.to_wkt().startswith('PROJCS["unknown"')
        assert source.crs.to_dict()["proj"] == "laea"
    wanted = {"dtype": "int16", "nodata": -1.0, "compress": "deflate", "interleave": "pixel", "blockysize": 16}
    assert {key: profile[key] for key in wanted} == wanted
    assert (profile["transform"].a, profile["transform"].e) == (10.0, -10.0)
    assert profile["transform"].c % 10 == profile["transform"].f % 10 == 0


def test_flipped_bits_of_a_patch_are_noticed(tmp_path: Path) -> None:
    """All of pixels; what may pass is in the header: digits of the position and the name of the projection."""
    rng = np.random.default_rng(0)
    path = tmp_path / "patch.tiff"
    bodies, pixels = patch_bytes(patches(), LON, LAT), patches()
    noticed = 0
    for flip in range(300):
        body = bytearray(bodies[flip % 3])
        body[rng.integers(len(body))] ^= 1 << int(rng.integers(8))
        path.write_bytes(body)
        try:
            np.testing.assert_array_equal(read_patch(path).pixels, pixels[flip % 3])
        except DataError:
            noticed += 1
    assert noticed >= 290


def test_cubes_read_back_with_the_real_strides(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for shape, order, strides in (
        ((6, 4, 21), LANDSAT_ORDER, (84, 1, 4)), ((4, 19, 12), CLIMATE_ORDER, (1, 48, 4))
    ):  # fmt: skip
        cubes = rng.random((3, *shape), np.float32)
        cubes[1, 0, 0, 0] = np.nan
        for cube, body in zip(cubes, cube_bytes(cubes, order), strict=True):
            tensor = torch.load(io.BytesIO(body), weights_only=True)
            assert tensor.stride() == strides
            np.testing.assert_array_equal(tensor.numpy(), cube)
            path = tmp_path / "cube.pt"
            path.write_bytes(body)
            np.testing.assert_array_equal(read_cube(path, shape), cube)


def test_cubes_are_the_files_that_torch_writes() -> None:
    rng = np.random.default_rng(1)
    for shape, order in (((6, 4, 21), LANDSAT_ORDER), ((4, 19, 12), CLIMATE_ORDER)):
        cubes = rng.random((5, *shape), np.float32)
        for cube, body in zip(cubes, cube_bytes(cubes, order), strict=True):
            stored = torch.from_numpy(np.ascontiguousarray(cube.transpose(order)))
            buffer = io.BytesIO()
            torch.save(stored.permute(*np.argsort(order).tolist()), buffer)
            assert body == buffer.getvalue()
