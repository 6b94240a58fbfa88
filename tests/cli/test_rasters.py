"""The command polygons, as a person or a program calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sdm.cli import main
from sdm.data.open import open_dataset
from sdm.rasters.report import read_report
from tests.rasters.coast import IMAGE, SITES, write_rasters


@pytest.fixture(scope="module")
def coast(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of two sites and the list of them."""
    folder = tmp_path_factory.mktemp("coast")
    write_rasters(folder)
    tables = (
        f'[{site}]\nraster = ["scenes/{site}-orthophoto.tif"]\n'
        f'polygons = ["scenes/{site}-A.gpkg", "scenes/{site}-B.gpkg"]'
        for site in SITES
    )
    (folder / "sites.toml").write_text("\n".join(tables))
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["polygons", *(str(a) for a in arguments)])


def test_one_raster(coast: Path, tmp_path: Path) -> None:
    files = coast / "scenes/Vega-sentinel2.tif", coast / "scenes/Vega-A.gpkg"
    result = run(
        "--raster", files[0], "--polygons", files[1], "--site", "Vega", "--most", 20, "--out", tmp_path / "d"
    )
    assert result.exit_code == 0, result.stderr
    data, report = open_dataset(tmp_path / "d"), read_report(tmp_path / "d")
    assert report is not None
    assert report.to_text() in result.stdout
    assert set(report.classes.values()) == {20}
    assert set(data.sites["source"]) == {"Vega"}


def test_images_of_several_sites(coast: Path, tmp_path: Path) -> None:
    result = run("--sites", coast / "sites.toml", "--image", 32, "--json", "--out", tmp_path / "d")
    assert result.exit_code == 0, result.stderr
    data = open_dataset(tmp_path / "d")
    assert data.modalities == (IMAGE,)
    assert json.loads(result.stdout)["sites"][1]["samples"] == (data.sites["source"] == "Vega").sum() > 0


@pytest.mark.parametrize("text", ["", "x", "a = 1", "[Vega]\nraster = 1\npolygons = []", "[V]\nraster = []"])
def test_a_list_of_sites_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "sites.toml").write_text(text)
    result = run("--sites", tmp_path / "sites.toml", "--out", tmp_path / "d")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert not (tmp_path / "d").exists()


def test_either_files_or_a_list(coast: Path, tmp_path: Path) -> None:
    assert run("--out", tmp_path / "d").exit_code == 2
    raster = coast / "scenes/Vega-sentinel2.tif"
    assert run("--raster", raster, "--out", tmp_path / "d").exit_code == 2
    assert run("--raster", raster, "--sites", coast / "sites.toml", "--out", tmp_path / "d").exit_code == 2
