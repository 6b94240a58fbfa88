"""Labels hold each pair once, whatever the rows repeat."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.data.labels import fingerprint, label_matrix, records
from sdm.errors import DataError
from sdm.geo.countries import COUNTRIES, REGIONS, canonical_country, canonical_region


def rows(pairs: list[tuple[int, float]]) -> pd.DataFrame:
    ids, species = zip(*pairs, strict=True) if pairs else ((), ())
    return pd.DataFrame(
        {"surveyId": np.array(ids, np.int64), "lon": 5.0, "lat": 50.0, "speciesId": np.array(species, float)}
    )


PAIRS = st.lists(st.tuples(st.integers(0, 6), st.sampled_from([0.0, 1.0, 5.0, 11254.0, np.nan])), max_size=40)


@given(PAIRS, PAIRS)
@settings(deadline=None)
def test_labels_are_the_set_of_pairs(first: list[tuple[int, float]], second: list[tuple[int, float]]) -> None:
    parts = [records(rows(pairs), source) for pairs, source in ((first, "PA-train"), (second, "PO-train"))]
    class_ids, labels = label_matrix(parts)
    assert class_ids.tolist() == sorted({s for _, s in first + second if not np.isnan(s)})
    expected = [
        {s for i, s in pairs if i == k and not np.isnan(s)}
        for pairs in (first, second)
        for k in sorted({i for i, _ in pairs})
    ]
    assert [set(class_ids[row.indices]) for row in labels] == expected
    assert labels.has_canonical_format and labels.dtype == np.uint8 and labels.indices.dtype == np.int32
    assert (labels.data == 1).all()


def test_the_largest_finite_area() -> None:
    frame = rows([(1, 1.0), (1, 2.0), (2, 1.0), (3, 1.0)])
    frame["areaInM2"] = [np.inf, 50.0, -np.inf, np.nan]
    np.testing.assert_array_equal(records(frame, "x").sites["area_m2"], [50, np.nan, np.nan])


def test_positions_off_the_globe_are_missing() -> None:
    frame = rows([(i, 1.0) for i in range(5)])
    frame["lon"] = [5, 181, 5, np.nan, np.inf]
    frame["lat"] = [50, 50, -91, 50, 50]
    sites = records(frame, "x").sites
    assert sites["lon"].isna().tolist() == sites["lat"].isna().tolist() == [False, True, True, True, True]


def test_years_may_be_missing() -> None:
    frame = rows([(1, 1.0), (2, 1.0)])
    assert records(frame.assign(year=[2017.0, 2018.0]), "x").sites["year"].dtype == np.int32
    year = records(frame.assign(year=[2017.0, np.nan]), "x").sites["year"]
    assert year[0] == 2017 and year.isna()[1]


@pytest.mark.parametrize("species", [1.5, np.inf, 1e300])
def test_species_that_are_no_ids(species: float) -> None:
    with pytest.raises(DataError, match="speciesId"):
        records(rows([(1, species)]), "PA-train")


def test_fingerprint_tells_source_from_source() -> None:
    frame = rows([(1, 1.0)])
    prints = {fingerprint((r := records(frame, source)).sites, *label_matrix([r])) for source in ("a", "b")}
    assert len(prints) == 2


@pytest.mark.parametrize(("table", "canonical"), [(COUNTRIES, canonical_country), (REGIONS, canonical_region)])
def test_canonical_names_are_fixed_points(table: dict[str, str], canonical: object) -> None:
    for spelling, name in table.items():
        assert canonical(spelling) == canonical(f" {spelling} ") == canonical(name) == name  # type: ignore[operator]
