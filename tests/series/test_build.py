"""Exports become a data set that opens like any other, with the scene of the pixels without a class."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
from click.testing import CliRunner
from rasterio.transform import rowcol

from sdm.cli import main
from sdm.data.dataset import Dataset, TargetKind
from sdm.data.open import open_dataset
from sdm.errors import DataError
from sdm.rasters.group_splits import intersections
from sdm.rasters.scenes import read_scenes
from sdm.series.build import import_series
from sdm.series.import_report import read_report
from sdm.series.options import ImportOptions, ReadOptions
from sdm.series.reader import read_series
from tests.series.exports import CLASSES, labelled_table, write_exports


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_exports(tmp_path_factory.mktemp("exports"))


@pytest.fixture(scope="module")
def made(files: list[Path]) -> Dataset:
    """The data set, made by the command."""
    out = files[0].parent / "trees"
    done = CliRunner().invoke(main, ["series", *map(str, files), "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    report = read_report(out)
    assert report is not None
    assert json.loads(done.stdout) == json.loads(json.dumps(report.to_json()))
    return open_dataset(out)


def test_labelled_pixels_are_the_rows(files: list[Path], made: Dataset):
    assert len(made) == 160
    assert made.targets.kind is TargetKind.MULTICLASS
    assert made.targets.hierarchy == ("name",)
    assert tuple(made.targets.classes["name"]) == CLASSES
    table = pd.read_csv(files[0])
    some = made.sites.iloc[7]
    rows = table[(table["longitude"] == some["lon"]) & (table["latitude"] == some["lat"])].sort_values(
        "image_date"
    )
    values = made.reader.read(made.modalities[0], np.array([7]))[0]
    bands = made.modalities[0].split("-")[1:]
    assert np.allclose(values[bands.index("TCIR"), : len(rows)], rows["TCI_R"])
    assert np.isnan(values[:, len(rows) :]).all()
    assert made.targets.classes["name"][made.targets.values[7]] == rows["Class"].iloc[0]
    assert some["dates"] == " ".join(rows["image_date"])
    assert some["months"] == len(rows)


def test_no_split_but_the_one_by_pixel_parts_a_field_point(made: Dataset):
    assert set(made.schemes) == {"random", "point", "block"}
    point = made.sites["point"].to_numpy()
    assert (np.bincount(point)[1:] % 4 == 0).all()
    common = {scheme: sum(intersections(made.sites[f"split_{scheme}"].to_numpy(str), point).values())
              for scheme in made.schemes}  # fmt: skip
    assert common["point"] == common["block"] == 0 < common["random"]


def test_the_scene_holds_the_series_of_the_tiles(files: list[Path], made: Dataset):
    (scene,) = read_scenes(made.place)
    table = read_series(files[1:])
    assert made.place is not None
    with rasterio.open(made.place / scene.layers[0].files[0]) as file:
        row, column = rowcol(file.transform, table.lon, table.lat)
        grid = file.read().reshape(len(table.bands), 12, file.height, file.width)
        assert file.descriptions[:2] == ("B1 step 01", "B1 step 02")
        assert (file.width, file.height) == (12, 12)
    assert np.array_equal(grid[:, :, np.array(row, int), np.array(column, int)], np.moveaxis(table.values, 0, 2),
                          equal_nan=True)  # fmt: skip
    assert np.isnan(grid[0, 0, -1, -1])  # the corner that no tile has


def test_unlabelled_files_alone_are_shown_without_a_target(files: list[Path], tmp_path: Path):
    report = import_series(files[1:], tmp_path / "unseen", ImportOptions(read=ReadOptions(bands=("B8", "NDVI"))))
    data = open_dataset(tmp_path / "unseen")
    assert data.modalities == ("series12-B8-NDVI",)
    assert not data.targets.known.any()
    assert report.scenes[0].pixels == len(data)


def test_classes_that_were_not_asked_for_or_have_too_few_are_named(tmp_path: Path):
    table = labelled_table(10)
    table.loc[(table["Class"] == "shrubland") & (table.index % 12 > 0), "Class"] = np.nan
    table.loc[table["Class"] == "shrubland", "Class"] = "bare"
    table = table[table["Class"].notna()]
    table.to_csv(tmp_path / "points.csv", index=False)
    report = import_series([tmp_path / "points.csv"], tmp_path / "out", ImportOptions(classes=CLASSES[:2], most=5))
    assert report.classes == {"deci_broad": 5, "ever_coni": 5}
    assert set(report.unknown_classes) == {"larch_CN", "larch_JP", "bare"}
    assert report.over_limit == 6
    with pytest.raises(DataError, match="no labelled pixel"):
        import_series([tmp_path / "points.csv"], tmp_path / "none", ImportOptions(classes=("pine",)))
    assert not (tmp_path / "none").exists()


def test_files_of_one_class_each_are_one_site_and_no_pixel_is_there_twice(tmp_path: Path):
    table = labelled_table(10)
    for name, part in table.groupby("Class"):
        part.to_csv(tmp_path / f"field_{name}.csv", index=False)
    again = table.iloc[:30].assign(longitude=table["longitude"] + 1e-9)
    again.to_csv(tmp_path / "again.csv", index=False)
    report = import_series(sorted(tmp_path.iterdir()), tmp_path / "out")
    assert (report.samples, report.repeated) == (
        40,
        len(table.iloc[:30].drop_duplicates(["longitude", "latitude"])),
    )
    assert {file.site for file in report.reading.files} == {"again"}
    (tmp_path / "again.csv").unlink()
    options = ImportOptions(read=ReadOptions(columns={"class": "Kind"}))
    with pytest.raises(DataError, match="column Kind"):
        import_series(sorted(tmp_path.glob("*.csv")), tmp_path / "none", options)
    assert {file.site for file in read_series(sorted(tmp_path.glob("*.csv"))).report.files} == {"field"}
