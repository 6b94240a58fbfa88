"""Colour coding of sites by their class: one colour each, the rarest grey where there are too many."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sdm.data.dataset import TargetKind, Targets
from sdm.maps import colours
from sdm.maps.class_colours import FLAT, class_colours, colours_of_names
from tests.rasters.coast import CODES, coast


def test_each_class_has_the_colour_of_the_class_map() -> None:
    data = coast()
    by_class = colours.colouring(data, "target")
    assert by_class.labels == ("unknown", *CODES) and len(set(by_class.colours)) == len(CODES) + 1
    assert dict(zip(by_class.labels[1:], by_class.colours[1:], strict=True)) == class_colours(data.targets).colour
    assert np.array_equal(by_class.code - 1, np.asarray(data.targets.values))


def test_more_classes_than_codes(monkeypatch) -> None:
    monkeypatch.setattr(colours, "MOST_CODES", 2)
    classes = pd.DataFrame({"class_id": [1, 2, 3], "name": ["a", "b", "c"]})
    values, known = np.array([2, 2, 0, 0, 1]), np.array([True, True, True, True, True])
    made = colours._by_class(Targets(TargetKind.MULTICLASS, classes, values, known))
    assert made.labels == ("other", "a", "c") and made.code.tolist() == [2, 2, 1, 1, 0]


# Linear sRGB as seen without long and without medium cones: Machado et al. 2009, doi:10.1109/TVCG.2009.113.
EYES = {
    "usual": np.eye(3),
    "protanopic": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopic": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
}  # fmt: skip
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def nearest_two(rgb: np.ndarray, eye: str) -> float:
    """Distance in CIELAB of the two colours, of uint8 (N, 3), that are most alike to these eyes."""
    share = rgb / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    x, y, z = np.cbrt(np.clip(linear @ EYES[eye].T, 1e-6, 1) @ TO_XYZ.T / [0.9505, 1, 1.089]).T
    lab = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], 1)
    apart = np.linalg.norm(lab[:, None] - lab[None], axis=2)
    return float(apart[~np.eye(len(lab), dtype=bool)].min())


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize(("count", "least"), [(5, 50), (7, 30), (len(FLAT), 15)])
def test_classes_without_a_hierarchy_are_told_apart_by_all_eyes(eye: str, count: int, least: float) -> None:
    rgb = np.array([*colours_of_names(f"class {i:02d}" for i in range(count)).values()], float)
    assert nearest_two(rgb, eye) > least


@pytest.mark.parametrize("eye", EYES)
def test_main_types_of_a_group_differ_in_lightness_where_hues_are_alike(eye: str) -> None:
    colours = class_colours(coast().targets, "main_type")
    rgb = np.array([*colours.rgb(np.array(colours.label)).values()], float)
    assert nearest_two(rgb, eye) > 6
