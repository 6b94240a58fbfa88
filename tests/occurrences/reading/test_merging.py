"""Spellings of one species are told from ranks below it, hybrids, doubts and homonyms."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from sdm.cli import main
from sdm.occurrences.build import build_dataset
from sdm.occurrences.options import ImportOptions, OccurrenceFiles
from sdm.occurrences.preview import preview
from sdm.occurrences.reading.merging import merged_names, same_species
from sdm.occurrences.reading.taxon_names import taxon_name
from sdm.occurrences.report import REPORT
from tests.occurrences.tables import Tables

ROBUR = ["Quercus robur", "quercus robur L.", "Quercus robur Linnaeus, 1753", "QUERCUS ROBUR", "Quercus  robur",
         "Quercus_robur", "Quercus robur (L.)", "QUERCUS ROBUR L."]  # fmt: skip
APART = [
    "Quercus robur subsp. robur", "Quercus robur var. fastigiata", "Quercus robur f. fastigiata", "Quercus ×robur",
    "Quercus cf. robur", "Quercus robur cf.", "Quercus aff. robur", "Quercus sp.", "Quercus", "Quercus L.",
    "Quercus robur × petraea", "Quercus robur agg.", "Quercus robur s.l.", "Quercus robur s. str.",
    "Quercus robur auct. non L.", "Quercus robur 'Concordia'", "Quercus robur pedunculiflora", "Q. robur",
    "Quercus robur sensu Mill.", "Quercus (Quercus) robur", "Quercus robur/petraea", "Quercus robur ssp.",
]  # fmt: skip


def test_spellings_of_one_species() -> None:
    assert same_species(ROBUR) == [ROBUR]
    assert same_species(["Isoëtes lacustris L.", "Isoetes lacustris"])
    assert same_species(["Picea abies (L.) H.Karst.", "Picea abies (L.) Karsten"])
    assert same_species(["Salix × rubens Schrank", "Salix x rubens", "Salix ×rubens"])
    assert same_species(["Aralia elata (Miq.) Seem.", "Aralia elata"])


@pytest.mark.parametrize("other", APART)
def test_what_is_more_or_less_than_the_species_stays_apart(other: str) -> None:
    assert same_species([*ROBUR, other]) == [ROBUR]
    assert other not in {one.name for one in merged_names(dict.fromkeys([other, *ROBUR], 1))}


def test_ranks_are_the_same_however_they_are_written() -> None:
    names = ["Abies alba subsp. nigra Voss", "Abies alba ssp. nigra", "Abies alba Mill. subsp. nigra (Hook.) Voss"]
    assert same_species([*names, "Abies alba var. nigra"]) == [names]


def test_names_by_different_authors_stay_apart_and_a_name_alone_beside_them() -> None:
    assert same_species(["Abies alba", "Abies alba Mill.", "Abies alba Michx."]) == []
    assert same_species(["Primula elata L.", "Primula elata L.f."]) == []
    assert same_species(["Primula elata L.", "Primula elata Lam."]) == []
    names = ["Abies alba", "ABIES ALBA", "Abies alba Mill.", "Abies alba Miller", "Abies alba Michx."]
    assert same_species(names) == [names[2:4], names[:2]]


def test_the_name_with_most_records_among_the_well_written_stays() -> None:
    merged = merged_names({"QUERCUS ROBUR": 90, "quercus robur": 5, "Quercus robur L.": 2, "Quercus robur": 1})
    assert {one.becomes for one in merged} == {"Quercus robur L."}
    assert {one.name: one.records for one in merged} == {
        "QUERCUS ROBUR": 90, "quercus robur": 5, "Quercus robur": 1
    }  # fmt: skip


@given(st.text(max_size=40))
@example("x")
@example("× ×")
def test_any_text_is_read_and_agrees_with_itself_in_another_case_or_spacing(text: str) -> None:
    name = " ".join(text.split())
    assert taxon_name(name).taxon == taxon_name(f"  {name.replace(' ', '   ')} ").taxon
    assert not any(one.name == one.becomes for one in merged_names({name: 1, name.upper(): 2, name.lower(): 3}))


@pytest.fixture
def spelt(good: Tables) -> pd.DataFrame:
    """The good records, of which every third of the first species is spelt otherwise."""
    records = good.records.copy()
    first = np.flatnonzero(records["scientificName"] == "Planta a")[::3]
    records.loc[first, "scientificName"] = "PLANTA A"
    records.loc[first[:2], "scientificName"] = "Planta a subsp. b"
    return records


def test_the_import_merges_only_when_told_and_keeps_what_became_what(
    good: Tables, spelt: pd.DataFrame, tmp_path: Path
) -> None:
    files = good.write(tmp_path, records=spelt, plots=good.plots.rename(columns={"Planta a": "Planta  A"}))
    apart, told = build_dataset(files, "apart", ImportOptions())
    assert {"PLANTA A", "Planta a", "Planta a subsp. b"} <= set(apart.targets.classes["name"]) and not told.merged
    assert {one.kind: one.count for one in told.problems}["similar_names"] == 1
    data, report = build_dataset(files, "merged", ImportOptions(merge_names=True))
    names = list(data.targets.classes["name"])
    assert "PLANTA A" not in names and "Planta a subsp. b" in names
    assert {one.name: (one.becomes, one.records) for one in report.merged} == {
        "PLANTA A": ("Planta a", int((spelt["scientificName"] == "PLANTA A").sum())), "Planta  A": ("Planta a", 0)
    }  # fmt: skip
    plain, _ = build_dataset(good.write(tmp_path), "plain", ImportOptions())
    for one in (data, plain):
        assert one.sites["source"].value_counts()["plots"] == len(good.plots)
    mine, theirs = (one.targets.values[:, list(one.targets.classes["name"]).index("Planta a")].toarray().ravel()
                    [(one.sites["source"] == "plots").to_numpy()] for one in (data, plain))  # fmt: skip
    np.testing.assert_array_equal(mine, theirs)
    assert mine.any()


def test_the_preview_shows_what_would_become_what(good: Tables, spelt: pd.DataFrame, tmp_path: Path) -> None:
    path = good.write(tmp_path, records=spelt).records
    off, on = preview(path), preview(path, ImportOptions(merge_names=True))
    assert off.spellings == on.spellings and [one.name for one in off.spellings] == ["PLANTA A"]
    assert len(off.species) == len(on.species) + 1 and off.species.sum() == on.species.sum()


def test_the_command_says_it_and_the_report_keeps_it(tmp_path: Path) -> None:
    names = ["Abies alba", "ABIES ALBA", "Abies alba Mill.", "Picea abies"] * 20
    random = np.random.default_rng(0)
    table = pd.DataFrame({"species": names, "lon": random.uniform(6, 8, 80), "lat": random.uniform(46, 47, 80),
                          "bio1": random.normal(size=80)})  # fmt: skip
    table.to_csv(tmp_path / "po.csv", index=False)
    out = tmp_path / "made"
    done = CliRunner().invoke(
        main, ["occurrences", "--po", str(tmp_path / "po.csv"), "--out", str(out), "--merge-names"]
    )
    assert done.exit_code == 0, done.output
    assert "taken for Abies alba: ABIES ALBA (20 records)" in done.output and "of 2 species" in done.output
    kept = json.loads((out / REPORT).read_text())["merged"]
    assert {"name": "ABIES ALBA", "becomes": "Abies alba", "records": 20} in kept and len(kept) == 2


def test_every_species_keeps_its_records(tmp_path: Path) -> None:
    table = pd.DataFrame({"species": ROBUR, "lon": np.linspace(6, 7, len(ROBUR)), "lat": 46.5, "wet": 1.5})
    table.to_csv(tmp_path / "po.csv", index=False)
    data, report = build_dataset(
        OccurrenceFiles(tmp_path / "po.csv"), "one", ImportOptions(merge_names=True, background="target-group")
    )
    assert list(data.targets.classes["name"]) == ["Quercus robur"] and report.records == len(ROBUR)
