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
CROWD, WARM = 50, 300  # sessions at once; visits after which memory should be flat
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

    async def session(address: str, surveys: list[int]) -> None:
        with trials.one(f"a session at the surveys {surveys}"):
            async with Visitor(address) as visitor:
                for page, survey in zip(("", "predict"), surveys, strict=True):
                    answer = await visitor.open(page, survey=str(survey))
                    shown = {int(number) for number in SHOWN.findall(answer.text)}
                    assert not answer.errors and shown == {survey}, f"{shown} {answer.errors}"

    async def crowd(address: str, number: int) -> None:
        drawn = [(100 + random.permutation(ROWS)[:2]).tolist() for _ in range(number)]
        await asyncio.gather(*(session(address, surveys) for surveys in drawn))

    with served() as address:
        for number in filter(None, (min(tried, CROWD), max(tried - CROWD, 0))):
            asyncio.run(crowd(address, number))
    return trials.outcome()


def soak(seed: int = 0, tried: int = 600, hours: float = 0.0) -> Outcome:
    """Visits one after the other, each a session that opens one page, `tried` of them and for `hours`: the memory
    of the server grows by GROWTH_BYTES at most from visit WARM on."""
    random, trials = np.random.default_rng(seed), Trials("soak", PATIENCE_SECONDS)

    async def visits(address: str, number: int, end: float = 0.0) -> None:
        while trials.tried < number or time.monotonic() < end:
            page, survey = PAGES[int(random.integers(len(PAGES)))], 100 + int(random.integers(ROWS))
            with trials.one(f"{page or 'explore'} at survey {survey}"):
                async with Visitor(address) as visitor:
                    answer = await visitor.open(page, survey=str(survey))
                    assert not answer.errors, answer.errors

    with served() as address:
        first = min(WARM, tried // 2)
        asyncio.run(visits(address, first))
        before = _memory()
        asyncio.run(visits(address, tried, time.monotonic() + 3600 * hours))
        grown = _memory() - before
    outcome = trials.outcome()
    if grown <= GROWTH_BYTES:
        return outcome
    problem = f"memory grew by {grown >> 20} MB"
    return replace(outcome, failed=(*outcome.failed, problem))


def _memory() -> int:
    """Bytes of the server, the one process started from here that is not ours."""
    return sum(int(process.memory_info().rss) for process in psutil.Process().children(recursive=True))
