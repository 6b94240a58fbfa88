"""Simulated sites, made in the background: once at a time, whoever asks for them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any

from sdm.data import catalogue
from sdm.data.simulations import COAST, MOUNTAIN, SIMULATIONS, Simulation
from sdm.jobs import Job, Jobs, Report
from sdm.number_format import duration
from sdm.ui.cache.memo import memo
from sdm.ui.components import job

jobs = memo(1)(Jobs)  # of this process


def _make_coast(out: Path, report: Report) -> object:
    from sdm.virtual_coast.make import make_coast  # loads slowly

    return make_coast(out, report)


def _make_mountain(out: Path, report: Report) -> object:
    from sdm.virtual_mountain.make import make_mountain  # loads slowly

    return make_mountain(out, report)


MAKERS: dict[str, Callable[[Path, Report], object]] = {COAST.name: _make_coast, MOUNTAIN.name: _make_mountain}


def cost(simulation: Simulation) -> str:
    """What making it takes."""
    return f"about {duration(simulation.seconds)}, {simulation.megabytes} MB"


def made(simulation: Simulation, known: Collection[str] | None = None) -> list[str]:
    """Keys of its data sets that are in the list; `known`: the keys in it where they are known."""
    listed = catalogue.known_datasets() if known is None else known
    return [key for key in simulation.datasets if key in listed]


def latest(simulation: Simulation) -> Job[Any] | None:
    """The job that made it last, or is about to."""
    return jobs().get(_job_name(simulation))


def running(simulation: Simulation) -> bool:
    """Whether it is being made."""
    work = latest(simulation)
    return work is not None and work.state == "running"


def offered(known: Collection[str] | None = None) -> list[Simulation]:
    """Those that are neither in the list nor being made."""
    return [simulation for simulation in SIMULATIONS if not made(simulation, known) and not running(simulation)]


def start(simulation: Simulation) -> None:
    """Begin to make it, unless that has begun."""
    work = partial(MAKERS[simulation.name], catalogue.HOME)
    jobs().start(_job_name(simulation), work).wait(job.TICK_SECONDS)


def _job_name(simulation: Simulation) -> str:
    return str(catalogue.HOME / simulation.raw)
