"""The folder of a run: what was asked, how it went, what came out; and the runs of several folders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from sdm.data.worlds import TRAINED_AGAIN, require_current
from sdm.errors import RunError, SdmError, UnknownNameError
from sdm.files import modified, new_folders, read_json
from sdm.formats.arrays import read_npz, write_npz
from sdm.formats.sealed_json import unsealed
from sdm.formats.typed_json import from_json
from sdm.runs.card import RUN_NAME, ModelCard
from sdm.runs.configuration import CHANGED, RunConfig
from sdm.runs.log import read_log
from sdm.runs.predictions import Predictions

CONFIG, CARD, HISTORY, BATCHES = "config.json", "card.json", "history.csv", "batches.csv"
WEIGHTS, TABLE, TRAIN_IDS, PREDICTIONS = "weights.safetensors", "table.npz", "train_ids.npz", "predictions"
RESUME, RESUME_WEIGHTS, FITTING = "resume.json", "resume.safetensors", "fitting.json"

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Run:
    """One training. Reading is lazy, and checked: what is damaged raises RunError when it is asked for."""

    path: Path
    config: RunConfig

    @staticmethod
    def open(path: Path) -> Run:
        """The run in `path`, finished or not; RunError for one of an earlier version of the virtual Europe."""
        if not path.is_dir():
            raise RunError("no such run folder", where=path)
        values = read_json(path / CONFIG, RunError)
        values = unsealed(values, path / CONFIG, RunError, CHANGED)
        config = from_json(RunConfig, values, RunError, path / CONFIG)
        require_current(config.data.title, config.data.world_version, path, RunError, TRAINED_AGAIN)
        return Run(path, config)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def finished(self) -> bool:
        """Whether it has a card."""
        return (self.path / CARD).exists()

    @cached_property
    def card(self) -> ModelCard:
        """What is known of a finished run."""
        if not self.finished:
            raise RunError("the training is not finished", where=self.path, remedy="Train again to go on with it.")
        return ModelCard.read(self.path / CARD)

    def history(self) -> pd.DataFrame:
        """Per epoch: epoch and steps done, train_loss, validation_loss, the headline metric by its name
        and, of classes, the accuracy, decoder, lr, seconds since the start."""
        return read_log(self.path / HISTORY)

    def batches(self) -> pd.DataFrame:
        """Per step, both from 1: step, epoch, loss, lr, seconds since the start."""
        return read_log(self.path / BATCHES)

    def splits(self) -> tuple[str, ...]:
        """Splits whose predictions are stored."""
        return tuple(sorted(path.stem for path in (self.path / PREDICTIONS).glob("*.npz")))

    def predictions(self, split: str) -> Predictions:
        """The stored predictions of `split`, uncalibrated; UnknownNameError lists the stored ones.

        RunError when the file is damaged, or of other classes than the card's.
        """
        if split not in self.splits():
            known = ", ".join(self.splits()) or "none"
            raise UnknownNameError(f"{self.name} has no predictions of this split", expected=known, got=split)
        path = predictions_path(self.path, split)
        predictions = Predictions.read(path)
        if predictions.width != self.card.width:
            got = predictions.width
            raise RunError("predictions of another run", where=path, expected=self.card.width, got=got)
        return predictions

    @cached_property
    def train_ids(self) -> dict[str, np.ndarray]:
        """Source -> int64 (n,), ascending: the surveys of the training split."""
        return read_npz(self.path / TRAIN_IDS)

    def has_seen(self, source: str, survey_id: int) -> bool:
        """Whether the survey was in the training split."""
        ids = self.train_ids.get(source, np.zeros(0, np.int64))
        at = int(np.searchsorted(ids, np.int64(survey_id)))
        return at < len(ids) and int(ids[at]) == survey_id


def write_train_ids(path: Path, sites: pd.DataFrame) -> None:
    """Remember the surveys of the training split: sorted ids per source."""
    groups = sites.groupby("source", observed=True)["survey_id"]
    write_npz(path / TRAIN_IDS, {str(source): np.unique(ids.to_numpy(np.int64)) for source, ids in groups})


def named_folder(home: Path, name: str) -> Path:
    """The folder of a run called `name` in `home`; RunError for what is no plain name."""
    if not re.fullmatch(RUN_NAME, name):
        raise RunError("no name for a run", expected="1 to 60 letters, digits, - . and _", got=name)
    return home / name


def free_folder(homes: Sequence[Path], name: str) -> Path:
    """A folder for a new run in the last of `homes`: `name`, else `name`-2, …, new in all of them."""
    taken = {path.name for home in homes if home.is_dir() for path in home.iterdir()}
    number = 1
    while (free := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return homes[-1] / free


@contextmanager
def new_run(folder: Path) -> Iterator[Path]:
    """An empty folder in which a run is made; it becomes `folder` only when the block ends without an error.

    RunError where there is one. A training is not made so: it goes on in its own folder after an interruption, and
    is a run without a card until then.
    """
    with new_folders(folder.parent, folder.name, error=RunError) as new:
        (new / folder.name).mkdir()
        yield new / folder.name


def merge_train_ids(path: Path, runs: Sequence[Run]) -> None:
    """Remember the training surveys of all `runs`."""
    sources = sorted({source for run in runs for source in run.train_ids})
    none = np.zeros(0, np.int64)
    merged = {s: np.unique(np.concatenate([run.train_ids.get(s, none) for run in runs])) for s in sources}
    write_npz(path / TRAIN_IDS, merged)


def predictions_path(path: Path, split: str) -> Path:
    """Where the predictions of `split` lie; RunError for a name that is no plain word."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", split):
        raise RunError("no name for a file", where=path, expected="letters, digits, - and _", got=split)
    return path / PREDICTIONS / f"{split}.npz"


def find_runs(folder: Path) -> tuple[list[Run], list[SdmError]]:
    """The runs directly in `folder`, by name, and what is wrong with those that cannot be opened."""
    runs: list[Run] = []
    problems: list[SdmError] = []
    for path in sorted(folder.glob(f"*/{CONFIG}")):
        try:
            run = Run.open(path.parent)
            if run.finished:
                _ = run.card
            runs.append(run)
        except SdmError as problem:
            problems.append(problem)
    return runs, problems


@dataclass(frozen=True)
class Inventory:
    """`finished`: name -> run. Names of those `unfinished`, of those `hidden` by another run of that name, and
    why others are `broken`."""

    finished: dict[str, Run]
    unfinished: tuple[str, ...]
    hidden: tuple[str, ...]
    broken: tuple[SdmError, ...]


def homes_stamp(homes: Sequence[Path]) -> Stamp:
    """What tells one state of the run folders in `homes` from the next: their names, and when settings and card
    of each were written, in nanoseconds, 0 where there is no such file."""
    folders = sorted(folder for home in homes for folder in home.glob("*"))
    return tuple((str(folder), modified(folder / CONFIG), modified(folder / CARD)) for folder in folders)


def take_inventory(homes: Sequence[Path]) -> Inventory:
    """The runs directly in `homes`; of two finished ones with one name the first counts."""
    opened = [find_runs(home) for home in homes]
    runs = [run for runs, _ in opened for run in runs]
    finished: dict[str, Run] = {}
    for run in runs:
        if run.finished:
            finished.setdefault(run.name, run)
    return Inventory(
        finished,
        tuple(run.name for run in runs if not run.finished),
        tuple(run.name for run in runs if run.finished and run.card.digest != finished[run.name].card.digest),
        tuple(problem for _, problems in opened for problem in problems),
    )
