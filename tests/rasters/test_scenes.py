"""Scenes are written and read back; damage is an error with a place."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdm.errors import DataError
from sdm.rasters.scenes import SCENES, Layer, Mapping, Scene, read_scenes, write_scenes


def test_written_and_read_back(tmp_path: Path) -> None:
    layer = Layer("sentinel2", "Sentinel-2", "pixel-B2-B3", ("scenes/a.tif",), ((1, 2),))
    scenes = (Scene("Landsvik", "Landsvik", (layer,), (Mapping("A", "scenes/a.gpkg"),)),)
    write_scenes(tmp_path, scenes)
    assert read_scenes(tmp_path) == scenes


def test_none(tmp_path: Path) -> None:
    assert read_scenes(tmp_path) == read_scenes(None) == ()


@pytest.mark.parametrize("text", ["", "{}", '{"format": "other", "scenes": []}', '{"format": 1}'])
def test_damaged(tmp_path: Path, text: str) -> None:
    (tmp_path / SCENES).write_text(text)
    with pytest.raises(DataError):
        read_scenes(tmp_path)
