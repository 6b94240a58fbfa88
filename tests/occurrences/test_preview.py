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
