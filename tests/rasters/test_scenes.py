"""Scenes are written and read back; damage is an error with a place."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from sdm.errors import DataError
from sdm.files import write_json
from sdm.rasters.scenes import SCENES, UNSEALED, Layer, Mapping, Scene, read_scenes, write_scenes
from tests.sealed import edit

LAYER = Layer("sentinel2", "Sentinel-2", "pixel-B2-B3", ("scenes/a.tif",), ((1, 2),))
ONE = (Scene("Landsvik", "Landsvik", (LAYER,), (Mapping("A", "scenes/a.gpkg"),)),)


def test_written_and_read_back(tmp_path: Path) -> None:
    write_scenes(tmp_path, ONE)
    assert read_scenes(tmp_path) == ONE


def test_a_change_is_seen(tmp_path: Path) -> None:
    write_scenes(tmp_path, ONE)
    edit(tmp_path / SCENES, lambda values: values["scenes"][0]["layers"][0].update(bands=[[2, 1]]), seal=False)
    with pytest.raises(DataError, match="digest"):
        read_scenes(tmp_path)


def test_scenes_of_before_there_were_digests(tmp_path: Path) -> None:
    write_json(tmp_path / SCENES, {"format": UNSEALED, "scenes": [asdict(scene) for scene in ONE]})
    assert read_scenes(tmp_path) == ONE


def test_none(tmp_path: Path) -> None:
    assert read_scenes(tmp_path) == read_scenes(None) == ()


@pytest.mark.parametrize("text", ["", "{}", '{"format": "other", "scenes": []}', '{"format": 1}'])
def test_damaged(tmp_path: Path, text: str) -> None:
    (tmp_path / SCENES).write_text(text)
    with pytest.raises(DataError):
        read_scenes(tmp_path)
