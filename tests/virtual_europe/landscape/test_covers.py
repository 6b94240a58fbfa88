"""The land of pixels: the same in every window, covers in the shares the land asks for, whole parcels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import label
from scipy.special import ndtri

from sdm.virtual_europe.landscape.claims import CLAIMS, INDEX, _quantile
from sdm.virtual_europe.landscape.communes import communes
from sdm.virtual_europe.landscape.covers import Land, computed_land, land
from sdm.virtual_europe.landscape.ground import _Known
from sdm.virtual_europe.landscape.lattice import Windows, windows_at
from sdm.virtual_europe.place import COVERS


def around(lon: float, lat: float, size: int) -> Land:
    return computed_land(windows_at(np.array([lon]), np.array([lat]), size), 0)


def test_every_cover_claims_once() -> None:
    assert set(CLAIMS) == set(COVERS)
    assert [COVERS[i] for i in INDEX.values()] == list(CLAIMS)


@settings(max_examples=8, deadline=None)
@given(st.floats(-5, 25), st.floats(40, 66), st.integers(0, 39), st.integers(0, 39))
def test_a_pixel_is_the_same_alone_and_in_any_window(lon: float, lat: float, right: int, down: int) -> None:
    here = around(lon, lat, 40)
    west, north = here.pixels.west + right, here.pixels.north + down
    alone, at = computed_land(Windows(west, north), 0), 40 * down + right
    assert alone.cover[0] == here.cover[at]
    assert alone.parcels.key[alone.parcels.of[0]] == here.parcels.key[here.parcels.of[at]]
    for name, inside in alone.inside.items():
        assert inside[0] == here.inside[name][at]


@settings(max_examples=8, deadline=None)
@given(st.floats(-5, 25), st.floats(40, 66), st.integers(0, 69), st.integers(0, 69), st.sampled_from([1, 3]))
def test_a_window_within_the_last_one_is_cut_from_it(
    lon: float, lat: float, right: int, down: int, size: int
) -> None:
    wide = land(windows_at(np.array([lon]), np.array([lat]), 72), 0)
    window = Windows(wide.pixels.west + right, wide.pixels.north + down, size)
    cut, anew = land(window, 0), computed_land(window, 0)
    np.testing.assert_array_equal(cut.cover, anew.cover)
    for name in ("across", "edge"):
        np.testing.assert_array_equal(getattr(cut.parcels, name), getattr(anew.parcels, name))
    for name in ("key", "middle_east"):
        one, other = (getattr(part.parcels, name)[part.parcels.of] for part in (cut, anew))
        np.testing.assert_array_equal(one, other)
    for name in ("east", "border"):
        np.testing.assert_array_equal(getattr(cut.communes, name), getattr(anew.communes, name))
    np.testing.assert_array_equal(cut.communes.key[cut.communes.of], anew.communes.key[anew.communes.of])
    for one, other in zip(cut.ground.nodes.cover.T, anew.ground.nodes.cover.T, strict=True):
        np.testing.assert_array_equal(cut.ground.smooth(one), anew.ground.smooth(other))
    np.testing.assert_array_equal(cut.height, anew.height)


def test_nodes_are_the_same_when_too_many_were_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    window = windows_at(np.array([9.0, 9.01, 15.0]), np.array([56.1, 56.1, 47.0]), 40)
    before = computed_land(window, 0).ground
    monkeypatch.setattr(_Known, "most", 12)
    for lon in (9.0, 9.03, 21.0):
        around(lon, 52.0, 40)
        assert len(_Known.row) <= 12
    after = computed_land(window, 0).ground
    for name in ("cover", "elevation", "roads"):
        np.testing.assert_allclose(getattr(before.nodes, name), getattr(after.nodes, name), rtol=1e-12)


def test_shares_are_those_the_land_asks_for() -> None:
    random = np.random.default_rng(0)
    lon, lat = random.uniform(8.3, 10.2, 3000), random.uniform(55.2, 57.0, 3000)
    here = land(windows_at(lon, lat), 0)
    asked = np.array([here.ground.smooth(column).mean() for column in here.ground.nodes.cover.T])
    drawn = np.bincount(here.cover, minlength=len(COVERS)) / len(lon)
    np.testing.assert_allclose(drawn, asked, atol=0.03)


def test_a_parcel_is_one_piece_with_one_cover_where_it_is_farmed() -> None:
    here = around(9.0, 56.1, 120)
    key, cover = here.parcels.of.reshape(120, 120), here.cover.reshape(120, 120)
    arable = cover == INDEX["arable"]
    for number in np.unique(key[arable])[:40]:
        piece = key == number
        sizes = np.bincount(label(piece, np.ones((3, 3)))[0].ravel())[1:]
        assert sizes.max() >= 0.85 * sizes.sum()  # bent borders may cut off a pixel or two
        farmed = cover[piece][np.isin(cover[piece], [INDEX["arable"], INDEX["meadow"]])]
        assert len(np.unique(farmed)) == 1


def test_communes_have_a_size_and_borders() -> None:
    of = communes(windows_at(np.array([9.0]), np.array([56.1]), 640), 0)
    sizes = np.bincount(of.of)
    assert 20 <= len(sizes) <= 60  # 25 of 1.28 km side fill 6.4 km, more are cut by its edge
    assert of.border.min() < 1
    assert of.border.max() > 30


def test_the_quantile_is_good_enough() -> None:
    share = np.linspace(0.002, 0.998, 999).astype(np.float32)
    np.testing.assert_allclose(_quantile(share), ndtri(share), atol=0.006)
