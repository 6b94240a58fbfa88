"""The runs at hand: shipped ones and the reader's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sdm.data.catalogue import RUNS, run_folder, visible_uploads
from sdm.data.dataset import Dataset
from sdm.evaluation.leaderboard.run_scores import fitting as fitting_runs
from sdm.files import PROJECT
from sdm.number_format import counted
from sdm.runs import Run
from sdm.runs.compatibility import unknown_classes
from sdm.runs.folder import Inventory, Stamp, free_folder, homes_stamp, take_inventory
from sdm.ui import visitor
from sdm.ui.cache.memo import memo

HOMES = (PROJECT / "checkpoints", PROJECT / "runs")  # shipped runs, then the reader's own


@memo(16)
def _inventory(homes: tuple[Path, ...], stamp: Stamp) -> Inventory:  # noqa: ARG001  `stamp`: of the state it is of
    return take_inventory(homes)


def homes(visit: str | None = None) -> tuple[Path, ...]:
    """The folders of the runs that a visitor knows, None for the one whose page is being drawn: beside HOMES those
    of the data sets made in the app that they know."""
    known = visible_uploads(visitor.current() if visit is None else visit)
    return (*HOMES, *(path / RUNS for path in known if (path / RUNS).is_dir()))


def home_of(data: Dataset) -> Path:
    """Where new runs on `data` belong: who may not see the data must not see these."""
    return (data.place and run_folder(data.place)) or HOMES[-1]


def new_folder(data: Dataset, name: str) -> Path:
    """A folder for a new run on `data`, called like no other that its visitor knows."""
    home = home_of(data)
    return free_folder([*(other for other in homes() if other != home), home], name)


def inventory(visit: str | None = None) -> Inventory:
    """The runs at hand, with those that cannot be asked."""
    known = homes(visit)
    return _inventory(known, homes_stamp(known))


def finished_runs(visit: str | None = None) -> dict[str, Run]:
    """Name -> finished run; of two with one name the shipped one."""
    return inventory(visit).finished


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
    known = homes()
    return _fitting(known, homes_stamp(known), data)


@memo(16)
def _fitting(homes: tuple[Path, ...], stamp: Stamp, data: Dataset) -> tuple[dict[str, Run], dict[str, str]]:
    return fitting_runs(_inventory(homes, stamp).finished, data)
