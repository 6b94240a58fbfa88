"""The runs in several folders, and those among them that cannot be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sdm.errors import SdmError
from sdm.runs.folder import Run, find_runs


@dataclass(frozen=True)
class Inventory:
    """`finished`: name -> run. Names of those `unfinished`, of those `hidden` by another run of that name, and
    why others are `broken`."""

    finished: dict[str, Run]
    unfinished: tuple[str, ...]
    hidden: tuple[str, ...]
    broken: tuple[SdmError, ...]


def take_inventory(homes: Sequence[Path]) -> Inventory:
    """The runs directly in `homes`; of two finished ones with one name the first counts."""
    opened = [find_runs(home) for home in homes]
    found = [run for runs, _ in opened for run in runs]
    finished: dict[str, Run] = {}
    for run in found:
        if run.finished:
            finished.setdefault(run.name, run)
    return Inventory(
        finished,
        tuple(run.name for run in found if not run.finished),
        tuple(run.name for run in found if run.finished and run.card.digest != finished[run.name].card.digest),
        tuple(problem for _, problems in opened for problem in problems),
    )
