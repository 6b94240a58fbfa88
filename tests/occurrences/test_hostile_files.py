"""Files that are no tables of records end in a sentence; odd cells cost no row and no crash."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from sdm.errors import DataError
from sdm.formats import points as formats_points
from sdm.occurrences.build import build_dataset
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from sdm.occurrences.preview import preview
from sdm.occurrences.reading.positions import DEGREES, transformed
from tests.occurrences.files import geopackage, points
from tests.occurrences.tables import Tables

MOST_BYTES = 400 << 20


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def bomb(path: Path, name: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"species,lon,lat\n" + b"a,8.1,47.1\n" * 9_600_000)
    return path


def layers(folder: Path, *frames: gpd.GeoDataFrame) -> Path:
    for number, frame in enumerate(frames):
        frame.to_file(folder / "layers.gpkg", layer=f"layer{number}")
    return folder / "layers.gpkg"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"   \n \n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "NUL|no column|header"),
        (b"SQLite format 3\0" + b"\0" * 5000, "no layer"),
        (b"PAR1" + b"\xff" * 500, "not a readable layer"),
        (b"\0\0\x27\x0a" + b"\0" * 200, "no layer|not a readable layer"),
        (b"PK\x03\x04" + b"\0" * 200, "cannot be decompressed"),
        ("species,lon,lat\na,8,47\n".encode("utf-16"), "UTF-16"),
        (b"species,lon,lat\n", "no record is left"),
        (b"species\nAbies alba\n", "no column of longitude"),
        (b"spe\0cies,lon,lat\na,8,47\n", "NUL"),
        (b"c," * 1_000_000 + b"c\n1\n", "too many columns|no line ends"),
        (b'species,lon,lat\n"a,8,47\nb,8,47\n', "never closed"),
    ],
)
def test_what_is_no_table_is_an_error(tmp_path: Path, content: bytes, what: str) -> None:
    path = written(tmp_path / "records.csv", content)
    tracemalloc.start()
    with pytest.raises(DataError, match=what):
        build_dataset(OccurrenceFiles(path), "bad", ImportOptions())
    assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    tracemalloc.stop()


def test_a_folder_and_nothing(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(DataError):
            preview(path)


def test_bombs_are_not_unpacked(tmp_path: Path) -> None:
    for name in ("table.csv", "layer.shp"):
        tracemalloc.start()
        with pytest.raises(DataError, match=r"swells|unpacks"):
            preview(bomb(tmp_path / "bomb.zip", name))
        tracemalloc.stop()


def test_few_bytes_of_parquet_are_not_a_billion_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pq.write_table(pa.table({"a": np.zeros(100_000, np.int8)}), tmp_path / "big.parquet")
    assert (tmp_path / "big.parquet").stat().st_size < 2000
    monkeypatch.setattr(formats_points, "MOST_CELLS", 99_999)
    with pytest.raises(DataError, match="too many cells"):
        preview(tmp_path / "big.parquet")


def test_an_archive_holds_a_shapefile_and_nothing_that_points_elsewhere(tmp_path: Path) -> None:
    secret = written(tmp_path / "secret.csv", b"species,lon,lat\nAbies alba,8,47\n")
    source = f"<OGRVRTDataSource><OGRVRTLayer name='secret'><SrcDataSource>{secret}</SrcDataSource>"
    source += "<GeometryType>wkbPoint</GeometryType><GeometryField encoding='PointFromColumns' x='lon' y='lat'/>"
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("evil.shp", source + "</OGRVRTLayer></OGRVRTDataSource>")
    with pytest.raises(DataError, match="no Shapefile in the archive"):
        preview(tmp_path / "evil.zip")


def test_layers_that_are_no_points_or_several(good: Tables, tmp_path: Path) -> None:
    frame = points(good.records.iloc[:20])
    areas = frame.set_geometry(shapely.buffer(frame.geometry.to_numpy(), 0.01))
    with pytest.raises(DataError, match=r"no layer of points.*layer0 \(Polygon\)"):
        preview(layers(tmp_path, areas))
    (tmp_path / "layers.gpkg").unlink()
    with pytest.raises(DataError, match=r"several layers of points.*EPSG:4326.*EPSG:2056"):
        preview(layers(tmp_path, frame, frame.to_crs(2056)))
    (tmp_path / "layers.gpkg").unlink()
    assert preview(layers(tmp_path, frame, areas)).usable == 20
    mixed = gpd.GeoDataFrame(
        {"species": ["a", "b"]}, geometry=[shapely.Point(8, 47), areas.geometry.iloc[0]], crs=4326
    )
    mixed.to_parquet(tmp_path / "mixed.parquet")
    with pytest.raises(DataError, match=r"no points.*Polygon"):
        preview(tmp_path / "mixed.parquet")
    empty = frame.set_geometry(gpd.GeoSeries([None, *frame.geometry[1:]], crs=4326))
    (tmp_path / "layers.gpkg").unlink()
    assert preview(layers(tmp_path, empty)).usable == 19


def test_one_system_known_and_another_not(good: Tables, tmp_path: Path) -> None:
    plain = good.background.rename(columns={"decimalLongitude": "x", "decimalLatitude": "y"})
    plain["x"], plain["y"] = transformed(plain["x"].to_numpy(), plain["y"].to_numpy(), DEGREES, "EPSG:25832")
    files = OccurrenceFiles(geopackage(good.records, tmp_path), good.write(tmp_path, background=plain).background)
    with pytest.raises(DataError, match=r"several reference systems.*--crs"):
        build_dataset(files, "bad", ImportOptions())
    assert build_dataset(files, "good", ImportOptions(crs="EPSG:25832"))[1].sites["background"] == len(plain)


def problems(tmp_path: Path, names: list[str], **more: object) -> tuple[dict[str, int], list[str]]:
    table = pd.DataFrame(
        {"species": names, "lon": 8 + 0.01 * np.arange(len(names)), "lat": 47.0, "wet": 1.5, **more}
    )
    table.to_csv(tmp_path / "t.csv", index=False)
    data, report = build_dataset(OccurrenceFiles(tmp_path / "t.csv"), "made", ImportOptions())
    return {one.kind: one.count for one in report.problems}, list(data.targets.classes["name"])


def test_odd_names_are_kept_and_told(tmp_path: Path) -> None:
    names = [
        "<i>Abies alba</i>",
        "Abies alba",
        "<script>alert(1)</script>",
        "=1+1",
        "Poa\0annua",
        "Salix &times; rubens",
        "Cirsium arvense<img src=x onerror=alert(2)>",
        "Carex <<b>i>nigra</i>",
        "Draba &lt;svg/onload=x&gt;verna",
        "Rosa <5 cm",
    ]
    found, kept = problems(tmp_path, names)
    assert found["markup"] == 6 and found["formula"] == 1 and "no_species" not in found
    assert set(kept) == {
        "Abies alba", "alert(1)", "=1+1", "Poa annua", "Salix × rubens", "Cirsium arvense", "Carex nigra",
        "Draba verna", "Rosa <5 cm",
    }  # fmt: skip


def test_spellings_are_suggested(good: Tables, tmp_path: Path) -> None:
    found, kept = problems(tmp_path, ["Abies alba", "Abies alba Mill.", "ABIES ALBA", "Picea abies"])
    assert found["similar_names"] == 1 and len(kept) == 4
    plots = good.plots.rename(columns={"Planta a": "planta a L.", "Planta b": "Plantab"})
    _, report = build_dataset(good.write(tmp_path, plots=plots), "made", ImportOptions())
    spelt = next(one for one in report.problems if one.kind == "spelling")
    assert spelt.examples == ("planta a L.: Planta a", "Plantab: Planta b")
    with pytest.raises(DataError, match="Spell them alike: PLANTA A: Planta a"):
        build_dataset(good.write(tmp_path, plots=good.plots.rename(columns=str.upper)), "bad", ImportOptions())


def test_formulas_are_missing_numbers_and_nul_bytes_are_not_there(tmp_path: Path) -> None:
    wet = ["=B2", "1\0", "2.5", "3.5", "4.5"]
    found, _ = problems(tmp_path, ["Poa annua"] * 5, wet=wet)
    assert found["not_number"] == 1 and found["no_predictor"] == 1
