"""About the data: what is this and how far can I trust it?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sdm.data.dataset import TargetKind
from sdm.data.store import write_store
from tests.data.trees import landsat_path, write_tree
from tests.datasets import multilabel, renamed
from tests.hostile import HOSTILE
from tests.pages.screen import Open, html, words
from tests.rasters.coast import write_coast


def test_every_kind_of_target_has_its_overview(opened: Open, stores: dict[str, Path], kind: str) -> None:
    app = opened(stores[kind], page="about")
    assert not app.exception
    assert not app.error
    assert len(app.get("plotly_chart")) == (7 if kind == "regression" else 8)
    assert "Area of applicability" in words(app)
    assert ("Species frequencies" in words(app)) == (kind == "multilabel")
    assert "simulated" in words(app)
    assert app.dataframe[0].value["surveys"].sum() == 20
    assert app.session_state["split_scheme"] == "block"


def test_simulated_is_said_plainly(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="about")
    assert "Simulated data" in html(app)
    assert "says nothing of nature" in words(app)


@pytest.fixture(scope="module")
def coasts(tmp_path_factory: pytest.TempPathFactory) -> dict[TargetKind, Path]:
    """Two sites cut from rasters, with classes and with a number."""
    folder = tmp_path_factory.mktemp("coasts")
    kinds = (TargetKind.MULTICLASS, TargetKind.REGRESSION)
    return {kind: write_coast(folder / kind.value, kind) for kind in kinds}


@pytest.mark.parametrize(("kind", "figures"), [(TargetKind.MULTICLASS, 9), (TargetKind.REGRESSION, 7)])
def test_rasters_show_bands_shift_and_mappers(
    opened: Open, coasts: dict[TargetKind, Path], kind: TargetKind, figures: int
) -> None:
    app = opened(coasts[kind], page="about")
    assert not app.exception
    assert not app.error
    assert len(app.get("plotly_chart")) == figures
    said = words(app)
    assert "Rasters" not in said or "plant names" not in html(app)
    assert "species" not in said.lower()
    assert "Country" not in said


def test_classes_are_counted_by_level_and_split(opened: Open, coasts: dict[TargetKind, Path]) -> None:
    data = coasts[TargetKind.MULTICLASS]
    chosen = {"class_level": "group", "counted_by": "site", "band_colour": "main_type", "mapper_level": "group"}
    app = opened(data, page="about", **chosen)
    assert not app.exception
    assert app.session_state["class_level"] == "group"
    names = {trace["name"] for chart in app.get("plotly_chart") for trace in json.loads(chart.proto.spec)["data"]
             if "name" in trace}  # fmt: skip
    assert {"train", "validation", "test"} <= names
    assert {"T1", "T4", "V1"} <= names


def test_damaged_polygons_are_named(opened: Open, tmp_path: Path) -> None:
    data = write_coast(tmp_path / "coast")
    for path in (data / "scenes").glob("*-B.gpkg"):
        path.write_bytes(b"")
    app = opened(data, page="about")
    assert not app.exception
    assert "The mappers cannot be compared" in [error.value for error in app.error]


def test_the_check_runs_when_asked_for(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multilabel"], page="about")
    assert len(app.dataframe) == 1
    app.session_state["check_open"] = True
    app.run()
    assert not app.exception


def test_the_check_names_files_relative_to_the_data_set(opened: Open, tmp_path: Path) -> None:
    tree = write_tree(tmp_path / "tree")
    cube = landsat_path(tree, "PA-test", 2)
    cube.write_bytes(b"")
    app = opened(tree, page="about")
    app.session_state["check_open"] = True
    details = "\n".join(app.run().dataframe[-1].value["detail"])
    assert cube.relative_to(tree).as_posix() in details
    assert str(tmp_path) not in details


def test_titles_mean_nothing_but_themselves(opened: Open, tmp_path: Path) -> None:
    store = write_store(renamed(multilabel(), HOSTILE), tmp_path / "hostile").place
    app = opened(store, page="about")
    assert not app.exception
    assert "<script" not in html(app)
    for chart in app.get("plotly_chart"):
        assert "<img src" not in chart.proto.spec.replace("\\u003c", "<")


@pytest.mark.real
def test_a_real_partial_tree_says_what_is_missing_and_whose_it_is(opened: Open, real_tree: Path) -> None:
    app = opened(real_tree, page="about")
    assert not app.exception
    assert "Simulated data" not in html(app)
    assert "nothing here is simulated" in words(app)
    assert "CC BY 4.0" in html(app)
    assert "No species known" in html(app)
    assert "Only part of the data is here" in html(app)
