"""The picture of a class map: its pixels and colours, its legend beside it, any size of map."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import rasterio
from PIL import Image
from rasterio.transform import from_origin

from sdm.inference.class_map_files import CERTAINTY, CLASSES
from sdm.maps.class_map_picture import MARGIN, Legend, MapPicture
from sdm.ui.components.theme import font

RED, BLUE = (200, 0, 0), (0, 0, 200)
PALETTE = np.array([(0, 0, 0, 0), (*RED, 255), (*BLUE, 255)], np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A map of 4 x 3 pixels of 10 m: the left half of one class, the right of another, a corner unknown."""
    classes = np.array([[1, 1, 2, 2]] * 3, np.uint8)
    classes[0, 0] = 0
    shape = {"driver": "GTiff", "width": 4, "height": 3, "crs": 32632, "transform": from_origin(0, 30, 10, 10)}
    with rasterio.open(tmp_path / CLASSES, "w", count=1, dtype="uint8", **shape) as file:
        file.write(classes, 1)
    with rasterio.open(tmp_path / CERTAINTY, "w", count=2, dtype="float32", **shape) as file:
        file.write(np.stack([np.where(classes == 0, np.nan, classes / 2)] * 2).astype(np.float32))
    return tmp_path


@pytest.mark.parametrize("face", [font(), None])
def test_classes_and_legend_have_the_same_colours(folder: Path, face: Path | None) -> None:
    legend = Legend([("T4-C-5 · 60 %", "#c80000"), ("a long name " * 20, "#0000c8")])
    drawn = MapPicture(
        folder,
        "class",
        PALETTE,
        legend,
        "Bømlo: class",
        "a model " * 99,
    ).png(face)
    picture = np.asarray(Image.open(io.BytesIO(drawn)))
    left, right = picture[:, : MARGIN + 1000], picture[:, MARGIN + 1000 + MARGIN :]
    for colour in (RED, BLUE):
        assert (left == colour).all(axis=-1).sum() > 100_000 and (right == colour).all(axis=-1).sum() > 200
    assert (picture[MARGIN + 80, MARGIN + 10] == 255).all()  # nothing is known there


def test_a_number_has_a_ramp(folder: Path) -> None:
    drawn = MapPicture(folder, "entropy", None, Legend(limits=(0, 1), measure="Entropy"), "a", "b").png(None)
    picture = np.asarray(Image.open(io.BytesIO(drawn)))
    top = picture[MARGIN + 110, MARGIN + 600]
    assert (picture[:, 2 * MARGIN + 1000 :] == top).all(axis=-1).any()  # its colour stands on the ramp
