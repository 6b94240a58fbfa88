"""Inputs of rasters: known by their names alone, of any bands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdm.analysis.values import usual_table
from sdm.data.store.manifest import Packing, check_packing
from sdm.modalities import MODALITIES
from sdm.modalities.raster_bands import (
    BANDS,
    EXPORT_BANDS,
    MONTHS,
    MOST_NAMED,
    Family,
    band_label,
    family_of,
    on_rasters,
    raster_modality_name,
)  # fmt: skip

labels = st.lists(st.sampled_from([*BANDS, "c1", "c7", "blue2"]), min_size=1, max_size=MOST_NAMED, unique=True)


@given(labels, st.sampled_from([("pixel", None), ("image", 32), ("photo", 224), ("series", 12)]))
def test_a_name_tells_the_whole_modality(bands: list[str], kind: tuple[Family, int | None]) -> None:
    family, side = kind
    name = raster_modality_name(family, bands, side)
    row = MODALITIES[name]
    assert row.channels == tuple(bands) and row.name == name and family_of(name) == family
    assert row.shape == (len(bands), *[side] * {"pixel": 0, "series": 1}.get(family, 2))
    per_channel = (row.channel_titles, row.units, row.scale, row.offset)
    assert {len(column) for column in per_channel} == {len(bands)} and len(row.axes) == len(row.shape)


@pytest.mark.parametrize(
    "name",
    [
        "pixel",
        "pixel32-B2",
        "image-B2",
        "pixel-B2-B2",
        "pixel-../x",
        "pixel-B2-",
        "image9999-B2",
        "pixel-c1to999",
        "series-B2",
    ],
)
def test_other_names_are_no_modality(name: str) -> None:
    assert name not in MODALITIES
    with pytest.raises(KeyError):
        MODALITIES[name]


def test_many_bands_are_numbered() -> None:
    name = raster_modality_name("pixel", [f"w{i}" for i in range(242)])
    assert name == "pixel-c1to242" and MODALITIES[name].shape == (242,)


def test_registry_lists_none_of_them() -> None:
    assert MODALITIES["pixel-B2"] is MODALITIES["pixel-B2"]
    assert not any(family_of(name) for name in MODALITIES)


def test_labels_of_bands() -> None:
    assert [band_label(text, 3) for text in ("b8a", "vv", "", "  ", "2nd", "É", "Canopy")] == [
        "B8A", "VV", "c3", "c3", "c3", "c3", "canopy",
    ]  # fmt: skip


def test_a_store_may_hold_one() -> None:
    check_packing("pixel-B2-B3", Packing("float32", (2,), None, 1, ()))
    with pytest.raises(ValueError, match="stored as"):
        check_packing("pixel-B2-B3", Packing("float32", (3,), None, 1, ()))


def test_what_pixels_are_compared_by() -> None:
    values = np.array([[1.0, np.nan]])
    np.testing.assert_array_equal(MODALITIES["pixel-B2-B3"].features(values), values)
    assert MODALITIES["image2-B2"].features(np.ones((3, 1, 2, 2))).shape == (3, 2)


def test_a_series_has_bands_by_months() -> None:
    name = raster_modality_name("series", EXPORT_BANDS, MONTHS)
    row = MODALITIES[name]
    assert row.shape == (20, 12) and row.channels[-1] == "NDWI" and on_rasters([name])
    assert all(band in BANDS for band in row.channels)
    values = np.arange(240, dtype=np.float32).reshape(20, 12)
    values[3, 5:] = np.nan
    table = usual_table(values, row)
    assert table["month"].tolist()[:12] == list(range(1, 13))
    third = table[table["band"] == row.channels[3]]["value"].to_numpy()
    assert np.isnan(third[5:]).all() and third[0] == pytest.approx(36 * row.scale[3])
    assert row.features(values[None]).shape == (1, 240)
