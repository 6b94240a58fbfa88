"""Several visitors at once: each sees the survey they asked for, and nobody else's."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.visitors import Visitor

pytestmark = pytest.mark.browser
SURVEYS = tuple(range(100, 108))
BELOW = b"figure_landsat"  # what Explore shows last, of surveys that have it
SHOWN = re.compile(rb">survey (\d+)</span>")


def test_nobody_sees_what_another_asked_for(address: str) -> None:
    async def visit(place: int) -> list[tuple[int, set[int], bool, tuple[str, ...]]]:
        seen = []
        async with Visitor(address) as visitor:
            for step in range(3):
                survey = SURVEYS[(place + 3 * step) % len(SURVEYS)]
                answer = await visitor.open("predict" if step == 1 else "", survey=str(survey))
                shown = {int(number) for number in SHOWN.findall(answer.text)}
                seen.append((survey, shown, BELOW in answer.text, answer.errors))
        return seen

    async def everybody() -> list[list[tuple[int, set[int], bool, tuple[str, ...]]]]:
        return await asyncio.gather(*map(visit, range(4)))

    with ThreadPoolExecutor(1) as own:  # Playwright's loop runs in this thread
        visits = own.submit(asyncio.run, everybody()).result()
    for seen in visits:
        for survey, shown, _, errors in seen:
            assert errors == () and shown == {survey}
    assert any(below for [(_, _, below, _), *_] in visits), "nobody saw what comes after the first screen"
