"""The runs at hand: shipped ones and the reader's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sdm.data.dataset import Dataset
from sdm.evaluation.leaderboard.run_scores import fitting as fitting_runs
from sdm.files import PROJECT
from sdm.number_format import counted
from sdm.runs import Run
from sdm.runs.compatibility import unknown_classes
from sdm.runs.folder import Inventory, Stamp, homes_stamp, take_inventory
from sdm.ui.cache.memo import memo

HOMES = (PROJECT / "checkpoints", PROJECT / "runs")  # shipped runs, then the reader's own


@memo(4)
def _inventory(homes: tuple[Path, ...], stamp: Stamp) -> Inventory:  # noqa: ARG001  `stamp`: of the state it is of
    return take_inventory(homes)


def inventory() -> Inventory:
    """The runs at hand, with those that cannot be asked."""
    return _inventory(HOMES, homes_stamp(HOMES))


def finished_runs() -> dict[str, Run]:
    """Name -> finished run; of two with one name the shipped one."""
    return inventory().finished


def mark(name: str, other: bool) -> str:
    """The name of a run on the screen; `other`: of other data than the one that is open."""
    return f"{name} · other data" if other else name


def titles(runs: Mapping[str, Run], data: Dataset) -> dict[str, str]:
    """Name -> name for a choice, runs that were trained on other data marked as such."""
    return {name: mark(name, run.card.data.fingerprint != data.fingerprint) for name, run in runs.items()}


def left_out_note(run: Run, data: Dataset) -> str:
    """Which species of a file are not evaluated, because the data does not know them; "" where there are none."""
    count = unknown_classes(run, data)
    if not count:
        return ""
    return (
        f"Left out: {counted(count, 'species')} that {run.name} names and the tables of this data do not. "
        f"Evaluated on the {counted(len(data.targets.classes), 'known species')} alone."
    )


def fitting(data: Dataset) -> tuple[dict[str, Run], dict[str, str]]:
    """Runs that answer the question of `data`, best on validation first; for the others why they do not."""
    return _fitting(HOMES, homes_stamp(HOMES), data)


@memo(8)
def _fitting(homes: tuple[Path, ...], stamp: Stamp, data: Dataset) -> tuple[dict[str, Run], dict[str, str]]:
    return fitting_runs(_inventory(homes, stamp).finished, data)
