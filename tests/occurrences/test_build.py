"""Tables of occurrences become records by place, background and plots, with folds on the records alone."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from sdm.cli import main
from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.data.record_types import BACKGROUND, PLOTS, RECORDS, record_type
from sdm.data.site_words import words_of
from sdm.errors import DataError
from sdm.modalities import MODALITIES
from sdm.occurrences.build import build_dataset
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from sdm.occurrences.report import read_report
from tests.datasets import REAL
from tests.occurrences.environment.rasters import degrees_raster
from tests.occurrences.tables import SPECIES, Tables

NCEAS = REAL / "nceas_swi"


def rows_of(data: Dataset, source: str) -> np.ndarray:
    return np.flatnonzero((data.sites["source"] == source).to_numpy())


def test_records_of_one_place_are_one_site(good: Tables, made: Dataset) -> None:
    places = good.records.drop_duplicates(["decimalLongitude", "decimalLatitude"])
    rows = rows_of(made, RECORDS)
    assert len(rows) == len(places) and made.targets.values[rows].sum() == len(good.records)
    np.testing.assert_allclose(made.sites["lon"].to_numpy()[rows], places["decimalLongitude"])
    at = good.records[good.records["decimalLongitude"] == places["decimalLongitude"].iloc[3]]
    names = made.targets.classes["name"].to_numpy()[made.targets.values[rows[3]].indices]
    assert set(names) == set(at["scientificName"])


def test_predictors_are_one_input_numbers_first(good: Tables, made: Dataset) -> None:
    assert made.modalities == ("predictors-wet-road--soil",)
    assert MODALITIES[made.modalities[0]].coded == (False, False, True)
    values = made.reader.read(made.modalities[0], rows_of(made, BACKGROUND))
    np.testing.assert_allclose(values, good.background[["wet", "road", "soil"]].to_numpy(np.float32))


def test_plots_are_joined_by_id_and_tell_absences(good: Tables, made: Dataset) -> None:
    rows = rows_of(made, PLOTS)
    present = good.plots.drop(columns="siteid").to_numpy()
    np.testing.assert_array_equal(made.targets.values[rows].toarray(), present)
    np.testing.assert_allclose(made.sites["lat"].to_numpy()[rows], good.plot_predictors["decimalLatitude"])
    assert made.targets.known[rows].all() and not made.targets.known[rows_of(made, BACKGROUND)].any()


def test_folds_are_of_the_records_alone(made: Dataset) -> None:
    records, plots, background = (rows_of(made, source) for source in (RECORDS, PLOTS, BACKGROUND))
    validated = np.zeros(len(made), int)
    side = np.ptp(made.sites.loc[records, ["x", "y"]].to_numpy(), axis=0).max() / 12
    cell = np.floor(made.sites.loc[records, ["x", "y"]].to_numpy() / side)
    for scheme in made.schemes:
        split = made.sites[f"split_{scheme}"].to_numpy()
        assert set(split[records]) == {"train", "validation"} and set(split[plots]) == {"test"}
        assert set(split[background]) == {""}
        sides = pd.DataFrame(cell).assign(split=split[records]).groupby([0, 1])["split"].nunique()
        assert (sides == 1).all()
        validated[split == "validation"] += 1
    assert (validated[records] == 1).all() and len(made.schemes) == 5
    assert max(made.splits(s)["validation"] for s in made.schemes) < 2 * len(records) / 5


def test_words_fit(made: Dataset) -> None:
    assert words_of(made)("A survey") == "A site"
    types = [record_type(made, int(rows_of(made, source)[0])) for source in (RECORDS, BACKGROUND, PLOTS)]
    assert types == ["presence-only record", "background site", "presence-absence survey"]


def test_metres_become_degrees(good: Tables, tmp_path: Path) -> None:
    there = Transformer.from_crs(4326, 2056, always_xy=True)

    def moved(table: pd.DataFrame) -> pd.DataFrame:
        x, y = there.transform(table["decimalLongitude"], table["decimalLatitude"])
        return table.drop(columns=["decimalLongitude", "decimalLatitude"]).assign(x=x, y=y)

    names = ("records", "background", "plot_predictors")
    files = good.write(tmp_path, **{name: moved(getattr(good, name)) for name in names})
    known, _ = build_dataset(files, "metres", ImportOptions(crs="EPSG:2056"))
    np.testing.assert_allclose(known.sites["lon"].iloc[0], good.records["decimalLongitude"].iloc[0], atol=1e-6)
    assert known.sites["country"].iloc[0] == "Switzerland"
    unknown, report = build_dataset(files, "metres", ImportOptions())
    assert unknown.sites["lon"].isna().all() and "name it with --crs" in report.to_text()
    with pytest.raises(DataError, match="reference system"):
        build_dataset(files, "metres", ImportOptions(crs="EPSG:0"))


def test_words_may_be_class_codes(good: Tables, tmp_path: Path) -> None:
    words = np.array(["", "clay", "peat", "", "", "sand"])
    named = {
        name: getattr(good, name).assign(soil=words[getattr(good, name)["soil"]])
        for name in ("records", "background", "plot_predictors")
    }
    files = good.write(tmp_path, **named)
    coded, report = build_dataset(files, "words", ImportOptions(categories=("soil",)))
    assert report.levels == {"soil": {"clay": 1, "peat": 2, "sand": 3}}
    assert coded.modalities == ("predictors-wet-road--soil",)
    plain, report = build_dataset(files, "words", ImportOptions())
    assert plain.modalities == ("predictors-wet-road",)
    assert "soil" in next(p for p in report.problems if p.kind == "unused_column").examples


def test_records_alone_are_enough(good: Tables, tmp_path: Path) -> None:
    files = OccurrenceFiles(good.write(tmp_path).records)
    data, report = build_dataset(files, "alone", ImportOptions(predictors=("wet",)))
    assert data.modalities == ("predictors-wet",) and "target group" in report.background
    sites = [data.sites.loc[rows_of(data, source), ["lon", "lat"]].to_numpy() for source in (RECORDS, BACKGROUND)]
    np.testing.assert_array_equal(*sites)  # nothing is known of other places
    assert report.species == SPECIES and report.groups == {"fern": 1, "plant": SPECIES - 1}


def test_the_command_writes_what_opens(good: Tables, tmp_path: Path) -> None:
    files = good.write(tmp_path)
    words = ["--po", files.records, "--background", files.background, "--pa", files.plots, "--pa-env",
             files.plot_predictors, "--category", "soil", "--out", tmp_path / "out"]  # fmt: skip
    said = CliRunner().invoke(main, ["occurrences", *map(str, words)])
    assert said.exit_code == 0 and "8 species" in said.output, said.output
    data = open_dataset(tmp_path / "out")
    assert data.modalities == ("predictors-wet-road--soil",)
    report = read_report(tmp_path / "out")
    assert report is not None and report.sites == {s: len(rows_of(data, s)) for s in (RECORDS, BACKGROUND, PLOTS)}


def test_the_command_knows_rasters_filters_and_columns(good: Tables, tmp_path: Path) -> None:
    records = good.records.rename(columns={"scientificName": "what"})
    records.loc[:2, "decimalLatitude"] = records.loc[:2, "decimalLongitude"]
    path = good.write(tmp_path, records=records).records
    words = ["--po", path, "--rasters", degrees_raster(tmp_path / "warm.tif"), "--column",
             "species=what", "--filter", "equal", "--filter", "usual", "--background-kind", "effort",
             "--background-sites", 100, "--out", tmp_path / "out"]  # fmt: skip
    said = CliRunner().invoke(main, ["occurrences", *map(str, words)])
    assert said.exit_code == 0 and "filter equal: 3 records left out (3 alone)" in said.output, said.output
    report = read_report(tmp_path / "out")
    assert (
        report is not None
        and report.sites[BACKGROUND] == 100
        and report.filters["equal"] == {"alone": 3, "taken": 3}
    )
    assert (tmp_path / "out" / "predictors.tif").exists()
    wrong = CliRunner().invoke(main, ["occurrences", *map(str, words), "--column", "kind=what"])
    assert wrong.exit_code == 2 and "no such role: kind" in wrong.output


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.sampled_from("abc")), min_size=1))
def test_sites_are_those_of_a_simple_count(records: list[tuple[int, int, str]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        rows = [(f"sp {name}", 8 + x / 10, 47 - y / 10, x) for x, y, name in records]
        pd.DataFrame(rows, columns=["species", "lon", "lat", "v"]).to_csv(path, index=False)
        data, _ = build_dataset(OccurrenceFiles(path), "made", ImportOptions())
    expected: dict[tuple[float, float], set[str]] = {}
    for name, lon, lat, _ in rows:
        expected.setdefault((lon, lat), set()).add(name)
    sites = rows_of(data, RECORDS)
    places = list(data.sites.loc[sites, ["lon", "lat"]].itertuples(index=False, name=None))
    np.testing.assert_allclose(places, list(expected))
    names = data.targets.classes["name"].to_numpy()
    assert [set(names[data.targets.values[row].indices]) for row in sites] == list(expected.values())


@pytest.mark.real
@pytest.mark.skipif(not NCEAS.exists(), reason="the real sample is not here")
def test_the_benchmark_of_switzerland() -> None:
    names = ("SWItrain_po", "SWItrain_bg", "SWItest_pa", "SWItest_env")
    data, report = build_dataset(OccurrenceFiles(*(NCEAS / f"{n}.csv" for n in names)), "swi", ImportOptions())
    assert report.sites == {RECORDS: 11_429, BACKGROUND: 10_000, PLOTS: 10_013}
    assert (report.records, report.species, report.codes) == (35_105, 30, ("calc",))
    assert not report.problems and not report.placed and len(MODALITIES[data.modalities[0]].channels) == 13
