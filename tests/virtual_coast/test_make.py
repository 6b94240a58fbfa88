"""The data sets that the importers make of a small coast."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
from click.testing import CliRunner
from rasterio.windows import Window

from sdm.cli import main
from sdm.data.dataset import TargetKind
from sdm.data.open import open_dataset
from sdm.errors import DataError
from sdm.jobs import Cancelled
from sdm.rasters.photo_report import read_photo_report
from sdm.rasters.report import read_report
from sdm.rasters.scenes import read_scenes
from sdm.virtual_coast.make import DATASETS, make_coast
from sdm.virtual_coast.parameters import SITES, VERSION, Coast


def test_every_data_set_opens_and_says_that_it_is_simulated(made: tuple[Path, ...]) -> None:
    for path, specification in zip(made[1:], DATASETS, strict=True):
        dataset = open_dataset(path)
        assert (dataset.name, dataset.title) == (specification.name, specification.title)
        assert (dataset.simulated, dataset.world_version) == (True, VERSION)
        assert "simulated" in dataset.title
        assert set(dataset.sites["source"]) == {site.name for site in SITES}
        values = dataset.reader.read(dataset.modalities[0], np.arange(4))
        assert np.isfinite(values).all()


def test_kinds_of_target_and_inputs(made: tuple[Path, ...]) -> None:
    types, images, photos, lime = (open_dataset(path) for path in made[1:])
    assert [len(each.modalities) for each in (types, images, photos, lime)] == [2, 1, 1, 1]
    assert types.modalities[1].endswith("-B12-VV-VH")
    assert types.targets.hierarchy == ("group", "main_type", "name")
    assert (images.modalities, photos.modalities) == (("image32-c1to3",), ("photo224-R-G-B",))
    assert lime.targets.kind is TargetKind.REGRESSION
    assert "main_type" in lime.schemes


def test_scenes_show_all_mappers(made: tuple[Path, ...]) -> None:
    scenes = {scene.source: scene for scene in read_scenes(made[1])}
    assert {name: len(scene.mappings) for name, scene in scenes.items()} == {"Landsvik": 2, "Vega": 3}
    assert all((made[1] / layer.files[0]).exists() for scene in scenes.values() for layer in scene.layers)


def test_rasters_that_are_no_input_are_in_the_scenes(made: tuple[Path, ...]) -> None:
    """Terrain beside the satellite, the drone where it flew, and the satellite round the photographs."""
    layers = [
        {scene.source: [layer.name for layer in scene.layers] for scene in read_scenes(path)} for path in made
    ]
    assert all(names[-1] == "terrain" for names in layers[1].values())
    assert layers[2] == {"Landsvik": ["orthophoto", "drone"], "Vega": ["orthophoto"]}
    assert layers[3] == {"Landsvik": ["sentinel2"], "Vega": ["sentinel2"]}
    assert all(len(scene.mappings) > 1 for scene in read_scenes(made[3]))
    photographs = read_photo_report(made[3])
    assert photographs is not None and photographs.crops == len(open_dataset(made[3])) and not photographs.left_out
    assert read_report(made[3]) is None and read_photo_report(made[1]) is None


def test_repeated_pixels_are_dropped(made: tuple[Path, ...]) -> None:
    report = read_report(made[1])
    assert report is not None
    assert all(0.4 < site.duplicate_share < 0.75 for site in report.sites)


def test_the_drone_image_is_cut_by_the_command(coast: Path, tmp_path: Path) -> None:
    raster, polygons = coast / "landsvik-drone.tif", coast / "landsvik-mapper-1.gpkg"
    arguments = "polygons", "--raster", raster, "--polygons", polygons, "--image", 32, "--level", "main_type"
    result = CliRunner().invoke(
        main, [*map(str, arguments), "--site", "Landsvik", "--out", str(tmp_path / "drone")]
    )
    assert result.exit_code == 0, result.stderr
    data = open_dataset(tmp_path / "drone")
    assert data.modalities == ("image32-G-B-R-RE-NIR-PAN",)
    assert data.targets.hierarchy == ("group", "name") and len(data.sites) >= 3
    assert not any("-" in name for name in data.targets.classes["name"])
    with rasterio.open(raster) as file:
        row, column = file.index(data.sites["x"][0] - 3.1, data.sites["y"][0] + 3.1)  # 32 pixels of 0.2 m
        window = file.read(window=Window(column, row, 32, 32))
    np.testing.assert_array_equal(data.reader.read(data.modalities[0], np.array([0]))[0], window)


def test_nothing_is_left_of_work_that_was_stopped(tmp_path: Path, small: Coast) -> None:
    def stop(_done: int, _total: int, what: str) -> None:
        if "polygons" in what:
            raise Cancelled

    with pytest.raises(Cancelled):
        make_coast(tmp_path, stop, coast=small)
    assert not list(tmp_path.iterdir())


@pytest.fixture
def heeding() -> Iterator[None]:
    """Ctrl-C is heeded, also in a process that a shell started in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeding")
def test_ctrl_c_does_not_wait_for_both_sites(tmp_path: Path, small: Coast) -> None:
    steps: list[str] = []

    def stop(_done: int, _total: int, what: str) -> None:
        steps.append(what)
        if len(steps) == 2:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        make_coast(tmp_path, stop, coast=small)
    assert len(steps) < 6
    assert not list(tmp_path.iterdir())


def test_a_coast_that_is_there_is_not_overwritten(made: tuple[Path, ...]) -> None:
    with pytest.raises(DataError, match="already"):
        make_coast(made[0].parent)
