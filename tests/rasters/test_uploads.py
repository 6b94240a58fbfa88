"""Files of unknown origin: told by their content, stored under names of our own, refused with a reason."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pytest

from sdm.errors import SdmError
from sdm.rasters.uploads import MOST_FILES, Sent, Upload, code_columns, plain_name, preview, store_upload
from tests.rasters.coast import write_rasters


@pytest.fixture(scope="module")
def coast(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coast")
    write_rasters(folder)
    return folder / "scenes"


@pytest.fixture
def raster(coast: Path) -> Sent:
    return Sent("../../etc/scene.tif", (coast / "Landsvik-sentinel2.tif").read_bytes())


def polygons(coast: Path, folder: Path, form: str) -> Sent:
    table = gpd.read_file(coast / "Landsvik-A.gpkg")
    folder.mkdir()
    if form == "gpkg":
        return Sent("a/../A.gpkg", (coast / "Landsvik-A.gpkg").read_bytes())
    if form == "geojson":
        return Sent("A.json", table.to_crs(4326).to_json().encode())
    table.to_file(folder / "A.shp")
    with zipfile.ZipFile(folder / "A.zip", "w") as archive:
        for path in folder.glob("A.*"):
            if path.suffix != ".zip":
                archive.write(path, f"deep/{path.name}")
    return Sent("A.zip", (folder / "A.zip").read_bytes())


@pytest.mark.parametrize("form", ["gpkg", "geojson", "shapefile"])
def test_every_form_is_read(coast: Path, raster: Sent, tmp_path: Path, form: str) -> None:
    upload = store_upload(tmp_path / "in", [raster], [polygons(coast, tmp_path / "form", form)])
    assert all(path.is_relative_to(tmp_path / "in") for path in (*upload.rasters, *upload.polygons.values()))
    assert "scene" not in str(upload.rasters[0])
    assert code_columns(next(iter(upload.polygons.values())))[0] == "code"
    seen = preview(upload, "code")
    assert (len(seen.bands), seen.width, seen.height) == (10, 60, 60)
    assert len(seen.polygons["A"].table) == 30


def escaping(folder: Path) -> Sent:
    with zipfile.ZipFile(folder / "bad.zip", "w") as archive:
        archive.writestr("../outside.shp", b"x")
    return Sent("bad.zip", (folder / "bad.zip").read_bytes())


def test_what_cannot_be_used_leaves_nothing(coast: Path, raster: Sent, tmp_path: Path) -> None:
    good = polygons(coast, tmp_path / "form", "gpkg")
    for rasters, shapes in (
        ([Sent("a.tif", b"<VRTDataset/>")], [good]), ([raster], [Sent("a.gpkg", b"nothing")]),
        ([raster], [escaping(tmp_path)]), ([], [good]), ([raster] * (MOST_FILES + 1), [good]),
    ):  # fmt: skip
        with pytest.raises(SdmError):
            store_upload(tmp_path / "in", rasters, shapes)
        assert not (tmp_path / "in").exists()
    assert not (tmp_path / "outside.shp").exists()


@pytest.mark.filterwarnings("ignore:GPKG:RuntimeWarning")
def test_damaged_polygons_are_named(raster: Sent, tmp_path: Path) -> None:
    broken = Sent("<b>.gpkg", b"SQLite format 3\0" + bytes(100))
    upload: Upload = store_upload(tmp_path / "in", [raster], [broken])
    assert list(upload.polygons) == ["b"]
    with pytest.raises(SdmError, match="not readable polygons"):
        code_columns(upload.polygons["b"])


def test_names_are_no_paths() -> None:
    assert plain_name("../../etc/passwd", "own") == "etc-passwd"
    assert "/" not in plain_name("a/b\\c", "own")
