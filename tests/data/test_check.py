"""`check` tells what is there, missing and wrong, and never fails on damage."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sdm.data.check import Finding, check
from sdm.data.check_checksums import SUBJECT
from sdm.data.store import pack
from sdm.data.tree import open_tree
from sdm.errors import DataError
from tests.data import trees


def find(findings: tuple[Finding, ...], subject: str) -> Finding:
    return next(f for f in findings if f.subject == subject)


def test_a_good_tree(tree: Path) -> None:
    report = check(tree)
    assert report.usable
    assert not [f for f in report.findings if f.level == "wrong"]
    assert find(report.findings, "PA-train surveys").count == 6
    assert find(report.findings, "PA-train pairs that occur twice").count == 1
    assert find(report.findings, "PA-train rows without a species").count == 2
    assert find(report.findings, "PO-train rows without a species").count == 1
    assert find(report.findings, "classes").count == 6
    patches = find(report.findings, "PA-train patch")
    assert (patches.level, patches.count, patches.of, patches.detail) == ("missing", 5, 6, "1 not downloaded")
    assert find(report.findings, "patches where their survey is").count == 9
    assert json.loads(json.dumps(report.to_json()))["usable"] is True
    assert report.to_text().splitlines()[-1] == "usable"


def test_what_is_wrong_is_told(own_tree: Path) -> None:
    cube = trees.landsat_path(own_tree, "PA-test", 2)
    cube.write_bytes(b"")
    trees.write_patch(own_tree / "SatelitePatches/PA-test/2/2.tiff", trees.patch(2), 0.0, 45.0)
    climate = own_tree / "BioclimTimeSeries/cubes/PA-test/GLC25-PA-test-bioclimatic_monthly_77_cube.pt"
    trees.write_cube(climate, trees.climate(77)[[0, 2, 3, 1]])
    report = check(own_tree, every=True)
    assert report.usable
    unreadable = find(report.findings, "PA-test landsat unreadable")
    assert (unreadable.level, unreadable.count) == ("wrong", 1) and str(cube) in unreadable.detail
    assert find(report.findings, "PA-test climate channel order").count == 1
    positions = find(report.findings, "patches where their survey is")
    assert (positions.level, positions.count, positions.of) == ("wrong", 8, 9) and "2: " in positions.detail


def test_a_survey_without_a_position_agrees_with_nothing(own_tree: Path) -> None:
    table = own_tree / TEST
    assert "7.333" in table.read_text()
    table.write_text(table.read_text().replace("7.333", ""))
    positions = find(check(own_tree).findings, "patches where their survey is")
    assert (positions.level, positions.count, positions.of) == ("ok", 8, 8)


def test_a_store(own_tree: Path, tmp_path: Path) -> None:
    trees.landsat_path(own_tree, "PA-test", 2).write_bytes(b"")
    place = pack(own_tree, tmp_path / "store").place
    report = check(place, every=True)
    assert report.usable and find(report.findings, "files left out when packing").count == 1
    raw = bytearray((place / "climate-0000.npy").read_bytes())
    raw[-5] ^= 1
    (place / "climate-0000.npy").write_bytes(raw)
    assert any(f.level == "wrong" and "climate" in f.subject for f in check(place, every=True).findings)


def damaged(name: str, content: bytes | str) -> Callable[[Path], None]:
    def change(tree: Path) -> None:
        (tree / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    return change


TRAIN, TEST = "GLC25_PA_metadata_train.csv", "GLC25_PA_metadata_test.csv"
DAMAGE = {
    "empty table": damaged(TRAIN, ""),
    "header alone": lambda tree: (
        [damaged(n, "surveyId,speciesId,lon,lat\n")(tree) for n in (TRAIN, TEST)]
        + [(tree / "GLC25_P0_metadata_train.csv").unlink()]
    ),
    "missing columns": damaged(TRAIN, "lon,lat,surveyId\n1,2,3\n"),
    "text for a species": damaged(TRAIN, "lon,lat,surveyId,speciesId\n1,2,3,Quercus\n"),
    "half a species": damaged(TRAIN, "lon,lat,surveyId,speciesId\n1,2,3,4.5\n"),
    "NUL bytes": damaged(TEST, b"\0" * 900),
    "cut in a row": lambda tree: damaged(TRAIN, (tree / TRAIN).read_bytes()[:-9])(tree),
    "pickled species": damaged("species.csv", b"\x80\x02cos\nsystem\n(S'touch x'\ntR."),
    "species without ids": damaged("species.csv", "name\nQuercus\n"),
    "world is no JSON": damaged("world.json", "{"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_an_unusable_tree(own_tree: Path, damage: str) -> None:
    DAMAGE[damage](own_tree)
    with pytest.raises(DataError) as caught:
        open_tree(own_tree)
    assert "\n" not in str(caught.value)
    report = check(own_tree)
    assert not report.usable and str(caught.value) in report.findings[0].detail
    assert report.to_text().splitlines()[-1] == "NOT USABLE"


SOIL = "EnvironmentalValues/SoilGrids/GLC25-PA-train-soilgrids.csv"


@pytest.mark.parametrize("content", ["", "surveyId,Soilgrid-clay\n1,loam\n", "Soilgrid-clay\n1\n"])
def test_a_damaged_environment_table_hides_nothing_else(own_tree: Path, content: str) -> None:
    (own_tree / SOIL).write_text(content)
    dataset = open_tree(own_tree)
    with pytest.raises(DataError, match="soilgrids"):
        dataset.reader.read("environment", np.array([0]))
    assert np.isfinite(dataset.reader.read("climate", np.array([0]))).all()
    report = check(own_tree)
    assert report.usable and "soilgrids" in find(report.findings, "environment").detail


def test_twice_the_same_id_counts_once(own_tree: Path) -> None:
    path = own_tree / TEST
    path.write_text(path.read_text() + path.read_text().splitlines()[-1] + "\n")
    assert len(open_tree(own_tree)) == 12
    assert find(check(own_tree).findings, "PA-test surveys that occur twice").count == 1


def test_what_no_checksum_protects_is_noted(own_tree: Path) -> None:
    before = find(check(own_tree).findings, SUBJECT)
    assert before.level == "note" and before.detail.startswith(
        "tables, PA-train patch, PA-test patch, PO-train patch:"
    )
    packed = own_tree / f"{SOIL}.gz"
    packed.write_bytes(gzip.compress((own_tree / SOIL).read_bytes()))
    (own_tree / SOIL).unlink()
    patches = list((own_tree / "SatelitePatches/PA-train").rglob("*.tiff"))
    for path in patches:
        trees.write_patch(path, trees.patch(1), 0.0, 45.0, compress="deflate")
    after = find(check(own_tree).findings, SUBJECT)
    assert (after.count, after.of) == (before.count - 1 - len(patches), before.of)
    assert after.detail.startswith("tables, PA-test patch, PO-train patch:")


@pytest.mark.real
def test_the_real_partial_tree(real_tree: Path) -> None:
    report = check(real_tree)
    assert report.usable
    assert find(report.findings, "PA-test surveys").count == 14784
    assert find(report.findings, "PA-train metadata").level == "missing"
    counts = {
        m: find(report.findings, f"PA-test {m}").count for m in ("patch", "landsat", "climate", "environment")
    }
    assert counts == {"patch": 1, "landsat": 1, "climate": 1, "environment": 0}
    assert find(report.findings, "PA-test rows whose area is not finite").count == 138 + 644
    assert find(report.findings, "patches where their survey is").count == 1


def test_a_table_missing_among_others_is_told(own_tree: Path) -> None:
    trees.write_values(own_tree, "PA-test")
    next((own_tree / "SateliteTimeSeries-Landsat").rglob("values/PA-test/*swir2*.csv")).unlink()
    finding = find(check(own_tree).findings, "PA-test landsat tables")
    assert (finding.level, finding.count, finding.of) == ("missing", 5, 6)
    assert "swir2" in finding.detail
