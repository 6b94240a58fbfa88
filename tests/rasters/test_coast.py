"""The small coast that other tests stand on is a data set like any other, with its scenes beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio

from sdm.data.open import open_dataset
from sdm.rasters.scenes import read_scenes
from tests.rasters.coast import IMAGE, PHOTO, PIXEL, SITES, scenes, write_coast


def test_a_data_set_with_scenes_is_packed_and_opened(tmp_path: Path) -> None:
    data = open_dataset(write_coast(tmp_path / "coast"))
    assert set(data.modalities) == {PIXEL, IMAGE, PHOTO}
    assert read_scenes(data.place) == scenes()
    row = 200
    site, values = data.sites.iloc[row], data.reader.read(PIXEL, np.array([row]))[0]
    assert data.place is not None
    with rasterio.open(data.place / f"scenes/{site['source']}-sentinel2.tif") as file:
        at = file.index(site["x"], site["y"])
        assert np.array_equal(file.read()[:, at[0], at[1]], values)
    assert {str(name) for name in data.sites["source"].unique()} == set(SITES)
