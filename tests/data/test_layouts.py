"""Trees as people have them read like the tree as it is published, and what is not read is named."""

from __future__ import annotations

import gzip
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from sdm.__main__ import main
from sdm.data.check import check
from sdm.data.dataset import Dataset
from sdm.data.find_tree import find_tree
from sdm.data.finding import Finding
from sdm.data.open import open_dataset
from sdm.data.store import list_tree
from sdm.data.tree import open_tree
from sdm.errors import DataError
from sdm.formats.archives import unpack
from sdm.modalities.layouts import nest
from tests.data import trees, trees_2024

Change = Callable[[Path], None]


def move(old: Path, new: Path) -> None:
    new.parent.mkdir(parents=True, exist_ok=True)
    old.rename(new)


def rename(pattern: str, new: str) -> Change:
    """The names of files and folders that `pattern` is found in, changed to `new`, the deepest first."""

    def change(tree: Path) -> None:
        for path in sorted(tree.rglob("*"), reverse=True):
            path.rename(path.with_name(re.sub(pattern, new, path.name)))

    return change


def flat(*patterns: str) -> Change:
    """All files of `patterns` in the tree's own folder, as single downloads leave them."""

    def change(tree: Path) -> None:
        for path in [path for pattern in patterns for path in tree.rglob(pattern)]:
            path.rename(tree / path.name)

    return change


def doubled(tree: Path) -> None:
    """Every folder unpacked into one of its own name."""
    for folder in [path for path in tree.iterdir() if path.is_dir()]:
        folder.rename(tree / "other")
        move(tree / "other", folder / folder.name)


def whole_doubled(tree: Path) -> None:
    tree.rename(tree.with_name("other"))
    move(tree.with_name("other"), tree / tree.name)


def deeper(tree: Path) -> None:
    tree.rename(tree.with_name("other"))
    move(tree.with_name("other"), tree / "download" / "data")


def linked(tree: Path) -> None:
    """Every folder a link to one elsewhere, and a link that leads round in a circle."""
    for folder in [path for path in tree.iterdir() if path.is_dir()]:
        elsewhere = tree.parent / "elsewhere" / folder.name
        move(folder, elsewhere)
        folder.symlink_to(elsewhere, target_is_directory=True)
    (tree / "round").symlink_to(tree, target_is_directory=True)


def linked_nests(tree: Path) -> None:
    for folder in [path for path in tree.rglob("*") if path.is_dir() and re.fullmatch(r"\d\d?", path.name)]:
        if not re.fullmatch(r"\d\d?", folder.parent.name):  # the folders within go with it
            elsewhere = tree.parent / "elsewhere" / folder.relative_to(tree)
            move(folder, elsewhere)
            folder.symlink_to(elsewhere, target_is_directory=True)


def not_nested(tree: Path) -> None:
    for path in list(tree.rglob("*.tiff")):
        path.rename(above_nests(path))


def capitals(tree: Path) -> None:
    for folder in [path for path in tree.iterdir() if path.is_dir()]:
        folder.rename(folder.with_name(folder.name.upper()))


def above_nests(path: Path) -> Path:
    folder = path.parent
    while re.fullmatch(r"\d\d?", folder.name):
        folder = folder.parent
    return folder / path.name


def nested(tree: Path) -> None:
    for path in [path for path in tree.rglob("*.pt") if above_nests(path) == path]:
        survey_id = int(path.stem.split("_")[-2])
        move(path, path.parent / nest(survey_id) / path.name)


def compressed(kind: str, *, keep_name: bool = False) -> Change:
    """All tables in gzip or zip."""

    def change(tree: Path) -> None:
        for path in list(tree.rglob("*.csv")):
            packed = path.with_name(f"{path.name}.{kind}")
            if kind == "gz":
                packed.write_bytes(gzip.compress(path.read_bytes()))
            else:
                with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                    archive.write(path, path.name)
            if path.name != "species.csv":
                path.unlink()
                packed.rename(path if keep_name else packed)
            else:
                packed.unlink()

    return change


def metadata_in(**folders: str) -> Change:
    """Metadata in a folder of their own: that of single downloads unpacked, or those of Pl@ntNet's server."""

    def change(tree: Path) -> None:
        for path in list(tree.glob("GLC*metadata*.csv")):
            folder = tree / folders.get(path.name[6:8], path.name)
            path.rename(tree / "table")
            move(tree / "table", folder / path.name)

    return change


VARIANTS_2025: dict[str, Change] = {
    "folders doubled": doubled,
    "tree doubled": whole_doubled,
    "two folders deeper": deeper,
    "all tables in one folder": flat("*.csv"),
    "all tables and cubes in one folder": flat("*.csv", "*.pt"),
    "tif": rename("tiff$", "tif"),
    "hyphens for underscores": rename("_", "-"),
    "underscores for hyphens": rename("-", "_"),
    "blanks": rename("(?<=[a-z])(?=[A-Z])|_", " "),
    "capitals": capitals,
    "the other spellings": rename("Satelite", "Satellite"),
    "links": linked,
    "links to nests": linked_nests,
    "patches not nested": not_nested,
    "cubes nested": nested,
    "gzip": compressed("gz"),
    "zip": compressed("zip"),
    "zip by the name of the table": compressed("zip", keep_name=True),
    "single downloads unpacked": metadata_in(),
    "folders for metadata": metadata_in(PA="PresenceAbsenceSurveys", P0="PresenceOnlyOccurrences"),
}


def assert_same(found: Dataset, expected: Dataset) -> None:
    pd.testing.assert_frame_equal(found.sites, expected.sites)
    assert found.fingerprint == expected.fingerprint and found.modalities == expected.modalities
    rows = np.arange(len(expected))
    for name in expected.modalities:
        np.testing.assert_array_equal(found.available(name), expected.available(name))
        np.testing.assert_array_equal(found.reader.read(name, rows), expected.reader.read(name, rows))


def findings(tree: Path) -> dict[str, Finding]:
    return {finding.subject: finding for finding in check(tree).findings}


@pytest.mark.parametrize("variant", VARIANTS_2025)
def test_a_variant_of_2025_reads_like_the_published_tree(own_tree: Path, dataset: Dataset, variant: str) -> None:
    VARIANTS_2025[variant](own_tree)
    assert_same(open_tree(own_tree), dataset)
    report = check(own_tree)
    assert report.usable
    known = {finding.subject for finding in check(dataset.place or own_tree).findings}
    assert {finding.subject for finding in report.findings} <= known, "nothing is wrong, lacking or left unread"


def hyphenated_patches(tree: Path) -> None:
    """Names of the first release on Pl@ntNet's server."""
    for path in list(tree.glob("P?_*_SatellitePatches_*")):
        move(path, tree / "SatellitePatches" / path.name.replace("_", "-"))


def plantnet_folders(tree: Path) -> None:
    metadata_in(PA="PresenceAbsenceSurveys", P0="PresenceOnlyOccurrences")(tree)
    rename("GLC24_P0_metadata", "GLC24-PO-metadata")(tree)
    rasters = tree / trees_2024.RASTERS
    for path in list(rasters.rglob("*bioclimatic.csv")):
        name = path.name.replace("bioclimatic", "bioclimatic-average")
        move(path, tree / "EnvironmentalRasters" / "Climate" / name)
    for path in list((tree / trees_2024.CUBES).iterdir()):
        top = (
            "SatelliteTimeSeries/cubes" if "landsat" in path.name else "EnvironmentalRasters/Obs extractions/cubes"
        )
        move(path, tree / top / path.name)


def tables_instead_of_cubes(tree: Path) -> None:
    trees_2024.write_series_tables(tree)
    (tree / "TimeSeries-Cubes").rename(tree.parent / "cubes")


def some_tables_instead_of_cubes(tree: Path) -> None:
    trees_2024.write_series_tables(tree)
    trees_2024.landsat_path(tree, "PA-train", 212).unlink()
    trees_2024.climate_path(tree, "PA-train", 3018575).unlink()


def without_inner_folder(tree: Path) -> None:
    for path in list(tree.rglob("*.jpeg")):
        path.rename(above_nests(path).parents[1] / path.name)


VARIANTS_2024: dict[str, Change] = {
    "hyphenated patches": hyphenated_patches,
    "folders of Pl@ntNet's server": plantnet_folders,
    "tables instead of cubes": tables_instead_of_cubes,
    "some tables instead of cubes": some_tables_instead_of_cubes,
    "tables instead of cubes, in one folder": lambda tree: (tables_instead_of_cubes(tree), flat("*.csv")(tree))[1],
    "jpg": rename("jpeg$", "jpg"),
    "patches without the inner folder": without_inner_folder,
    "folders doubled": doubled,
    "links": linked,
}  # fmt: skip


@pytest.fixture(scope="module")
def published_2024(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return open_tree(trees_2024.write_tree(tmp_path_factory.mktemp("2024") / "own"))


@pytest.mark.parametrize("variant", VARIANTS_2024)
def test_a_variant_of_2024_reads_like_the_published_tree(
    tmp_path: Path, published_2024: Dataset, variant: str
) -> None:
    tree = trees_2024.write_tree(tmp_path / "own")
    VARIANTS_2024[variant](tree)
    assert_same(open_tree(tree), published_2024)
    assert not [finding for finding in check(tree).findings if finding.level == "wrong"]


def test_each_survey_comes_from_its_cube_or_else_from_the_tables(own_tree: Path) -> None:
    trees.write_values(own_tree, "PA-train")
    changed = trees.landsat(1) / 2
    trees.write_cube(trees.landsat_path(own_tree, "PA-train", 1), changed)
    trees.landsat_path(own_tree, "PA-train", 642).unlink()
    data = open_tree(own_tree)
    rows = np.array([data.row_of(k, "PA-train") for k in (642, 1, 9999, 642)])
    values = data.reader.read("landsat", rows)
    np.testing.assert_array_equal(values[[0, 3]], [trees.landsat(642)] * 2)
    np.testing.assert_array_equal(values[1], changed)
    assert np.isnan(values[2]).all()
    assert data.available("landsat")[rows].tolist() == [True, True, False, True]


def test_one_cube_hides_no_table(own_tree: Path, dataset: Dataset) -> None:
    trees.write_values(own_tree, "PA-train")
    for survey_id in (1, 642, 3256, 3018575):
        trees.landsat_path(own_tree, "PA-train", survey_id).unlink()
    assert_same(open_tree(own_tree), dataset)


def test_the_folder_above_names_the_one_tree_in_it(own_tree: Path, dataset: Dataset) -> None:
    assert_same(open_dataset(own_tree.parent), dataset)
    assert open_dataset(own_tree.parent).place == own_tree
    assert find_tree(own_tree.parent).root == own_tree
    assert list_tree(own_tree) == list_tree(own_tree.parent)
    trees_2024.write_tree(own_tree.parent / "glc24")
    with pytest.raises(DataError, match="several") as caught:
        open_dataset(own_tree.parent)
    assert "glc24, own" in str(caught.value) and str(own_tree.parent / "glc24") in str(caught.value.remedy)


def test_a_folder_of_the_tree_names_the_tree(own_tree: Path) -> None:
    with pytest.raises(DataError, match="no metadata table") as caught:
        open_dataset(own_tree / "SatelitePatches")
    assert str(own_tree) in str(caught.value.remedy)


def test_of_two_editions_in_one_folder_the_newer_is_opened_and_the_other_named(
    own_tree: Path, dataset: Dataset
) -> None:
    trees_2024.write_tree(own_tree.parent / "other")
    for path in list((own_tree.parent / "other").iterdir()):
        path.rename(own_tree / path.name)
    assert_same(open_tree(own_tree), dataset)
    assert findings(own_tree)["tables of GeoLifeCLEF 2024"].count == 3


def test_an_archive_is_named_with_the_command_that_unpacks_it(
    own_tree: Path, dataset: Dataset, tmp_path: Path
) -> None:
    folder, archive = own_tree / "SatelitePatches", own_tree / "SatelitePatches.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in folder.rglob("*.tiff"):
            file.write(path, path.relative_to(own_tree))
    assert "archives that are not unpacked" not in findings(own_tree), "its folder is there"
    folder.rename(tmp_path / "away")
    finding = findings(own_tree)["archives that are not unpacked"]
    assert finding.count == 1 and f"unpack {archive} {folder}" in finding.detail
    unpack(archive, folder)
    assert_same(open_tree(own_tree), dataset)


def test_a_folder_with_nothing_but_an_archive_names_the_command(tmp_path: Path) -> None:
    archive = tmp_path / "geolifeclef 2025.zip"
    archive.write_bytes(b"PK\5\6" + bytes(18))
    for place in (tmp_path, archive):
        with pytest.raises(DataError) as caught:
            open_dataset(place)
        assert f"unpack '{archive}' '{archive.with_suffix('')}'" in str(caught.value.remedy)


def test_what_is_not_read_is_named(own_tree: Path) -> None:
    (own_tree / "7001.tiff").write_bytes(b"x")
    (own_tree / "bands_of_77_cube.pt").write_bytes(b"x")
    (own_tree / "GLC25-PA-train-snow.csv").write_text("surveyId\n1\n")
    (own_tree / "notes2.txt").write_text("x")
    compressed("gz")(own_tree)
    soil = own_tree / "EnvironmentalValues/SoilGrids/GLC25-PA-train-soilgrids.csv"
    soil.write_bytes(gzip.decompress(soil.with_name(f"{soil.name}.gz").read_bytes()))
    found = findings(own_tree)
    unknown, twice = found["files of no known layout"], found["tables that occur twice"]
    assert unknown.count == 3 and "GLC25-PA-train-snow.csv.gz" in unknown.detail and "{id}.tiff" in unknown.detail
    assert twice.count == 1 and f"{soil.name}.gz" in twice.detail


def test_a_folder_in_the_place_of_a_table_is_no_table(own_tree: Path) -> None:
    (own_tree / "GLC25_PA_metadata_test.csv").unlink()
    (own_tree / "GLC25_PA_metadata_test.csv").mkdir()
    assert findings(own_tree)["PA-test metadata"].level == "missing"


def test_what_is_downloaded_later_is_found(own_tree: Path) -> None:
    (own_tree / "SatelitePatches").rename(own_tree.parent / "away")
    assert "patch" not in open_tree(own_tree).modalities
    (own_tree.parent / "away").rename(own_tree / "SatelitePatches")
    assert "patch" in open_tree(own_tree).modalities


def test_the_command_checks_a_variant(own_tree: Path) -> None:
    deeper(own_tree)
    result = CliRunner().invoke(main, ["check", str(own_tree)])
    assert result.exit_code == 0 and "usable" in result.output
