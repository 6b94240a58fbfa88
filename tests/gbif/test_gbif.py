"""Records of GBIF: every one once, whatever the server does meanwhile; none of little use; who is to be cited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from sdm.gbif import query as queries
from sdm.gbif import records
from sdm.gbif.client import ADDRESS, BUSY, TRIES, Client, GbifError
from sdm.gbif.download import download
from sdm.gbif.query import LIMIT, Query, count, match, parts
from sdm.jobs import Cancelled
from tests.gbif.server import Gbif, record, serving


@pytest.fixture
def gbif() -> Iterator[Gbif]:
    with serving(Gbif([record(number) for number in range(1000)])) as server:
        yield server


@pytest.fixture
def client(gbif: Gbif) -> Client:
    return Client(address=gbif.address, pause=0, backoff=0)


def test_a_name_becomes_the_key_of_its_taxon(client: Client) -> None:
    taxon = match(client, "Arnica montana")
    assert (taxon.key, taxon.name, taxon.rank) == ("FJ2", "Arnica montana L.", "SPECIES")


@pytest.mark.parametrize("name", ["Nemo nemo", "Arnica alpina"])
def test_an_unknown_name_is_said(client: Client, name: str) -> None:
    with pytest.raises(GbifError, match=f"no taxon of the name '{name}'"):
        match(client, name)


@pytest.mark.parametrize("most", [10_000, 130])
def test_every_record_comes_once_however_it_is_cut(
    client: Client, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(queries, "MOST", most)
    told: list[tuple[int, int]] = []
    found = download(client, Query("FJ2"), lambda done, total, _what: told.append((done, total)))
    assert sorted(found.kept["gbifID"].astype(int)) == list(range(1000))
    assert told[-1] == (1000, 1000)
    assert found.withheld == 0
    assert found.kept["issue"].iloc[0] == "GEODETIC_DATUM_ASSUMED_WGS84;TAXON_MATCH_FUZZY"


def test_a_crowded_place_is_cut_by_years(gbif: Gbif, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 50)
    here = {"decimalLatitude": 46.5, "decimalLongitude": 7.25}
    gbif.records = [record(number, **here) for number in range(600)]
    cut = list(parts(client, Query("FJ2", box=(7.2, 46.4, 7.3, 46.6))))
    assert sum(number for _, number in cut) >= 600
    assert max(number for _, number in cut) <= 50
    gbif.records = [record(number, year=2000, **here) for number in range(60)]
    once = list(parts(client, Query("FJ2", box=(7.25, 46.5, 7.2505, 46.5005), years=(2000, 2000))))
    assert [number for _, number in once] == [60]


def test_what_gbif_does_not_hand_out_is_counted(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdm.gbif.download.LIMIT", 900)
    monkeypatch.setattr("sdm.gbif.records.LIMIT", 900)
    found = download(client, Query("FJ2"))
    assert (len(found.kept), found.withheld) == (900, 100)
    assert LIMIT == 100_000


@pytest.mark.parametrize("failures", [[429, 429], [503], ["broken off", 500], ["text"]])
def test_a_busy_or_broken_server_is_asked_again(gbif: Gbif, client: Client, failures: list[int | str]) -> None:
    gbif.failures = list(failures)
    assert count(client, Query("FJ2")) == 1000
    assert len(gbif.asked) == len(failures) + 1


def test_a_server_that_stays_busy_is_given_up(gbif: Gbif, client: Client) -> None:
    gbif.failures = [BUSY[0]] * (TRIES + 1)
    with pytest.raises(GbifError, match="GBIF is busy"):
        count(client, Query("FJ2"))
    gbif.failures = ["broken off"] * TRIES
    with pytest.raises(GbifError, match="broke off"):
        count(client, Query("FJ2"))
    gbif.failures = [400]
    asked = len(gbif.asked)
    with pytest.raises(GbifError, match="refuses"):
        count(client, Query("FJ2"))
    assert len(gbif.asked) == asked + 1


def test_no_answer_in_time_is_an_error(gbif: Gbif, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdm.gbif.client.TRIES", 1)
    impatient = Client(address=gbif.address, pause=0, backoff=0, timeout=(1, 0.05))
    gbif.failures = ["slow", "slow"]
    with pytest.raises(GbifError, match="cannot be reached"):
        count(impatient, Query("FJ2"))
    with pytest.raises(GbifError, match="cannot be reached"):
        count(Client(address="http://127.0.0.1:9", pause=0, backoff=0), Query("FJ2"))


def test_answers_are_kept_so_that_a_stopped_download_goes_on(gbif: Gbif, tmp_path: Path) -> None:
    client = Client(tmp_path, gbif.address, pause=0, backoff=0)

    def unwanted(done: int, _total: int, _what: str) -> None:
        if done > 400:
            raise Cancelled

    with pytest.raises(Cancelled):
        download(client, Query("FJ2"), unwanted)
    before = len(gbif.asked)
    assert len(download(client, Query("FJ2")).kept) == 1000
    repeated = set(gbif.asked[:before]) & set(gbif.asked[before:])
    assert not repeated
    kept = next(tmp_path.glob("*.json"))
    kept.write_bytes(b"{damaged")
    assert len(download(client, Query("FJ2")).kept) == 1000


def test_questions_are_paced() -> None:
    waited: list[float] = []
    with serving(Gbif([record(1)])) as gbif:
        client = Client(address=gbif.address, pause=5.0, sleep=waited.append)
        for year in (2000, 2001, 2002):
            count(client, Query("FJ2", years=(year, year)))
    assert len(waited) == 2
    assert 4 < waited[0] <= 5


def test_records_of_little_use_are_left_out_with_the_reason(gbif: Gbif, client: Client) -> None:
    gbif.records = [
        record(1), record(2, coordinateUncertaintyInMeters=None), record(3, coordinateUncertaintyInMeters=301),
        record(4, coordinateUncertaintyInMeters=25_000), record(5, decimalLatitude=0.0, decimalLongitude=0.0),
    ]  # fmt: skip
    found = download(client, Query("FJ2"))
    assert found.kept["gbifID"].tolist() == ["1", "2"]
    assert dict(zip(found.left_out["gbifID"], found.left_out["reason"], strict=True)) == {
        "3": "uncertainty that stands for the middle of an area", "4": "uncertainty above 10 km",
        "5": "position 0, 0",
    }  # fmt: skip


def test_data_sets_to_cite_come_with_their_licences(client: Client) -> None:
    table = pd.DataFrame({"datasetKey": ["a", "a", "b-nc", None]})
    cited = records.datasets(client, table)
    assert cited[["datasetKey", "records", "not_commercial"]].to_numpy().tolist() == [
        ["a", 2, False],
        ["b-nc", 1, True],
    ]
    assert cited["citation"].tolist() == ["Somebody. a.", "Somebody. b-nc."]


def test_answers_that_are_not_documented_are_said(
    gbif: Gbif, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gbif, "search", lambda _query: {"results": "none"})
    with pytest.raises(GbifError, match="without a count"):
        count(client, Query("FJ2"))
    monkeypatch.setattr(gbif, "search", lambda _query: [1])
    with pytest.raises(GbifError, match="not documented"):
        count(client, Query("FJ2"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"country": "Swiss"}, "two letters"), ({"box": (10, 0, 5, 1)}, "WEST"), ({"years": (2020, 1999)}, "years")],
)
def test_questions_that_make_no_sense_are_refused(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(GbifError, match=words):
        Query("FJ2", **wrong)  # type: ignore[arg-type]


@pytest.mark.network
def test_the_real_interface_still_answers() -> None:
    client = Client(address=ADDRESS)
    taxon = match(client, "Arnica montana")
    found = count(client, Query(taxon.key, "LI"))
    assert 10 < found < 100_000
    (page,) = records.pages(client, Query(taxon.key, "LI", years=(2015, 2015)), 1)
    assert set(page[0]) >= {"decimalLatitude", "decimalLongitude", "datasetKey"}
