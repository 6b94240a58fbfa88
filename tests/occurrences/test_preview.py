"""A preview tells what an import would read, and makes nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.occurrences.build import build_dataset
from sdm.occurrences.cleaning.filters import FILTERS
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from sdm.occurrences.preview import preview
from tests.occurrences.tables import SPECIES, Tables


def test_columns_species_and_places(good: Tables, tmp_path: Path) -> None:
    seen = preview(good.write(tmp_path).records)
    assert seen.roles["species"] == "scientificName" and seen.roles["x"] == "decimalLongitude"
    assert seen.kind == "CSV with semicolons" and seen.crs == "EPSG:4326" and not seen.missing
    assert seen.predictors == ("wet", "road", "soil") and len(seen.first) == 8
    assert seen.count == seen.usable == len(good.records) and len(seen.species) == SPECIES
    counts = good.records["scientificName"].value_counts()
    assert seen.species.to_dict() == counts.to_dict() and seen.species.is_monotonic_decreasing
    names = seen.species.index.to_numpy()[seen.species_of]
    assert (names == good.records["scientificName"]).all()
    np.testing.assert_allclose(seen.lon, good.records["decimalLongitude"])
    assert set(seen.cleaning.marked) == set(FILTERS) and not seen.problems and not seen.suggestions


def test_a_role_without_a_column_is_told(good: Tables, tmp_path: Path) -> None:
    strange = good.records.rename(columns={"scientificName": "what", "decimalLatitude": "north"})
    path = good.write(tmp_path, records=strange).records
    seen = preview(path)
    assert seen.missing == ("species", "y") and "what" in seen.header and seen.count == len(strange)
    named = preview(path, ImportOptions(roles={"species": "what", "y": "north", "x": "decimalLongitude"}))
    assert not named.missing and named.usable == len(strange) and len(named.species) == SPECIES


def test_swapped_coordinates_are_suggested_and_accepted(good: Tables, tmp_path: Path) -> None:
    names = {"decimalLongitude": "decimalLatitude", "decimalLatitude": "decimalLongitude"}
    path = good.write(tmp_path, records=good.records.rename(columns=names)).records
    seen = preview(path)
    assert [one.option for one in seen.suggestions] == ["swap_xy"] and seen.lon[0] > 40
    put_right = preview(path, ImportOptions(swap_xy=True))
    assert not put_right.suggestions
    np.testing.assert_allclose(put_right.lon, good.records["decimalLongitude"])


def test_an_unknown_system_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "metres.csv"
    pd.DataFrame({"species": ["a", "b"], "x": [2.6e6, 2.61e6], "y": [1.2e6, 1.21e6]}).to_csv(path)
    seen = preview(path)
    assert seen.crs == "" and [one.kind for one in seen.suggestions] == ["crs"] and np.isnan(seen.lon).all()
    assert not any(seen.cleaning.alone.get(name) for name in ("sea", "centroids"))
    _, report = build_dataset(OccurrenceFiles(path), "made", ImportOptions(filters=("sea",)))
    assert {one.kind: one.count for one in report.problems}["unfiltered"] == 2
    assert preview(path, ImportOptions(crs="EPSG:2056")).lon[0] == pytest.approx(7.44, abs=0.01)


@pytest.mark.parametrize(
    "names", [("Artname", "Längengrad", "Breitengrad"), ("nom_scientifique", "longitudine", "lat")]
)
def test_names_of_other_languages(good: Tables, tmp_path: Path, names: tuple[str, ...]) -> None:
    usual = ("scientificName", "decimalLongitude", "decimalLatitude")
    renamed = good.records.rename(columns=dict(zip(usual, names, strict=True)))
    seen = preview(good.write(tmp_path, records=renamed).records)
    assert tuple(seen.roles[role] for role in ("species", "x", "y")) == names
    assert seen.crs == "EPSG:4326" and seen.usable == len(good.records)


def test_positions_that_fit_are_taken_for_degrees_and_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    frame = pd.DataFrame({"species": ["a", "b"] * 20, "ost": "7,5", "nord": 47.25})
    frame.to_csv(path, index=False, sep=";")
    options = ImportOptions(roles={"x": "ost", "y": "nord"})
    seen = preview(path, options)
    assert seen.crs == "EPSG:4326" and seen.system == "EPSG:4326 (taken for degrees)"
    assert not seen.suggestions and seen.lon[0] == 7.5
    _, report = build_dataset(OccurrenceFiles(path), "made", options)
    assert report.placed and "taken_for_degrees" in {one.kind for one in report.problems}
    named = preview(path, ImportOptions(crs="EPSG:4258", roles=options.roles))
    assert named.system == "EPSG:4258" and not named.problems


def test_plane_positions_are_not_taken_for_degrees(tmp_path: Path) -> None:
    path = tmp_path / "metres.csv"
    pd.DataFrame({"species": "a", "x": [2.6e6] * 9 + [7.0], "y": [1.2e6] * 9 + [47.0]}).to_csv(path, index=False)
    assert preview(path).system == "not known"
