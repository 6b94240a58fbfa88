"""Models that are fitted in one go: how far they are is told to who watches and kept in the folder of the run,
where other processes read it; a stop is heeded between their parts."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from sdm.errors import RunError, TrainingError
from sdm.files import read_json, write_json
from sdm.formats.typed_json import from_json
from sdm.jobs import Cancelled, Pace
from sdm.models.contract import Baseline
from sdm.runs.folder import FITTING
from sdm.training.finish import TrainingSummary
from sdm.training.runtime import Runtime, TrainingProgress
from sdm.training.task import Task

WRITTEN_SECONDS = 0.5  # from one progress in the folder to the next


class _Stopped(Cancelled):
    """Who watches the training wants it to end."""


@dataclass(frozen=True)
class _Kept:
    """Progress as it lies in the folder."""

    done: int
    total: int
    what: str
    seconds: float
    recent: tuple[int, float]


@dataclass
class _Watch:
    """The `Report` of a model: to `runtime` at each part, to `folder` (None: nowhere) now and then."""

    folder: Path | None
    runtime: Runtime
    begun: float = field(default_factory=time.perf_counter)
    written: float = -WRITTEN_SECONDS
    pace: Pace = field(default_factory=Pace)

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.begun

    def __call__(self, done: int, total: int, what: str) -> None:
        seconds = self.seconds
        self.pace.report(seconds, done)
        kept = _Kept(done, total, what, seconds, self.pace.recent(seconds))
        if self.folder is not None and (seconds - self.written >= WRITTEN_SECONDS or done == total):
            write_json(self.folder / FITTING, vars(kept))
            self.written = seconds
        if total:
            self.runtime.progress(TrainingProgress(**vars(kept)))
        if self.runtime.should_stop():
            raise _Stopped


def fit_baseline(task: Task, baseline: Baseline, folder: Path | None, runtime: Runtime) -> TrainingSummary | None:
    """Fit it, with its progress in `folder`; None when it was stopped, of which nothing is kept."""
    if task.base is not task.dataset:
        raise TrainingError("a baseline has no use for a view", where=task.base.name)
    if task.learning.labels is not None:
        raise TrainingError("a baseline learns surveys as they were recorded", where=task.base.name)
    watch = _Watch(folder, runtime)
    try:
        watch(0, 0, "")
        baseline.fit(task.base, task.seen, task.statistics, watch)
    except _Stopped:
        if folder is not None:
            (folder / FITTING).unlink(missing_ok=True)
        return None
    return TrainingSummary(0, None, watch.seconds, "cpu")


def fitting_progress(folder: Path) -> TrainingProgress | None:
    """How far the model being fitted into `folder` is; None where that is not told.

    RunError for a damaged file.
    """
    path = folder / FITTING
    if not path.exists():
        return None
    return TrainingProgress(**vars(from_json(_Kept, read_json(path, RunError), RunError, path)))
