"""Composites of any bands: what is offered, what is unknown, gaps, and links."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.analysis.raster_looks import UNKNOWN_MEANING, colours, look_of, looks, seen, stretch_limits
from sdm.errors import UnknownNameError
from sdm.modalities.raster_bands import SENTINEL2_BANDS


def test_what_the_bands_allow() -> None:
    assert list(looks(SENTINEL2_BANDS))[:3] == ["natural", "infrared", "ndvi"]
    assert list(looks(("NIR", "R", "G")))[:2] == ["infrared", "ndvi"]
    assert next(iter(looks(("R", "G", "B")))) == "natural"
    assert list(looks(("elevation", "canopy"))) == ["elevation", "canopy"]
    assert looks(("c1", "c2", "c3", "c4"))["channels"].meaning == UNKNOWN_MEANING


def test_three_bands_of_a_link() -> None:
    assert look_of("B11.B8.B4", SENTINEL2_BANDS).bands == ("B11", "B8", "B4")
    for name in ("nothing", "B11.B8", "B11.B8.B99", "<script>"):
        with pytest.raises(UnknownNameError):
            look_of(name, SENTINEL2_BANDS)


def test_colours_run_from_the_lower_to_the_upper_limit_and_gaps_are_transparent() -> None:
    bands = ("R", "G", "B")
    values = np.stack([np.linspace(0, 100 * (i + 1), 101).reshape(1, -1) for i in range(3)])
    values[1, 0, 50] = np.nan
    look = look_of("natural", bands)
    shown = seen(values, bands, look)
    pixels = colours(shown, stretch_limits(shown, look))
    assert pixels[0, 0].tolist() == [0, 0, 0, 255] and pixels[0, 100].tolist() == [255] * 4
    assert pixels[0, 50, 3] == 0 and (np.ptp(pixels[0, 10, :3]) <= 2)


def test_an_index_has_its_own_scale() -> None:
    values = np.array([[[3.0, 1.0, 0.0]], [[1.0, 3.0, 0.0]]])
    look = look_of("ndvi", ("NIR", "R"))
    shown = seen(values, ("NIR", "R"), look)
    assert shown[0, 0, :2].tolist() == [0.5, -0.5] and np.isnan(shown[0, 0, 2])
    pixels = colours(shown, stretch_limits(shown, look))
    assert pixels[0, 2, 3] == 0 and pixels[0, 0, 1] > pixels[0, 0, 0] and pixels[0, 1, 0] > pixels[0, 1, 2]
