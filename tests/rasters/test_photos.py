"""Ground photographs to a data set: crops, splits by point, and every kind of bad input named."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from sdm.cli import main
from sdm.data.open import open_dataset
from sdm.errors import DataError
from sdm.rasters.photo_points import NO_POSITION, TWO_TYPES, photo_file, read_points
from sdm.rasters.photos import CROP, MODALITY, PhotoOptions, build_photos, import_photos

SIZE = 300, 260  # width, height


def photograph(path: Path, number: int, size: tuple[int, int] = SIZE, **options: object) -> None:
    """A gradient, so that a crop tells where it was taken; blue tells the photograph."""
    width, height = size
    row, column = np.mgrid[:height, :width]
    pixels = np.stack([row % 256, column % 256, np.full_like(row, 5 * number % 256)], axis=-1).astype(np.uint8)
    Image.fromarray(pixels).save(path, "JPEG", quality=100, subsampling=0, **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve points at two sites, one photograph each, the first with two."""
    (tmp_path / "photos").mkdir()
    rows = []
    for i in range(12):
        photograph(tmp_path / "photos" / f"p{i}.jpg", i)
        site, code = ("A", "B")[i // 8], ("T4-C-5", "t31-c-2")[i % 2]
        rows.append((f"{i}", site, code, 7 + 0.01 * i, 58.5, f"2021-07-{i + 1:02d}", f"photos/p{i}.jpg"))
    photograph(tmp_path / "photos" / "p0b.jpg", 40)
    rows[0] = (*rows[0][:-1], "photos/p0.jpg; photos/p0b.jpg")
    columns = ["point_id", "site", "code", "lon", "lat", "date", "photo"]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "points.csv", index=False)
    return tmp_path


def changed(folder: Path, **cells: object) -> Path:
    """The table with cells of its rows 0, 1, ... replaced: column=[values]."""
    table = pd.read_csv(folder / "points.csv", dtype=object)
    for column, values in cells.items():
        for row, value in enumerate(values):  # type: ignore[arg-type]
            table.loc[row, column] = value
    table.to_csv(folder / "changed.csv", index=False)
    return folder / "changed.csv"


def test_data_set_of_crops(folder: Path) -> None:
    made = import_photos(folder / "points.csv", folder, folder / "out", PhotoOptions(crops=3))
    data = open_dataset(folder / "out")
    assert (made.points, made.points_used, made.photographs, made.crops) == (12, 12, 13, 39) and not made.left_out
    assert len(data) == 39 and data.modalities == (MODALITY,) and made.classes == {"T4-C-5": 6, "T31-C-2": 6}
    values = data.reader.read(MODALITY, np.arange(39))
    assert values.shape == (39, 3, CROP, CROP) and values.max() <= 255
    assert len({crop.tobytes() for crop in values}) == 39
    blue = np.rint(values[:, 2].mean(axis=(1, 2)) / 5)
    number = data.sites["photograph"].str.extract(r"p(\d+)")[0].astype(int).replace({0: 0})
    assert (np.abs(blue - np.where(data.sites["photograph"].str.contains("b"), 40, number)) <= 1).all()
    assert data.targets.classes["name"].tolist() == ["T4-C-5", "T31-C-2"]
    assert data.sites["year"].eq(2021).all() and set(data.sites["source"]) == {"A", "B"}
    assert {"point", "block", "site"} < set(data.schemes)
    assert made.common["point"] == made.common["block"] == made.common["site"] == 0 < made.common["random"]


def test_crops_depend_on_seed_and_photograph_alone(folder: Path) -> None:
    def crops(table: Path, seed: int) -> dict[tuple[str, int], bytes]:
        data, _ = build_photos(read_points(table), folder, "d", PhotoOptions(crops=2, seed=seed))
        values = data.reader.read(MODALITY, np.arange(len(data)))
        number = data.sites.groupby("photograph").cumcount()
        return {(p, n): v.tobytes() for p, n, v in zip(data.sites["photograph"], number, values, strict=True)}

    first = crops(folder / "points.csv", 0)
    pd.read_csv(folder / "points.csv", dtype=object)[::-1].to_csv(folder / "turned.csv", index=False)
    assert crops(folder / "turned.csv", 0) == first
    assert crops(folder / "points.csv", 1) != first


def test_bad_rows_and_files_are_named_and_the_rest_used(folder: Path) -> None:
    (folder / "photos" / "p1.jpg").write_bytes((folder / "photos" / "p1.jpg").read_bytes()[:3000])
    (folder / "photos" / "p2.jpg").write_text("no picture")
    photograph(folder / "photos" / "p3.jpg", 3, (300, 200))
    (folder / "photos" / "p4.jpg").unlink()
    (folder / "photos" / "p6.jpg").write_bytes((folder / "photos" / "p5.jpg").read_bytes())
    table = changed(
        folder, photo=["photos/p0.jpg"] + [f"photos/p{i}.jpg" for i in range(1, 7)] + ["../points.csv"],
        code=["T4-C-5"] * 8 + ["heath", "T4", "T4-C-5"], lon=[7.0] * 10 + [np.nan],
    )  # fmt: skip
    made = import_photos(table, folder, folder / "out", PhotoOptions(crops=1))
    assert made.crops == 3 and made.points == 12
    assert {why: len(who) for why, who in made.left_out.items()} == {
        "not a readable photograph": 2, f"smaller than {CROP} x {CROP} pixels": 1, "no such photograph": 1,
        "the same photograph as another": 1, "not the name of a photograph": 1, "no known ecosystem type": 1,
        "a main type without a ground type": 1, NO_POSITION: 1,
    }  # fmt: skip


def test_a_point_with_two_types_is_left_out(folder: Path) -> None:
    table = changed(folder, point_id=["0", "0"])
    assert read_points(table).left_out == {TWO_TYPES: ["0"]}


@pytest.mark.parametrize(
    "name", ["../p0.jpg", "photos/../../p0.jpg", "/etc/passwd", "C:\\p0.jpg", "..\\p0.jpg", ""]
)
def test_names_lead_nowhere_else(folder: Path, name: str) -> None:
    photograph(folder.parent / "p0.jpg", 1)
    with pytest.raises(DataError, match="not the name of a photograph"):
        photo_file(folder, name)


def test_a_link_out_of_the_folder_is_none_of_its_photographs(folder: Path) -> None:
    photograph(folder.parent / "elsewhere.jpg", 1)
    (folder / "photos" / "link.jpg").symlink_to(folder.parent / "elsewhere.jpg")
    with pytest.raises(DataError, match="no such photograph"):
        photo_file(folder, "photos/link.jpg")


def test_names_without_their_folder(folder: Path) -> None:
    assert photo_file(folder / "photos", "photos/p0.jpg") == folder / "photos" / "p0.jpg"
    assert photo_file(folder, "photos\\p0.jpg") == folder / "photos" / "p0.jpg"


def test_positions_in_metres(folder: Path) -> None:
    table = pd.read_csv(folder / "points.csv", dtype=object).drop(columns=["lon", "lat", "site", "date"])
    table.assign(x=500_000, y=6_500_000).to_csv(folder / "metres.csv", index=False, sep=";")
    points = read_points(folder / "metres.csv", crs="25832")
    assert points.table["lon"].to_numpy() == pytest.approx(9.0)
    assert points.table["lat"].to_numpy() == pytest.approx(58.64, abs=0.02)
    assert read_points(folder / "metres.csv").left_out == {NO_POSITION: sorted(str(i) for i in range(12))}
    with pytest.raises(DataError, match="no known reference system"):
        read_points(folder / "metres.csv", crs="mars")


def test_other_tables_are_refused(folder: Path) -> None:
    (folder / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="not a table of consensus points"):
        read_points(folder / "other.csv")
    with pytest.raises(DataError, match="no photograph can be used"):
        import_photos(folder / "points.csv", folder / "nowhere", folder / "out")
    assert not (folder / "out").exists()


def test_command(folder: Path) -> None:
    words = ["photos", str(folder / "points.csv"), "--photos", str(folder), "--out", str(folder / "out"), "--json"]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["crops"] == 52
    assert CliRunner().invoke(main, words[:-1]).output.startswith("out: ")
