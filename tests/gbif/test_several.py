"""Several names in one table: each counted, each record once, each data set cited once with all of its records."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sdm.gbif.client import Client, GbifError
from sdm.gbif.several import MOST_NAMES, Ask, count_records, download_all
from sdm.jobs import Cancelled
from tests.gbif.server import Gbif, record, serving


@pytest.fixture
def gbif() -> Iterator[Gbif]:
    with serving(Gbif([record(number) for number in range(700)])) as server:
        yield server


@pytest.fixture
def client(gbif: Gbif) -> Client:
    return Client(address=gbif.address, pause=0, backoff=0)


def test_names_are_counted_and_downloaded_as_one_table(client: Client) -> None:
    ask = Ask(("Arnica montana", "Arnica angustifolia"), years=(1990, 1999))
    counted = count_records(client, ask)
    assert [(one.name, one.taxon.name, one.records) for one in counted] == [
        ("Arnica montana", "Arnica montana L.", 240), ("Arnica angustifolia", "Arnica angustifolia L.", 240)
    ]  # fmt: skip
    told: list[tuple[int, int]] = []
    found = download_all(client, counted, lambda done, total, _: told.append((done, total)))
    assert len(found.kept) + len(found.left_out) == 240  # both names are one taxon to this server
    assert told[-1] == (480, 480) and told == sorted(told)
    assert found.datasets["datasetKey"].is_unique and len(found.datasets) == 3
    assert found.datasets["records"].sum() == len(found.kept)


def test_what_cannot_be_asked_is_said(client: Client, gbif: Gbif) -> None:
    for names in ((), tuple(f"Planta {number}" for number in range(MOST_NAMES + 1))):
        with pytest.raises(GbifError, match="names"):
            count_records(client, Ask(names))
    with pytest.raises(GbifError, match="Nemo nemo"):
        count_records(client, Ask(("Arnica montana", "Nemo nemo")))
    gbif.records.clear()
    with pytest.raises(GbifError, match="no such records"):
        download_all(client, count_records(client, Ask(("Arnica montana",))))


def test_a_download_can_be_stopped(client: Client) -> None:
    def stop(_done: int, _total: int, _what: str) -> None:
        raise Cancelled

    counted = count_records(client, Ask(("Arnica montana",)))
    with pytest.raises(Cancelled):
        download_all(client, counted, stop)
