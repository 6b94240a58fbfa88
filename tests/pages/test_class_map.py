"""The class map on Predict: painted by a run of pixels, its layers, tiles and files."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from sdm.data import catalogue
from sdm.data.dataset import TargetKind
from sdm.data.open import open_dataset
from sdm.evaluation.run_model import predict_or_recall
from sdm.runs import Run
from sdm.runs.training_options import recipe
from sdm.training import Runtime, train
from sdm.ui.components import job, runs
from sdm.ui.components.linked import box_key
from sdm.ui.components.tiles import ROUTES
from sdm.ui.predict import class_map_job, class_map_legend
from sdm.ui.predict.class_map_reading import NOT_HERE
from sdm.ui.state import Key
from tests.pages.screen import Open, html
from tests.rasters.coast import at, write_coast

PART = "65.62290_12.83163_65.62521_12.83579"  # of Vega
KINDS = {TargetKind.MULTICLASS: "pixel-mlp", TargetKind.REGRESSION: "lime-mlp"}


@pytest.fixture(scope="module")
def coasts(tmp_path_factory: pytest.TempPathFactory) -> dict[TargetKind, Path]:
    """A data set of each kind, with a run of its pixels in `runs` beside it."""
    folder = tmp_path_factory.mktemp("coast")
    for kind, model in KINDS.items():
        data = open_dataset(write_coast(folder / kind.value, kind, step=6))
        train(data, folder / "runs" / model, recipe(model, epochs=1), Runtime("cpu"))
    return {kind: folder / kind.value for kind in KINDS}


@pytest.fixture(autouse=True)
def with_painters(coasts: dict[TargetKind, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(runs, "HOMES", (next(iter(coasts.values())).parent / "runs",))
    monkeypatch.setattr(catalogue, "HOME", tmp_path)
    monkeypatch.setattr(job, "TICK_SECONDS", 30.0)  # a page waits so long for a map: here until it is there


@pytest.mark.parametrize("kind", KINDS)
def test_a_scene_is_painted_and_saved(
    opened: Open, coasts: dict[TargetKind, Path], kind: TargetKind, tmp_path: Path
) -> None:
    app = opened(coasts[kind], page="predict", predict_section="map", site="Vega")
    assert not app.exception
    first = "value" if kind is TargetKind.REGRESSION else "class"
    assert app.selectbox(box_key(Key.MAP_LAYER)).value == first
    made = [path.name for path in (tmp_path / "class-maps").rglob("*.tif")]
    assert (
        made == ["value.tif"]
        if kind is TargetKind.REGRESSION
        else sorted(made) == ["certainty.tif", "classes.tif"]
    )
    assert len(app.get("download_button")) == (2 if kind is TargetKind.REGRESSION else 5)
    client, tile = TestClient(Starlette(routes=list(ROUTES))), at("Vega", 30, 30, 15)[0]
    url = f"/tiles/classes/{kind.value}/{KINDS[kind]}/Vega/{{}}/class/15/{tile.x}/{tile.y}.png"
    for what in ("value",) if kind is TargetKind.REGRESSION else ("class", "probability", "entropy"):
        answer = client.get(url.format(what))
        assert answer.status_code == 200
        assert np.asarray(Image.open(io.BytesIO(answer.content)))[..., 3].any()
    assert client.get(url.format("class").replace("Vega", "Landsvik")).status_code == 404
    assert client.get(url.format("other")).status_code == 404


def test_a_place_is_read_and_a_ramp_explained(opened: Open, coasts: dict[TargetKind, Path]) -> None:
    """What is predicted there, what each mapper says, and the ends of the colours."""
    for kind, layer in ((TargetKind.MULTICLASS, "entropy"), (TargetKind.REGRESSION, "value")):
        app = opened(coasts[kind], page="predict", predict_section="map", site="Vega", map_layer=layer)
        assert html(app).count('class="ramp"') == 1 and 'class="facts"' not in html(app)
        app.session_state[Key.SURVEY], app.session_state[Key.AT] = "10010", "65.6238, 12.8348"
        shown = html(app.run())
        assert 'class="facts"' in shown and "Mapped: A" in shown and "Mapped: B" in shown
        assert "-C-" in shown and NOT_HERE not in shown
        app.session_state[Key.AT] = "60, 5"
        assert NOT_HERE in html(app.run())


def test_a_part_of_a_scene_is_painted_alone(
    opened: Open, coasts: dict[TargetKind, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By the bounds in the address; those of another site mean the whole, which waits where it takes long."""
    open_map = partial(opened, coasts[TargetKind.MULTICLASS], page="predict", predict_section="map")
    app = open_map(site="Vega", map_part=PART)
    assert not app.exception and [*(tmp_path / "class-maps").glob("parts/*/classes.tif")]
    client, tile = TestClient(Starlette(routes=list(ROUTES))), at("Vega", 30, 30, 15)[0]
    url = f"/tiles/classes/multiclass/pixel-mlp/Vega/class/class/15/{tile.x}/{tile.y}.png"
    assert client.get(f"{url}?part={PART}").status_code == 200
    assert client.get(f"{url}?part=65_12_65.1_12.1").status_code == 404
    monkeypatch.setattr(class_map_job, "AT_ONCE_SECONDS", 0)
    monkeypatch.setattr(class_map_job, "AT_ONCE_PIXELS", 0)
    other = open_map(site="Landsvik", map_part=PART)
    assert not other.exception and not [*(tmp_path / "class-maps").glob("*/classes.tif")]
    other.button("paint").click().run()
    assert not other.exception and len([*(tmp_path / "class-maps").glob("*/classes.tif")]) == 1


def test_the_legend_follows_the_level(opened: Open, coasts: dict[TargetKind, Path]) -> None:
    data = coasts[TargetKind.MULTICLASS]
    fine = opened(data, page="predict", predict_section="map", mapped_level="class")
    assert "-C-" in html(fine)
    coarse = opened(data, page="predict", predict_section="map", mapped_level="group")
    assert not coarse.exception and "-C-" not in html(coarse)


@pytest.fixture
def coarse(coasts: dict[TargetKind, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The coast of classes with a run of its main types alone, which knows none but those of its training."""
    data = open_dataset(coasts[TargetKind.MULTICLASS])
    options = recipe("pixel-mlp", epochs=30, view="level:main_type", scheme="random")
    train(data, tmp_path / "runs" / "coarse", options, Runtime("cpu"))
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "runs",))
    return coasts[TargetKind.MULTICLASS]


def test_a_run_of_a_coarser_level_is_judged_and_drawn_there(opened: Open, coarse: Path, tmp_path: Path) -> None:
    """T4-C-5 has another number than its main type."""
    data = open_dataset(coarse)
    run = Run.open(tmp_path / "runs" / "coarse")
    rows = data.rows("train", "random")
    right = predict_or_recall(run, data, rows).probabilities.argmax(axis=1)
    kinds = data.targets.classes["name"].to_numpy(str)[data.targets.values[rows]]
    survey = data.sites["survey_id"].to_numpy()[rows][(right == 1) & (kinds == "T4-C-5")][0]
    shown = html(opened(coarse, page="predict", survey=str(survey)))
    rows_shown = shown.split('<table class="ranking">')[1].split("</table>")[0].split("<tr")
    (named,) = [row for row in rows_shown if ">T4" in row]
    assert 'class="hit"' in named and "Group" in shown, named
    for level, label in (("class", "T4 forest"), ("main_type", "T4 forest"), ("group", "T dry land")):
        drawn = opened(coarse, page="predict", predict_section="map", mapped_level=level)
        assert not drawn.exception and f">{label} <" in html(drawn), html(drawn)


def test_without_scenes_there_is_no_such_section(opened: Open, stores: dict[str, Path]) -> None:
    app = opened(stores["multiclass"], page="predict", predict_section="map")
    assert not app.exception and app.session_state[Key.PREDICT_SECTION] == "survey"


def test_without_a_model_the_page_says_how_to_train_one(
    opened: Open, coasts: dict[TargetKind, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(runs, "HOMES", (tmp_path / "none",))
    app = opened(coasts[TargetKind.MULTICLASS], page="predict", predict_section="map")
    assert not app.exception and [code.value for code in app.code if "train" in code.value]


@pytest.mark.parametrize("kind", KINDS)
def test_the_bands_that_count_are_shown_of_a_model_of_one_input(
    opened: Open, coasts: dict[TargetKind, Path], kind: TargetKind
) -> None:
    app = opened(coasts[kind], page="predict", survey="1", predict_view="attribution")
    assert not app.exception and len(app.get("plotly_chart")) == 1


def test_a_class_has_its_plain_name_and_its_levels(opened: Open, coasts: dict[TargetKind, Path]) -> None:
    shown = html(opened(coasts[TargetKind.MULTICLASS], page="predict", survey="1"))
    assert "ground" in shown and "Main type" in shown and '<i lang="la">' not in shown


def test_a_number_stands_beside_the_training_mean(opened: Open, coasts: dict[TargetKind, Path]) -> None:
    app = opened(coasts[TargetKind.REGRESSION], page="predict", survey="1")
    assert not app.exception and "mean of the training pixels" in html(app)


def test_few_classes_are_painted_alone(
    opened: Open, coasts: dict[TargetKind, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those chosen in the page's link, by their names at the level of the colours."""
    monkeypatch.setattr(class_map_legend, "MANY", 0)
    choice = partial(opened, coasts[TargetKind.MULTICLASS], page="predict", predict_section="map", site="Vega")
    boxes = [choice(mapped_level=level).multiselect(box_key(Key.MAP_CLASSES)) for level in ("class", "main_type")]
    assert all(" " in option for box in boxes for option in box.options)  # with plain names
    painted = choice(mapped_level="main_type", map_classes=boxes[1].options[0].split()[0])
    assert len(painted.multiselect(box_key(Key.MAP_CLASSES)).value) == 1
    client, tile = TestClient(Starlette(routes=list(ROUTES))), at("Vega", 30, 30, 15)[0]
    url = f"/tiles/classes/multiclass/pixel-mlp/Vega/class/main_type/15/{tile.x}/{tile.y}.png"

    def pixels(*only: str) -> int:
        content = client.get(url, params={"only": only}).content
        return int((np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))[..., 3] > 0).sum())

    names = [option.split()[0] for option in boxes[1].options]
    assert pixels() == sum(map(pixels, names)) == pixels(*names) > 0 == pixels("none of them")
