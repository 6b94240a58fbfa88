"""The dossier of a pixel: spectrum, image and photograph of a data set made of rasters."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdm.data.dataset import TargetKind
from sdm.ui.components.linked import box_key
from sdm.ui.state import Key
from tests.pages.screen import Open, html, words
from tests.rasters.coast import IMAGE, PHOTO, PIXEL, write_coast


@pytest.fixture(scope="module")
def coasts(tmp_path_factory: pytest.TempPathFactory) -> dict[TargetKind, Path]:
    folder = tmp_path_factory.mktemp("coast")
    return {
        kind: write_coast(folder / kind.value, kind, step=6)
        for kind in (TargetKind.MULTICLASS, TargetKind.REGRESSION)
    }


@pytest.mark.parametrize("kind", [TargetKind.MULTICLASS, TargetKind.REGRESSION])
@pytest.mark.parametrize("view", ["overview", PIXEL, IMAGE, PHOTO, "neighbours"])
def test_every_view(opened: Open, coasts: dict[TargetKind, Path], kind: TargetKind, view: str) -> None:
    app = opened(coasts[kind], survey="1", view=view)
    assert not app.exception
    assert "wrong" not in words(app)
    charts = len(app.get("plotly_chart"))
    assert charts == (0 if view in (PHOTO, "neighbours") else 1)


def test_the_class_has_its_plain_name_and_its_levels(opened: Open, coasts: dict[TargetKind, Path]) -> None:
    shown = html(opened(coasts[TargetKind.MULTICLASS], survey="1"))
    assert "ground" in shown and "Main type" in shown and "Group" in shown


def test_another_class_is_compared_by_a_link(opened: Open, coasts: dict[TargetKind, Path]) -> None:
    data = coasts[TargetKind.MULTICLASS]
    alone = opened(data, survey="1", view=PIXEL)
    other = opened(data, survey="1", view=PIXEL, compared_group="1")
    assert other.selectbox(box_key(Key.COMPARED_GROUP)).value == "1"
    charts = [app.get("plotly_chart")[0].proto.spec for app in (alone, other)]
    assert "T1-C-2 ground 0" in charts[1] and "T1-C-2 ground 0" not in charts[0]


def test_a_composite_of_any_three_channels(opened: Open, coasts: dict[TargetKind, Path]) -> None:
    app = opened(coasts[TargetKind.MULTICLASS], survey="1", view=IMAGE, raster_look="own", red_channel="c3")
    assert not app.exception
    assert app.selectbox(box_key(Key.RED_CHANNEL)).value == "c3"
