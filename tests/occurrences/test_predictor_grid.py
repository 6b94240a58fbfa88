"""The grid of predictors beside a data set holds what its sites were given, and is no larger than it may be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio

from sdm.data.open import open_dataset
from sdm.inference.predictor_grid import predictor_grid
from sdm.occurrences import predictor_grid as written
from sdm.occurrences.build import import_occurrences
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from tests.occurrences.environment.rasters import degrees_raster, metres_raster, plain_value, write
from tests.occurrences.tables import Tables


def imported(good: Tables, folder: Path, **more: object) -> Path:
    cover = np.arange(100 * 100, dtype=np.int32).reshape(1, 100, 100) % 11
    place = {"crs": "EPSG:4326", "transform": rasterio.transform.from_origin(7.8, 47.7, 0.01, 0.01)}
    rasters = (degrees_raster(folder / "warm.tif"), metres_raster(folder / "high.tif"),
               write(folder / "cover.tif", cover.astype(np.uint8), **place))  # fmt: skip
    files = OccurrenceFiles(good.write(folder).records, rasters=rasters)
    options = ImportOptions(categories=("cover",), background_sites=200, margin=0.1, **more)
    import_occurrences(files, folder / "out", options)
    return folder / "out"


def test_the_grid_gives_what_sites_were_given(good: Tables, tmp_path: Path) -> None:
    data = open_dataset(imported(good, tmp_path))
    with rasterio.open(tmp_path / "out" / written.FILE) as file:
        assert file.descriptions == ("warm", "high", "cover") and np.isnan(file.nodata)
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        values = np.array(list(file.sample(data.sites[["lon", "lat"]].to_numpy())))
        assert file.bounds.left == pytest.approx(7.95, abs=0.02) and file.width < 70
    given = data.reader.read(data.modalities[0], np.arange(len(data)))
    np.testing.assert_array_equal(values[:, [0, 2]], given[:, [0, 2]])
    np.testing.assert_allclose(values[:, 1], given[:, 1], atol=1.2)  # bilinear on another grid
    grid = predictor_grid(data)
    assert grid is not None and grid.modality == data.modalities[0]


def test_too_many_cells_are_averaged_and_codes_are_not(
    good: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "MOST_CELLS", 150)
    imported(good, tmp_path)
    with rasterio.open(tmp_path / "out" / written.FILE) as file:
        assert file.width * file.height <= 170 and file.transform.a == pytest.approx(0.05, abs=0.011)
        warm, _, cover = file.read()
        rows, columns = np.mgrid[0 : file.height - 1, 0 : file.width - 1]  # the last may be cut by the raster
        lon, lat = file.transform * (columns + 0.5, rows + 0.5)
    np.testing.assert_allclose(warm[:-1, :-1], plain_value(lon, lat), atol=0.01)
    assert np.isin(cover[np.isfinite(cover)], range(11)).all()
