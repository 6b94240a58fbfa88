"""Sessions of a served app: hostile choices in the address, and many at once, each with a survey of its own."""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil

from benchmarks.visitors import PATIENCE_SECONDS, Visitor
from sdm.data.store import write_store
from sdm.ui.state import Key
from tests.browser.server import serving
from tests.datasets import ROWS, multilabel
from tests.faults import Outcome
from tests.faults.routes import PIECES
from tests.faults.trials import Trials

PAGES = ("", "predict", "species", "training", "confusion", "scores", "your_data", "about")
SHOWN = re.compile(rb">survey (\d+)</span>")
CROWD, WARM, SAMPLED = 50, 300, 50  # sessions at once; visits until memory should be flat; between two looks at it
GROWTH_BYTES = 200 << 20


@contextmanager
def served() -> Iterator[str]:
    """The app on twenty surveys, without a run of its own; its address."""
    with tempfile.TemporaryDirectory() as home:
        store = write_store(multilabel(), Path(home) / "store").place
        with serving(store) as address:
            yield address


def addresses(seed: int = 0, tried: int = 300) -> Outcome:
    """Open a page `tried` times with hostile values of the choices that links carry: no exception on any page."""
    random, trials = np.random.default_rng(seed), Trials("addresses", PATIENCE_SECONDS)

    async def visit(address: str) -> None:
        async with Visitor(address) as visitor:
            for i in range(tried):
                names = random.choice([str(key) for key in Key], int(random.integers(1, 4)))
                query = {str(name): PIECES[int(random.integers(len(PIECES)))] for name in names}
                page = PAGES[i % len(PAGES)]
                with trials.one(f"{page or 'explore'} {str(query)[:150]}"):
                    answer = await visitor.open(page, **query)
                    assert not answer.errors, answer.errors
                    assert b"Traceback (most recent" not in answer.text

    with served() as address:
        asyncio.run(visit(address))
    return trials.outcome()


def sessions(seed: int = 0, tried: int = 250) -> Outcome:
    """`tried` sessions, first CROWD at once, then all others, open two surveys each, and see their own alone."""
    random, trials = np.random.default_rng(seed), Trials("sessions", PATIENCE_SECONDS)
    waited: dict[int, list[float]] = {}

    async def session(address: str, surveys: list[int], crowd: int) -> None:
        with trials.one(f"a session at the surveys {surveys}"):
            async with Visitor(address) as visitor:
                for page, survey in zip(("", "predict"), surveys, strict=True):
                    answer = await visitor.open(page, survey=str(survey))
                    shown = {int(number) for number in SHOWN.findall(answer.text)}
                    assert not answer.errors and shown == {survey}, f"{shown} {answer.errors}"
                    waited.setdefault(crowd, []).append(answer.seconds)

    async def crowd(address: str, number: int) -> None:
        drawn = [(100 + random.permutation(ROWS)[:2]).tolist() for _ in range(number)]
        await asyncio.gather(*(session(address, surveys, number) for surveys in drawn))

    with served() as address:
        for number in filter(None, (min(tried, CROWD), max(tried - CROWD, 0))):
            asyncio.run(crowd(address, number))
    notes = (f"{n} at once: half of the pages within {np.median(s):.1f} s, the last in {max(s):.1f} s"
             for n, s in waited.items())  # fmt: skip
    return replace(trials.outcome(), notes=tuple(notes))


def soak(seed: int = 0, tried: int = 600, hours: float = 0.0) -> Outcome:
    """Visits one after the other, each a session that opens one page, `tried` of them and for `hours`: the memory
    of the server grows by GROWTH_BYTES at most from visit WARM on."""
    random, trials = np.random.default_rng(seed), Trials("soak", PATIENCE_SECONDS)

    async def visits(address: str, number: int) -> None:
        while trials.tried < number:
            page, survey = PAGES[int(random.integers(len(PAGES)))], 100 + int(random.integers(ROWS))
            with trials.one(f"{page or 'explore'} at survey {survey}"):
                async with Visitor(address) as visitor:
                    answer = await visitor.open(page, survey=str(survey))
                    assert not answer.errors, answer.errors

    with served() as address:
        asyncio.run(visits(address, min(WARM, tried // 2)))
        sizes = {trials.tried: _memory()}
        end = time.monotonic() + 3600 * hours
        while trials.tried < tried or time.monotonic() < end:
            asyncio.run(visits(address, trials.tried + SAMPLED))
            sizes[trials.tried] = _memory()
    outcome = replace(trials.outcome(), notes=("MB after visits: " + _listed(sizes),))
    first, *_, last = (sizes[at] for at in sizes)
    if last - first <= GROWTH_BYTES:
        return outcome
    return replace(outcome, failed=(*outcome.failed, f"memory grew by {last - first >> 20} MB"))


def _listed(sizes: dict[int, int]) -> str:
    """Megabytes at eight of the counts of visits, from the first to the last."""
    chosen = np.array([*sizes])[np.linspace(0, len(sizes) - 1, 8).astype(int)]
    return ", ".join(f"{at}: {sizes[at] >> 20}" for at in dict.fromkeys(chosen.tolist()))


def _memory() -> int:
    """Bytes of the server, the one process started from here that is not ours."""
    return sum(int(process.memory_info().rss) for process in psutil.Process().children(recursive=True))
