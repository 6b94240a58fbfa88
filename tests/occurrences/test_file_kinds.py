"""The same records from every kind of file people have them in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.errors import DataError
from sdm.occurrences.build import build_dataset
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from sdm.occurrences.preview import preview
from tests.occurrences.files import KINDS, geopackage, points, text
from tests.occurrences.tables import Tables


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_data_set(good: Tables, tmp_path: Path, kind: str) -> None:
    table = good.records.assign(scientificName=good.records["scientificName"].replace("Planta a", "Plantå a"))
    path = KINDS[kind](table, tmp_path)
    seen = preview(path)
    assert seen.usable == seen.count == len(table) and len(seen.species) == 8 and not seen.suggestions
    data, report = build_dataset(OccurrenceFiles(path), "made", ImportOptions())
    assert data.modalities == ("predictors-wet-road-soil",) and "Plantå a" in set(data.targets.classes["name"])
    assert report.placed and report.records == len(table)
    places = table.drop_duplicates(["decimalLongitude", "decimalLatitude"])
    rows = (data.sites["source"] == "records").to_numpy()
    np.testing.assert_allclose(data.sites.loc[rows, "lon"], places["decimalLongitude"], atol=1e-6)
    np.testing.assert_allclose(data.sites.loc[rows, "lat"], places["decimalLatitude"], atol=1e-6)
    np.testing.assert_allclose(
        data.reader.read(data.modalities[0], np.flatnonzero(rows))[:, 0], places["wet"], rtol=1e-5
    )


def test_tables_of_different_systems_become_one(good: Tables, tmp_path: Path) -> None:
    files = good.write(tmp_path)
    tables = OccurrenceFiles(
        geopackage(good.records, tmp_path), files.background, files.plots, files.plot_predictors
    )
    data, _ = build_dataset(tables, "made", ImportOptions())
    rows = (data.sites["source"] == "background").to_numpy()
    assert data.sites["x"].min() > 2e6
    np.testing.assert_allclose(data.sites.loc[rows, "lon"], good.background["decimalLongitude"], atol=1e-9)


def test_a_column_may_name_the_system(good: Tables, tmp_path: Path) -> None:
    moved = points(good.records, "EPSG:2056")
    table = pd.DataFrame(moved.drop(columns="geometry")).assign(x=moved.geometry.x, y=moved.geometry.y)
    path = text(index=False)(table.assign(srid=2056), tmp_path)
    assert preview(path).lon[0] == pytest.approx(good.records["decimalLongitude"].iloc[0], abs=1e-6)
    mixed = table.assign(srid=np.where(np.arange(len(table)) < 5, 4326, 2056))
    with pytest.raises(DataError, match="several reference systems"):
        preview(text(index=False)(mixed, tmp_path))


@pytest.mark.parametrize(
    ("column", "values", "years"),
    [
        ("eventDate", ["2019-05-03", "2001-02-03T04:05"], [2019, 2001]),
        ("eventDate", ["3.5.2019", "03.02.2001"], [2019, 2001]),
        ("date", ["5/3/2019", "2/3/2001"], [2019, 2001]),
        ("eventDate", ["3 May 2019", "Feb 2001"], [2019, 2001]),
        ("eventDate", ["20190503", "20010203"], [2019, 2001]),
        ("eventDate", ["2019-05-01/2019-05-03", "sometime"], [2019, None]),
        ("year", ["2019", ""], [2019, None]),
        ("year", ["2019-05-03", "2001"], [2019, 2001]),
    ],
)
def test_dates_in_any_form(tmp_path: Path, column: str, values: list[str], years: list[int | None]) -> None:
    table = pd.DataFrame(
        {"species": ["a b", "c d"], "lon": [8.1, 8.2], "lat": 47.0, column: values, "wet": [1.5, 2]}
    )
    data, _ = build_dataset(OccurrenceFiles(text(index=False)(table, tmp_path)), "made", ImportOptions())
    made = data.sites.loc[data.sites["source"] == "records", "year"]
    assert [None if pd.isna(year) else int(year) for year in made] == years


def test_a_second_position_is_no_predictor(good: Tables, tmp_path: Path) -> None:
    table = good.records.assign(x=1.0, y=2.0, gbifID=5, id=7)
    seen = preview(text(index=False)(table, tmp_path))
    assert seen.predictors == ("wet", "road", "soil")
    data, _ = build_dataset(OccurrenceFiles(tmp_path / "d.csv"), "made", ImportOptions())
    assert data.modalities == ("predictors-wet-road-soil",)
