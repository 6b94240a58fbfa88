"""All kinds of faults by name. Adding one: a module with a function (seed, tried) -> Outcome, and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults import Outcome
from tests.faults.archives import archives
from tests.faults.determinism import determinism
from tests.faults.flips import flips
from tests.faults.full_disks import full_disks
from tests.faults.fuzz import fuzz
from tests.faults.kills import kills
from tests.faults.pictures import pictures
from tests.faults.routes import routes
from tests.faults.selections import SELECTIONS, selection
from tests.faults.service import service
from tests.faults.tables import tables
from tests.faults.tensors import tensors
from tests.faults.visits import addresses, sessions, soak


@dataclass(frozen=True)
class Kind:
    """`tried`: how often in `python -m tests.faults`; `short`: in every run of the tests, 0 where others do;
    `seconds`: of a processor, about: those that take longest begin."""

    run: Callable[[int, int], Outcome]
    tried: int
    short: int
    seconds: float


def _kills(seed: int, tried: int) -> Outcome:
    """The kills of all writing commands as one."""
    found = kills(tried, seed)
    return Outcome(
        "kills", sum(one.tried for one in found), sum(one.survived for one in found),
        tuple(problem for one in found for problem in one.failed), sum(one.seconds for one in found),
    )  # fmt: skip


def _selected(name: str) -> Callable[[int, int], Outcome]:
    return lambda seed, _tried: selection(name, seed)


KINDS = {
    "flips": Kind(flips, 2200, 44, 30),
    "tensors": Kind(tensors, 1500, 60, 10),
    "pictures": Kind(pictures, 1500, 42, 10),
    "tables": Kind(tables, 1000, 28, 14),
    "fuzz": Kind(fuzz, 22_000, 0, 90),  # atheris is instrumented code, in a process of its own
    "archives": Kind(archives, 1000, 40, 17),
    "routes": Kind(routes, 3000, 60, 24),
    "service": Kind(service, 5000, 102, 25),
    "kills": Kind(_kills, 100, 0, 350),  # tests/cli/test_kills.py
    "full-disks": Kind(full_disks, 60, 0, 60),
    "addresses": Kind(addresses, 150, 0, 60),  # tests/pages
    "sessions": Kind(sessions, 250, 0, 140),  # tests/browser/test_sessions.py
    "soak": Kind(soak, 2000, 0, 500),
    "determinism": Kind(determinism, 24, 0, 60),  # tests/training/test_train.py
    **{name: Kind(_selected(name), 1, 0, of.seconds) for name, of in SELECTIONS.items()},
}


def attempt(name: str, seed: int, tried: int, hours: float = 0.0) -> Outcome:
    """Try one kind; what ends it is a failure, and the others go on."""
    try:
        return soak(seed, tried, hours) if name == "soak" else KINDS[name].run(seed, tried)
    except Exception as problem:  # noqa: BLE001
        return Outcome(name, 0, 0, (f"{name}: {type(problem).__name__}: {problem}",), 0.0)
