"""Maps of exports: every pixel as predicted alone, the same as of the scene, files others can read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
from click.testing import CliRunner
from PIL import Image

from sdm.cli import main
from sdm.errors import DataError, RunError
from sdm.inference.class_map_files import CERTAINTY, CLASSES, class_areas
from sdm.inference.series_class_map import PREDICTIONS, predict_series, read_for, write_series_maps
from sdm.modalities import MODALITIES
from sdm.rasters.scenes import read_scenes
from sdm.runs import Run
from sdm.runs.training_options import TrainingOptions, recipe
from sdm.series.build import import_series
from sdm.series.options import ImportOptions, ReadOptions
from sdm.training import Runtime, train
from tests.datasets import TREE_SERIES, TREES, monthly, multiclass
from tests.series.exports import raw_table, write_exports

BANDS = MODALITIES[TREE_SERIES].channels


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """An LSTM with few units, trained for one epoch."""
    options = recipe("series-lstm", epochs=1, model_config={"hidden": 8})
    return train(monthly(), tmp_path_factory.mktemp("runs") / "lstm", options, Runtime("cpu"))


@pytest.fixture(scope="module")
def tiles(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Four tiles of 6 x 6 pixels; three at the corner of the last are not there."""
    return write_exports(tmp_path_factory.mktemp("exports"))[1:]


@pytest.fixture(scope="module")
def made(run: Run, tiles: list[Path]) -> Path:
    """The folder of the site's map, made by the command from the tiles in any order."""
    out = tiles[0].parent / "maps"
    words = ["classmap", str(run.path), *map(str, tiles[::-1]), "--out", str(out), "--json"]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    (site,) = answer["sites"]
    assert site["no_map"] is None and sum(site["classes"].values()) == site["pixels"] == 141
    assert len(answer["report"]["files"]) == 4
    return Path(site["folder"])


def test_every_pixel_has_a_class_and_lies_where_it_was(run: Run, tiles: list[Path], made: Path) -> None:
    predicted = pd.read_csv(made / PREDICTIONS)
    assert list(predicted) == ["latitude", "longitude", "predicted_class"]
    table = read_for(run, tiles)
    alone = np.array(TREES)[predict_series(run, table).argmax(axis=1)]
    np.testing.assert_array_equal(predicted["predicted_class"], alone)
    with rasterio.open(made / CLASSES) as file:
        classes, at = file.read(1), [file.index(x, y) for x, y in zip(table.lon, table.lat, strict=True)]
        assert [file.tags(1)[f"CLASS_{i}"] for i in range(1, 6)] == list(TREES)
        assert len({file.colormap(1)[i][:3] for i in range(1, 6)}) == 5
    row, column = np.array(at).T
    np.testing.assert_array_equal(np.array(TREES)[classes[row, column] - 1], alone)
    assert classes.shape == (12, 12) and (classes == 0).sum() == 3
    with rasterio.open(made / CERTAINTY) as file:
        probability, entropy = file.read()
    assert np.isfinite(probability[row, column]).all() and np.isfinite(entropy).sum() == 141
    areas = class_areas(made, TREES)
    assert areas["pixels"].sum() == 141 and areas["hectares"].sum() == pytest.approx(0.75 * 1.41, rel=0.01)
    with Image.open(made / "classes.png") as picture:
        across, down = picture.size
    assert across > 700 and down > 900  # the map of 12 x 12 pixels is drawn narrower than high at 41 degrees


def test_a_scene_of_the_same_pixels_has_the_same_map(run: Run, tiles: list[Path], made: Path) -> None:
    folder = tiles[0].parent / "data"
    points = tiles[0].parent / "points.csv"
    import_series([points, *tiles], folder, ImportOptions(read=ReadOptions(BANDS)))
    (scene,) = read_scenes(folder)
    done = CliRunner().invoke(main, ["classmap", str(run.path), "--data", str(folder), "--out", str(folder / "m")])
    assert done.exit_code == 0 and "141 pixels" in done.stdout, done.output
    places = ["latitude", "longitude"]
    one, other = (pd.read_csv(path / PREDICTIONS).round(6).sort_values(places, ignore_index=True)
                  for path in (made, folder / "m" / scene.source))  # fmt: skip
    pd.testing.assert_frame_equal(one, other[list(one)], atol=2e-6)
    for name in (CLASSES, CERTAINTY):
        with rasterio.open(made / name) as one, rasterio.open(folder / "m" / scene.source / name) as other:
            np.testing.assert_allclose(one.read(), other.read(), atol=1e-5)
            assert one.transform.almost_equals(other.transform) and one.crs == other.crs


def test_pixels_on_no_lattice_have_a_table_without_a_map(run: Run, tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    raw_table(random.uniform(0, 90, 30), random.uniform(0, 90, 30)).to_csv(tmp_path / "loose.csv", index=False)
    (one,) = write_series_maps(run, read_for(run, [tmp_path / "loose.csv"]), tmp_path / "maps", {})
    assert "lattice" in one.no_map and [path.name for path in one.folder.iterdir()] == [PREDICTIONS]
    assert len(pd.read_csv(one.folder / PREDICTIONS)) == one.pixels == 30


def test_what_cannot_be_mapped_is_refused(run: Run, tmp_path: Path) -> None:
    row = np.arange(4)
    raw_table(row, row).drop(columns=["B4", "NDVI"]).to_csv(tmp_path / "few.csv", index=False)
    with pytest.raises(DataError, match="none of B4, NDVI"):
        read_for(run, [tmp_path / "few.csv"])
    other = train(multiclass(), tmp_path / "other", TrainingOptions("class-frequency"), Runtime("cpu"))
    with pytest.raises(RunError, match="no series"):
        read_for(other, [tmp_path / "few.csv"])
