"""One reader uploads a list of 20 MB while others look at surveys: how long it takes, and how long they wait."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.comparison import Figure, Target
from benchmarks.load import look, surveys_of, warm
from benchmarks.table import quantity
from benchmarks.visitors import Visitor
from sdm.data.catalogue import default_data
from sdm.data.open import open_dataset
from tests.browser.server import browsing, serving
from tests.browser.steps import SIZE

BYTES = 19_900_000  # below the largest file that the app takes
OTHERS, PAUSE_SECONDS, BEFORE_SECONDS = 5, 1.0, 20.0
PATIENCE_MS = 240_000


class Others:
    """Sessions that look at another survey every second, from a thread of their own."""

    def __init__(self, address: str, surveys: list[str]) -> None:
        self.address, self.surveys = address, surveys
        self.times: list[tuple[float, float]] = []  # when it was asked, seconds until it was answered
        self._leave = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()))

    def __enter__(self) -> Others:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._leave.set()
        self._thread.join()

    def median(self, begin: float, end: float) -> float:
        """Of the answers asked for between two moments."""
        return float(np.median([seconds for asked, seconds in self.times if begin <= asked <= end] or [np.nan]))

    async def _all(self) -> None:
        await asyncio.gather(*(self._session(number) for number in range(OTHERS)))

    async def _session(self, number: int) -> None:
        async with Visitor(self.address) as visitor:
            for survey in self.surveys[number::OTHERS]:
                if self._leave.is_set():
                    return
                asked = time.monotonic()
                answer = await look(visitor, "", survey)
                self.times.append((asked, answer.seconds))
                await asyncio.sleep(PAUSE_SECONDS)


def figures(data: Path | None = None) -> Iterator[Figure]:
    """The upload alone, and the median of the others before it and during it."""
    tree = data or default_data()
    surveys = surveys_of(open_dataset(tree))
    with serving(tree) as address, TemporaryDirectory() as home:
        listed = Path(home) / "list.csv"
        lines = "surveyId\n" + "\n".join(surveys) + "\n"
        listed.write_text((lines * (BYTES // len(lines)))[:BYTES])
        asyncio.run(warm(address, surveys))
        with Others(address, surveys) as others:
            time.sleep(BEFORE_SECONDS)
            begin, end = _upload(address, listed)
    quiet, busy = others.median(0, begin), others.median(begin - PAUSE_SECONDS, end)
    yield Figure(f"a list of {BYTES / 1e6:.1f} MB, until it is answered", end - begin, target=Target(5, "seconds"))
    note = f"{quantity(quiet, 's')} before; {OTHERS} sessions, another survey every {PAUSE_SECONDS:g} s"
    yield Figure("others during it, median", busy, target=Target(round(2 * quiet, 2), "seconds"), note=note)


def _upload(address: str, file: Path) -> tuple[float, float]:
    """When the file was dropped, and when the page had answered."""
    with browsing() as browser:
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{address}/predict?predict_section=list")
        drop = page.locator("input[type=file]")
        drop.wait_for(state="attached")
        begin = time.monotonic()
        drop.set_input_files(file)
        page.get_by_text("understood").or_(page.get_by_text("Left out")).first.wait_for()
        return begin, time.monotonic()
