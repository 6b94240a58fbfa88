"""What the app costs and how long it takes when many visit at once, without the cost of their browsers.

Each visitor looks at surveys of their own and looks at the name of the survey on every page: nobody may see
another's. Times are those of one machine that also plays the visitors.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import psutil

from benchmarks.comparison import Figure, Target
from benchmarks.table import quantity
from benchmarks.visitors import Answer, Visitor
from sdm.data.catalogue import default_data
from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from tests.browser.server import serving

READERS, SESSIONS, ACTIONS, PAUSE_SECONDS = 30, 50, 12, 10.0
REPETITIONS, IDLE_SECONDS = 6, 0.3
PAGES = ("", "predict", "species", "training", "confusion", "scores", "your_data", "about")
OF_SURVEYS = ("", "predict")
SHOWN = re.compile(rb">survey (?:\S+/)?(\d+)</span>")


def figures(data: Path | None = None) -> Iterator[Figure]:
    """The cost of a rerun per page, a class that opens Explore at once, and sessions that go on."""
    tree = data or default_data()
    surveys = surveys_of(open_dataset(tree))
    with serving(tree) as address:
        server = _server(address)
        asyncio.run(warm(address, surveys))
        for page in PAGES:
            yield from asyncio.run(_reruns(address, page, surveys, server))
        yield asyncio.run(_class(address, surveys))
        yield from asyncio.run(_sessions(address, surveys))


def surveys_of(data: Dataset) -> list[str]:
    """Ids of surveys with a patch and known species, in an order drawn with a fixed seed."""
    having = np.flatnonzero(data.reader.available("patch") & data.targets.known)
    drawn = np.random.default_rng(0).permutation(having)
    return [str(number) for number in data.sites["survey_id"].to_numpy()[drawn]]


def _server(address: str) -> psutil.Process:
    """The process that listens at `address`."""
    port = int(address.rpartition(":")[2])
    return next(
        process
        for process in psutil.Process().children(recursive=True)
        for connection in process.net_connections("tcp")
        if connection.laddr.port == port and connection.status == psutil.CONN_LISTEN
    )


def _spent(server: psutil.Process) -> float:
    times = server.cpu_times()
    return float(times.user + times.system)


async def look(visitor: Visitor, page: str, survey: str) -> Answer:
    """Open a page at a survey; AssertionError unless it shows that survey, without an error."""
    answer = await visitor.open(page, **({"survey": survey} if page in OF_SURVEYS else {}))
    assert not answer.errors, f"{page or 'explore'}: {answer.errors}"
    if page in OF_SURVEYS:
        shown = {number.decode() for number in SHOWN.findall(answer.text)}
        assert shown == {survey}, f"{page or 'explore'}: shown {shown}, expected {survey}"
    return answer


async def warm(address: str, surveys: Sequence[str]) -> None:
    """Open every page once."""
    async with Visitor(address) as visitor:
        for page in PAGES:
            await look(visitor, page, surveys[-1])


async def _reruns(
    address: str, page: str, surveys: Sequence[str], server: psutil.Process
) -> list[Figure]:  # fmt: skip
    """Processor time of the server per run: nothing has changed, and another survey."""
    async with Visitor(address) as visitor:
        await look(visitor, page, surveys[0])
        kinds = {"nothing changed": [surveys[0]] * REPETITIONS}
        if page in OF_SURVEYS:
            first = REPETITIONS * (1 + OF_SURVEYS.index(page))
            kinds["another survey"] = list(surveys[first : first + REPETITIONS])
        found = []
        for kind, asked in kinds.items():
            before = _spent(server)
            for survey in asked:
                await look(visitor, page, survey)
            await asyncio.sleep(IDLE_SECONDS)  # for what the server does after its last word
            each = (_spent(server) - before) / len(asked)
            target = Target(0.15 if kind == "nothing changed" else 0.3, "seconds")
            found.append(Figure(f"CPU of a rerun of {page or 'explore'}, {kind}", each, target=target))
    return found


async def _class(address: str, surveys: Sequence[str]) -> Figure:
    """Thirty readers open Explore in the same moment, each at a survey of their own."""

    async def reader(survey: str) -> tuple[float, float]:
        async with Visitor(address) as visitor:
            answer = await look(visitor, "", survey)
            return answer.seconds, answer.first

    complete, first = zip(*await asyncio.gather(*map(reader, surveys[100 : 100 + READERS])), strict=True)
    note = f"median {quantity(float(np.median(complete)), 's')}; the last first screen {quantity(max(first), 's')}"
    return Figure(
        f"{READERS} open Explore at once: the last page", max(complete), target=Target(5, "seconds"), note=note
    )


async def _sessions(address: str, surveys: Sequence[str]) -> list[Figure]:
    """Sessions that look at another survey, on Explore and Predict in turn, every ten seconds."""

    async def session(number: int) -> list[float]:
        own, times = surveys[200 + number :: SESSIONS], []
        await asyncio.sleep(PAUSE_SECONDS * number / SESSIONS)
        async with Visitor(address) as visitor:
            for action in range(ACTIONS):
                answer = await look(visitor, OF_SURVEYS[action % 2], own[action])
                times.append(answer.seconds)
                await asyncio.sleep(max(PAUSE_SECONDS - answer.seconds, 0))
        return times[1:]  # the first opens the session

    times = np.concatenate(await asyncio.gather(*map(session, range(SESSIONS))))
    title = f"{SESSIONS} sessions, another survey every {PAUSE_SECONDS:g} s"
    longest = quantity(float(times.max()), "s")
    note = f"{times.size} actions, longest {longest}; no error, nobody's survey on another's page"
    return [
        Figure(f"{title}: median", float(np.median(times)), target=Target(1, "seconds"), note=note),
        Figure(f"{title}: 95th percentile", float(np.percentile(times, 95)), target=Target(3, "seconds")),
    ]
