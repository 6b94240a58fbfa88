"""A class that comes at once, served by one, two and four replicas behind HAProxy: time and memory."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil

from benchmarks.comparison import Figure
from benchmarks.load import OF_SURVEYS, READERS, look, surveys_of
from benchmarks.table import quantity
from benchmarks.visitors import Visitor
from sdm.data.catalogue import default_data
from sdm.data.open import open_dataset
from tests.browser.server import ROOT, free_port

COUNTS = (1, 2, 4)
START_SECONDS, STOP_SECONDS = 240, 40
WARM_EACH = 3  # visits of each page to each replica


def figures(data: Path | None = None, counts: Sequence[int] = COUNTS) -> Iterator[Figure]:
    """Per number of replicas and page: until the last of thirty pages stands."""
    tree = data or default_data()
    surveys = surveys_of(open_dataset(tree))
    for count in counts:
        with replicas(count, tree) as (address, parent):
            asyncio.run(_warm(address, count, surveys))
            for page in OF_SURVEYS:
                yield asyncio.run(_class(address, page, surveys, count, parent))


@contextmanager
def replicas(count: int, tree: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The address of the proxy once all replicas answer, and the process that started them."""
    port, first = free_port(), 20_000 + os.getpid() % 20_000
    process = subprocess.Popen(
        [sys.executable, "-m", "sdm", "replicas", str(count), "--port", str(port), "--first", str(first)],
        cwd=ROOT, env={**os.environ, "SDM_DATA": str(tree), "OMP_WAIT_POLICY": "PASSIVE"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for each in (*range(first, first + count), port):
            _wait(f"http://127.0.0.1:{each}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.2)
    raise RuntimeError(f"{address} did not answer")


async def _warm(address: str, count: int, surveys: Sequence[str]) -> None:
    async def visit(page: str, survey: str) -> None:
        async with Visitor(address) as visitor:
            await look(visitor, page, survey)
            await asyncio.sleep(0.5)  # so that the next visit goes to another replica

    for page in OF_SURVEYS:
        for turn in range(WARM_EACH):
            await asyncio.gather(*(visit(page, surveys[turn * count + i]) for i in range(count)))


async def _class(
    address: str, page: str, surveys: Sequence[str], count: int, parent: psutil.Process
) -> Figure:  # fmt: skip
    async def reader(survey: str) -> float:
        async with Visitor(address) as visitor:
            return (await look(visitor, page, survey)).seconds

    processes = parent.children(recursive=True)
    before = _spent(processes)
    times = await asyncio.gather(*map(reader, surveys[100 : 100 + READERS]))
    cpu = (_spent(processes) - before) / READERS
    memory = sum(each.memory_full_info().pss for each in processes)
    note = (
        f"median {quantity(float(np.median(times)), 's')}, {cpu:.2f} CPU-s a page, "
        f"{memory / 1e9:.1f} GB in {len(processes)} processes"
    )
    title = f"{READERS} open {page or 'explore'} at once, {count} replica{'s' if count > 1 else ''}: the last page"
    return Figure(title, max(times), note=note)


def _spent(processes: Sequence[psutil.Process]) -> float:
    return sum(times.user + times.system for each in processes for times in [each.cpu_times()])
