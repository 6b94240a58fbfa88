"""Records from GBIF: names, where and when; counted, downloaded in the background, and what to cite for them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st

from sdm.data import catalogue
from sdm.data.uploads import INCOMING, clear_abandoned, require_room, visit_folder
from sdm.gbif.client import Client, GbifError
from sdm.gbif.download import CITED, Download, write
from sdm.gbif.query import FIRST_YEAR, WORLD, Box
from sdm.gbif.several import Ask, Counted, count_records, download_all
from sdm.jobs import Job, Report
from sdm.number_format import counted, duration, whole
from sdm.occurrences.options import OccurrenceFiles
from sdm.training import jobs
from sdm.ui import visitor
from sdm.ui.components import job
from sdm.ui.components.figure import download
from sdm.ui.components.number_table import number_table
from sdm.ui.components.page_frame import problem
from sdm.ui.state import Key

CACHE = "gbif"  # folder of answers under data/
MOST_RECORDS = 100_000
PAUSE, BACKOFF = 1.0, 0.1  # seconds; a server that cannot be reached is given up after six seconds
MOST_CITED = 12
DOI = (
    "A publication needs a DOI: make the same query a download on gbif.org, or register a derived data set there."
)


@dataclass(frozen=True)
class Fetched:
    """What was downloaded, and where it lies."""

    found: Download
    records: Path

    @property
    def cited(self) -> Path:
        """The table of data sets to cite."""
        return self.records.with_suffix(CITED)


@dataclass
class Work:
    """The question, and the job that counts or downloads."""

    ask: Ask
    job: Job[tuple[Counted, ...] | Fetched]
    counted: tuple[Counted, ...] = field(default=())


def files() -> OccurrenceFiles | None:
    """The boxes and buttons; the records, once they are here."""
    ask = _question()
    st.button("Count the records", on_click=_count, args=(ask,), key="gbif_count", icon=":material/tag:",
              disabled=ask is None or not ask.names)  # fmt: skip
    work: Work | None = st.session_state.get(Key.GBIF)
    if work is None:
        return None
    if work.job.state != "done":
        job.unfinished(work.job, "gbif", "The records are not here", "Close", _close)
        return None
    result = work.job.result
    if isinstance(result, Fetched):
        _fetched(result)
        return OccurrenceFiles(result.records)
    _counted(work, result)
    return None


def fetched() -> Fetched | None:
    """What was downloaded last, if it is here."""
    work: Work | None = st.session_state.get(Key.GBIF)
    done = work is not None and work.job.state == "done"
    return work.job.result if work is not None and done and isinstance(work.job.result, Fetched) else None


def cite(result: Fetched) -> None:
    """The data sets that the records are of, with their licences."""
    table = result.found.datasets
    rows = [
        [str(row["title"]) or str(row["datasetKey"]), whole(int(row["records"])), _licence(str(row["license"])),
         str(row["doi"])]
        for _, row in table.head(MOST_CITED).iterrows()
    ]  # fmt: skip
    with st.expander(f"To cite: {counted(len(table), 'data set')}", icon=":material/format_quote:"):
        st.html(number_table("Data sets to cite", (), ("Data set", "Records", "Licence", "DOI"), rows, words=True))
        if len(table) > MOST_CITED:
            st.caption(f"The {MOST_CITED} with the most records; the file has all.")
        download("All of them", lambda: table, "datasets-to-cite", "save_cited")
        st.caption(DOI)
    closed = table[table["not_commercial"].astype(bool)]
    if len(closed):
        st.warning(
            f"{counted(int(closed['records'].sum()), 'record')} may not be used commercially (CC BY-NC).",
            icon=":material/copyright:",
        )  # fmt: skip


def _question() -> Ask | None:
    """What the boxes ask for; None, and why, where that is no question."""
    text = st.text_area(
        "Scientific names, one a line", key=Key.GBIF_NAMES, max_chars=2000, height=100,
        placeholder="Arnica montana\nGentiana lutea",
    )  # fmt: skip
    with st.expander("Where and when", icon=":material/travel_explore:"):
        left, right = st.columns([1, 2], gap="small")
        country = left.text_input("Country", key=Key.GBIF_COUNTRY, max_chars=2, help="Two letters, such as CH.")
        box = right.text_input(
            "West, south, east, north", key=Key.GBIF_BOX, max_chars=80,
            help="In degrees, such as 5.9, 45.8, 10.5, 47.8.",
        )  # fmt: skip
        this_year = datetime.now(UTC).year
        years = st.slider("Years", FIRST_YEAR, this_year, (FIRST_YEAR, this_year), key=Key.GBIF_YEARS)
    names = tuple(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))
    try:
        return Ask(names, country.strip(), _box(box), years)
    except GbifError as error:
        problem("That is no question", error)
        return None


def _box(text: str) -> Box:
    if not text.strip():
        return WORLD
    try:
        west, south, east, north = (float(part) for part in text.replace(";", ",").split(","))
    except ValueError:
        raise GbifError(
            "no box of the world", expected="four numbers: west, south, east, north", got=text
        ) from None
    return west, south, east, north


def _client() -> Client:
    return Client(catalogue.HOME / CACHE, pause=PAUSE, backoff=BACKOFF)


def _begin(ask: Ask, work: Callable[[Report], Any], known: tuple[Counted, ...] = ()) -> None:
    started: Job[Any] = Job(work, "GBIF")
    st.session_state[Key.GBIF] = Work(ask, started, known)
    started.wait(job.TICK_SECONDS)


def _count(ask: Ask) -> None:
    client = _client()
    _begin(ask, lambda report: count_records(client, ask, report))


def _counted(work: Work, result: tuple[Counted, ...]) -> None:
    """How many there are of each name, and the button that downloads them."""
    rows = [[one.name, one.taxon.name, whole(one.records)] for one in result]
    st.html(number_table("Records at GBIF", (), ("Name", "Taken for", "Records"), rows, words=True))
    total = sum(one.records for one in result)
    if not total:
        st.info("GBIF has no such records. Ask for a larger area or more years.", icon=":material/search_off:")
    elif total > MOST_RECORDS:
        st.warning(
            f"More than {whole(MOST_RECORDS)} take too long here: ask for a smaller area or fewer years, or use "
            "`python -m sdm gbif`.", icon=":material/hourglass_bottom:",
        )  # fmt: skip
    else:
        seconds = duration(max(1.0, sum(one.seconds for one in result)))
        st.button(
            f"Download {counted(total, 'record')} · about {seconds}", on_click=_download, args=(work.ask, result),
            key="gbif_download", type="primary", icon=":material/download:",
        )  # fmt: skip


def _download(ask: Ask, found: tuple[Counted, ...]) -> None:
    client, visit = _client(), visitor.current()

    def work(report: Report) -> Fetched:
        clear_abandoned(jobs.in_use)
        require_room(visit)
        records = download_all(client, found, report)
        if not len(records.kept):
            raise GbifError("none of the records is of use for a map", remedy="Ask for a larger area.")
        out = visit_folder(visit) / f"{INCOMING}{secrets.token_hex(4)}" / "gbif.csv"
        write(records, out)
        return Fetched(records, out)

    _begin(ask, work, found)


def _fetched(result: Fetched) -> None:
    found = result.found
    lines = [f"{counted(len(found.kept), 'record')} from GBIF."]
    if len(found.left_out):
        reasons = found.left_out["reason"].value_counts()
        why = ", ".join(f"{whole(int(number))} {reason}" for reason, number in reasons.items())
        lines.append(f"Left out: {why}.")
    if found.withheld:
        lines.append(f"GBIF has {whole(found.withheld)} more at places with too many to hand out.")
    st.success(" ".join(lines), icon=":material/check_circle:")


def _licence(address: str) -> str:
    """A licence by its short name.

    >>> _licence("http://creativecommons.org/licenses/by-nc/4.0/legalcode"), _licence("")
    ('CC BY-NC 4.0', 'not told')
    """
    parts = address.rstrip("/").split("/")
    if "licenses" in parts and len(parts) > parts.index("licenses") + 2:
        kind, version = parts[parts.index("licenses") + 1 :][:2]
        return f"CC {kind.upper()} {version}"
    return "CC0" if "publicdomain" in parts else address or "not told"


def _close() -> None:
    st.session_state.pop(Key.GBIF, None)
