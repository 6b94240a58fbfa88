"""The small pieces of the app: words, links, downloads, Leaflet, surveys simulated on the spot."""

from __future__ import annotations

import doctest
import importlib
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sdm.analysis.landsat import measure_table
from sdm.errors import DataError, SdmError
from sdm.figures.pixels import pixel_table
from sdm.files import write_json
from sdm.modalities import MODALITIES
from sdm.ui.components import leaflet
from sdm.ui.components.dossier.downloads import recorded_table
from sdm.ui.components.location import read_coordinates, survey_row, survey_text, write_coordinates
from sdm.ui.components.markup import text
from sdm.virtual_europe.simulated_survey import can_simulate, simulated_dossier
from tests.datasets import multilabel

WITH_EXAMPLES = (
    "sdm.ui.components.markup", "sdm.ui.components.location", "sdm.ui.components.figure", "sdm.geo.mercator",
    "sdm.maps.place_names", "sdm.maps.nearby",
    "sdm.maps.point_tiles", "sdm.figures.style", "sdm.evaluation.ranking",
)  # fmt: skip


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_in_the_docstrings_hold(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried
    assert not failed


@given(some.text())
def test_no_text_becomes_markup(anything: str) -> None:
    assert not set(text(anything)) & set("<>\"'")


@given(some.floats(-180, 180), some.floats(-90, 90))
def test_coordinates_survive_the_box(lon: float, lat: float) -> None:
    back = read_coordinates(write_coordinates(lon, lat))
    assert back is not None
    assert np.allclose(back, (lon, lat), atol=1e-4)


@pytest.mark.parametrize(
    ("written", "place"),
    [("48.14, 11.58", (11.58, 48.14)), ("48.14° N 11.58° E", (11.58, 48.14)), ("-33;18", (18, -33)),
     ("1e5, 2", None), ("48.14", None), ("91, 0", None), ("0, 181", None), ("", None)],
)  # fmt: skip
def test_coordinates_as_people_write_them(written: str, place: tuple[float, float] | None) -> None:
    assert read_coordinates(written) == place


def test_every_survey_has_a_name_of_its_own() -> None:
    data = multilabel()
    twice = replace(data, sites=data.sites.assign(survey_id=[*range(100, 115), 100, 101, 102, 103, 104]))
    for row in range(len(twice)):
        assert survey_row(twice, survey_text(twice, row)) == row
    assert survey_text(twice, 0) == "100"
    assert survey_text(twice, 15) == "PA-test/100"


@pytest.mark.parametrize("name", ["", "no", "PA-test/100", "9" * 40, "1.5", "../100"])
def test_an_unknown_survey_has_no_row(name: str) -> None:
    assert survey_row(multilabel(), name) is None


def test_tables_behind_a_dossier_are_tidy() -> None:
    data = multilabel()
    patch, cube = (data.reader.read(name, np.array([5]))[0] for name in ("patch", "landsat"))
    pixels = pixel_table(patch)
    assert pixels.shape == (4096, 6)
    assert pixels.loc[65, ["row", "column"]].tolist() == [1, 1]
    assert pixels.loc[65, "nir"] == pytest.approx(patch[3, 1, 1] * 1e-4)
    quarters = measure_table(cube)
    assert len(quarters) == 84
    assert {"ndvi", "nir", "year", "quarter"} <= set(quarters)


def wheel(path: Path, names: tuple[str, ...]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(leaflet.INSIDE + name, name)
    return path


def test_leaflet_comes_out_of_its_wheel(tmp_path: Path) -> None:
    leaflet.extract(wheel(tmp_path / "a.whl", leaflet.WANTED), tmp_path / "static")
    found = {str(f.relative_to(tmp_path / "static")) for f in (tmp_path / "static").rglob("*") if f.is_file()}
    assert found == set(leaflet.WANTED)


def test_a_wheel_without_leaflet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SdmError, match="lacks a file"):
        leaflet.extract(wheel(tmp_path / "a.whl", leaflet.WANTED[1:]), tmp_path / "static")


def test_only_a_virtual_europe_can_be_visited_anywhere(tmp_path: Path) -> None:
    data = replace(multilabel(), world_version="1", place=tmp_path)
    assert not can_simulate(data)
    write_json(tmp_path / "world.json", {"seed": 0})
    assert can_simulate(data)
    assert not can_simulate(replace(data, simulated=False))


def test_a_survey_simulated_on_the_spot_is_a_whole_dossier(tmp_path: Path) -> None:
    write_json(tmp_path / "world.json", {"seed": 3})
    data = replace(multilabel(), world_version="1", place=tmp_path)
    made = simulated_dossier(data, 10.0, 51.0, 2019)
    for name, values in made.values.items():
        assert values is not None
        assert values.shape == MODALITIES[name].shape
        assert values.dtype == np.float32
        assert np.isfinite(values).any()
    assert made.known
    assert made.simulated
    assert (made.country, made.year) == ("Germany", 2019)
    assert len(recorded_table(made)) == len(made.recorded)
    assert not any(species.name.isdigit() for species in made.recorded)
    with pytest.raises(DataError, match="no survey can be simulated here"):
        simulated_dossier(data, 3.0, 56.0, 2019)
