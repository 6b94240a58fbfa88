"""Class maps: every pixel as predicted alone, windows as the whole, files others can read, stopped cleanly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from pyproj import Transformer

from sdm.data.dataset import TargetKind
from sdm.errors import DataError
from sdm.evaluation.run_model import open_model, predict_with
from sdm.geo.mercator import Tile, project
from sdm.inference import class_map_grid
from sdm.inference.class_map_files import (
    CERTAINTY,
    CLASSES,
    VALUE,
    class_areas,
    layer_for,
    map_folder,
    read_at,
    remove_old_parts,
    why_no_map,
)
from sdm.inference.class_map_writer import entropy
from sdm.inference.scene_class_map import predict_scene, seconds_each
from sdm.jobs import Cancelled
from sdm.maps.class_map_tiles import draw, open_map
from sdm.rasters.scenes import Scene
from sdm.runs import Run
from sdm.runs.training_options import recipe
from sdm.training import Runtime, train
from tests.rasters.coast import CODES, IMAGE, PIXEL, SIDE, coast, scenes, write_rasters

MIDDLE = ((58.6371, 9.0033), (58.6393, 9.0068))  # of the first site
COLOURS = {code: (10 * i, 20, 30) for i, code in enumerate(CODES)}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scenes")
    write_rasters(folder)
    return folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    folder, cpu = tmp_path_factory.mktemp("runs"), Runtime("cpu")
    train(coast(), folder / "pixel", recipe("pixel-mlp", epochs=1), cpu)
    train(coast(), folder / "image", recipe("image-cnn", epochs=1), cpu)
    train(coast(TargetKind.REGRESSION), folder / "lime", recipe("lime-mlp", epochs=1), cpu)
    return {name: Run.open(folder / name) for name in ("pixel", "image", "lime")}


def painted(run: Run, place: Path, out: Path) -> Path:
    layer = layer_for(run, scenes()[0])
    assert layer is not None
    predict_scene(run, layer, place, out, COLOURS)
    return out


@pytest.fixture(scope="module")
def maps(runs: dict[str, Run], place: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Run -> its map of the first site; not to be written to."""
    folder = tmp_path_factory.mktemp("maps")
    return {name: painted(run, place, folder / name) for name, run in runs.items()}


def test_every_pixel_is_what_the_run_predicts_of_it(runs: dict[str, Run], maps: dict[str, Path]) -> None:
    data, run = coast(), runs["pixel"]
    rows = np.flatnonzero(data.sites["source"] == "Landsvik")
    alone = predict_with(open_model(run), run.card.statistics, data, rows).probabilities
    with rasterio.open(maps["pixel"] / CLASSES) as file:
        classes, at = file.read(1), [file.index(x, y) for x, y in data.sites.loc[rows, ["x", "y"]].to_numpy()]
        assert file.colormap(1)[2][:3] == COLOURS[CODES[1]] and file.tags(1)["CLASS_1"] == CODES[0]
    with rasterio.open(maps["pixel"] / CERTAINTY) as file:
        probability, disorder = file.read()
    row, column = np.array(at).T
    assert np.array_equal(classes[row, column] - 1, alone.argmax(axis=1))
    assert np.allclose(probability[row, column], alone.max(axis=1), atol=1e-3)
    assert np.allclose(disorder[row, column], entropy(alone.T.astype(np.float32)), atol=5e-3)
    assert (classes[:3, :4] == 0).all() and np.isnan(probability[:3, :4]).all()


@pytest.mark.parametrize("name", ["pixel", "image", "lime"])
def test_windows_make_the_same_map_as_the_whole(
    runs: dict[str, Run], maps: dict[str, Path], place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:  # fmt: skip
    whole = maps[name]
    monkeypatch.setattr(class_map_grid, "BLOCK", 16)
    monkeypatch.setattr(class_map_grid, "IMAGE_BLOCK", 16)
    parts = painted(runs[name], place, tmp_path / "parts")
    for path in whole.iterdir():
        with rasterio.open(path) as one, rasterio.open(parts / path.name) as other:
            assert one.transform == other.transform and one.crs == other.crs
            assert np.allclose(one.read(), other.read(), atol=1e-5, equal_nan=True)


@pytest.mark.parametrize("name", ["pixel", "image"])
def test_a_part_is_cut_out_of_the_whole(
    runs: dict[str, Run], maps: dict[str, Path], place: Path, tmp_path: Path, name: str
) -> None:
    whole, layer = maps[name], layer_for(runs[name], scenes()[0])
    assert layer is not None
    predict_scene(runs[name], layer, place, tmp_path / "part", COLOURS, within=MIDDLE)
    with rasterio.open(whole / CERTAINTY) as file, rasterio.open(tmp_path / "part" / CERTAINTY) as part:
        row, column = file.index(part.bounds.left, part.bounds.top, op=round)
        assert row > 0 and column > 0 and part.width < file.width and part.height < file.height
        cut = file.read()[:, row : row + part.height, column : column + part.width]
        assert np.allclose(part.read(), cut, atol=1e-5, equal_nan=True)
    (south, west), (north, east) = MIDDLE
    here = read_at(tmp_path / "part", CODES, (west + east) / 2, (south + north) / 2)
    assert here is not None and here == read_at(whole, CODES, (west + east) / 2, (south + north) / 2)
    assert here.name in CODES and 0 < here.probability <= 1 and 0 <= here.entropy <= 1
    assert read_at(whole, CODES, west - 1, south) is None
    with pytest.raises(DataError):
        predict_scene(runs[name], layer, place, tmp_path / "none", COLOURS, within=((0.0, 0.0), (1.0, 1.0)))
    assert seconds_each(runs[name], layer, place) > 0


def test_a_map_of_images_is_coarser_and_lies_where_the_scene_lies(maps: dict[str, Path], place: Path) -> None:
    with (
        rasterio.open(maps["image"] / CLASSES) as made,
        rasterio.open(place / "scenes/Landsvik-orthophoto.tif") as scene,
    ):
        assert made.width == scene.width // 8 and made.transform.a == 8 * scene.transform.a
        assert (made.bounds.left, made.bounds.top) == (scene.bounds.left, scene.bounds.top)


def test_a_number_is_painted_as_it_is(runs: dict[str, Run], maps: dict[str, Path]) -> None:
    data, run = coast(TargetKind.REGRESSION), runs["lime"]
    alone = predict_with(open_model(run), run.card.statistics, data, np.arange(20)).probabilities[:, 0]
    with rasterio.open(maps["lime"] / VALUE) as file:
        at = [file.index(x, y) for x, y in data.sites.loc[:19, ["x", "y"]].to_numpy()]
        values = file.read(1)
    row, column = np.array(at).T
    assert np.allclose(values[row, column], alone, atol=2e-2)
    lon, lat = data.sites.loc[7, ["lon", "lat"]]
    here = read_at(maps["lime"], (), lon, lat)
    assert here is not None and here.value == values[at[7]] and not here.name


def test_nothing_is_left_of_a_map_that_was_stopped(runs: dict[str, Run], place: Path, tmp_path: Path) -> None:
    def stop(*_: object) -> None:
        raise Cancelled

    layer = layer_for(runs["pixel"], scenes()[0])
    assert layer is not None
    with pytest.raises(Cancelled):
        predict_scene(runs["pixel"], layer, place, tmp_path / "maps" / "map", COLOURS, stop)
    assert list((tmp_path / "maps").iterdir()) == []


def test_areas_add_up_to_the_scene(maps: dict[str, Path]) -> None:
    table = class_areas(maps["pixel"], CODES)
    assert table["pixels"].sum() == SIDE * SIDE - 12 and table["share"].sum() == pytest.approx(1)
    assert table["hectares"].sum() == pytest.approx((SIDE * SIDE - 12) / 100)
    assert table["probability"].between(0, 1).all()


def test_which_runs_paint_which_scenes(runs: dict[str, Run], tmp_path: Path) -> None:
    landsvik, vega = scenes()
    assert layer_for(runs["pixel"], landsvik) == landsvik.layers[0] and not why_no_map(runs["image"], scenes())
    bare = Scene("x", "x", (), ())
    assert layer_for(runs["pixel"], bare) is None and why_no_map(runs["pixel"], [bare])
    folders = {map_folder(tmp_path, run, scene, "f") for run in runs.values() for scene in (landsvik, vega)}
    assert len(folders) == 6
    part = map_folder(tmp_path, runs["pixel"], vega, "f", MIDDLE)
    assert part not in folders
    part.mkdir(parents=True)
    remove_old_parts(tmp_path)
    assert part.exists()
    remove_old_parts(tmp_path, seconds=-1)
    assert not part.exists()


def test_tiles_show_the_class_of_the_file(runs: dict[str, Run], maps: dict[str, Path]) -> None:
    folder = maps["pixel"]
    with rasterio.open(folder / CLASSES) as file:
        classes, there = file.read(1), file.transform * (30.5, 20.5)
    lon, lat = Transformer.from_crs(32632, 4326, always_xy=True).transform(*there)
    x, y = (float(v) * 2**17 for v in project(np.array(lon), np.array(lat)))
    palette = np.array([[0, 0, 0, 0], *([i, i, i, 255] for i in range(1, 6))], np.uint8)
    tile = Tile(17, int(x), int(y))
    picture = draw(open_map(folder, "class"), tile, "class", palette)
    assert picture is not None and picture[int(y % 1 * 256), int(x % 1 * 256), 0] == classes[20, 30]
    for what in ("probability", "entropy"):
        drawn = draw(open_map(folder, what), tile, what, None)
        assert drawn is not None and drawn[..., 3].any()
    assert PIXEL in runs["pixel"].card.inputs and IMAGE in runs["image"].card.inputs
