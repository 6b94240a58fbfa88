"""Trainings started by the app: processes of the command line, which report through their run folders."""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from enum import StrEnum
from pathlib import Path

import pandas as pd

from sdm.errors import SdmError, TrainingError
from sdm.files import PROJECT
from sdm.runs.configuration import RunConfig
from sdm.runs.folder import CARD, CONFIG, Run
from sdm.runs.lock import holder
from sdm.runs.training_options import RANDOM_WEIGHTS
from sdm.training.fitting import fitting_progress
from sdm.training.runtime import TrainingProgress

MOST = 2  # at once
OUTPUT = "train.log"
TAIL_BYTES = 4000
NICENESS = 10  # who looks at the app comes first
# A session or group of its own: Ctrl-C in the app's terminal would reach it twice, and a second one does not save.
if sys.platform == "win32":
    INTERRUPT = signal.CTRL_BREAK_EVENT
    CREATION = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.BELOW_NORMAL_PRIORITY_CLASS
else:
    INTERRUPT, CREATION = signal.SIGINT, 0

_children: dict[Path, subprocess.Popen[bytes]] = {}
_starting = threading.Lock()


class State(StrEnum):
    """What a run is doing."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    FINISHED = "finished"


def state(run: Run) -> State:
    """Whether the run is finished, is being trained by any process of this machine, or was interrupted."""
    if run.finished:
        return State.FINISHED
    alive = _child(run.path) is not None or holder(run.path) is not None
    return State.RUNNING if alive else State.INTERRUPTED


def unfinished(home: Path) -> list[Run]:
    """The runs in `home` that have no card yet, the newest first."""
    return [run for run in _newest(home, CONFIG) if not run.finished]


def finished(home: Path) -> list[Run]:
    """The runs in `home` that `start` began and that are finished, the last one first."""
    return [run for run in _newest(home, CARD) if (run.path / OUTPUT).exists()]


def running(home: Path) -> list[Run]:
    """Those of them that are being trained."""
    return [run for run in unfinished(home) if state(run) is State.RUNNING]


def in_use(home: Path) -> bool:
    """Whether a run in `home` is being trained."""
    return bool(running(home))


def start(folder: Path, config: RunConfig, data: Path) -> None:
    """Train `config` on the data set in `data` into `folder`, or go on with the training interrupted there.

    TrainingError when MOST are running, when this one is, and when it began from a file of weights.
    """
    if config.training.initial_weights != RANDOM_WEIGHTS:
        raise TrainingError(
            "this training began from a file of weights",
            where=folder.name,
            remedy=f"Go on with {config.command()}",
        )
    with _starting:
        busy = {run.path for run in running(folder.parent)}
        busy |= {other for other in list(_children) if _child(other) is not None}
        if folder in busy or len(busy) >= MOST:
            remedy = "Wait for one to finish, or stop it."
            raise TrainingError(
                "enough is running", expected=f"at most {MOST} at once", got=len(busy), remedy=remedy
            )
        if not (folder / CONFIG).exists():
            config.write(folder / CONFIG)
        _children[folder] = _launch(folder, command(folder, config, data))


def command(folder: Path, config: RunConfig, data: Path) -> list[str]:
    """The words of the command line that trains `config` on `data` into `folder`."""
    words = shlex.split(config.command())
    words[words.index("--data") + 1] = str(data)
    return [*words, "--run", str(folder)]


def stop(folder: Path) -> None:
    """Ask the training in `folder` to save its state and end; one that has not begun yet ends at once."""
    child, trainer = _child(folder), holder(folder)
    if trainer is not None:
        with contextlib.suppress(OSError):  # it has ended meanwhile
            os.kill(trainer, INTERRUPT)
    elif child is not None:
        child.terminate()


def progress(run: Run) -> TrainingProgress:
    """How far `run` has come, by its logs."""
    epochs, batches, history = run.config.training.epochs, run.batches(), run.history()
    if batches.empty:
        return fitting_progress(run.path) or TrainingProgress(epochs=epochs)
    last = batches.iloc[-1]
    an_epoch = 0 if history.empty else int(history["step"].iloc[0] / history["epoch"].iloc[0])
    return TrainingProgress(
        int(last["step"]), an_epoch * epochs, "steps", float(last["seconds"]), _recent(batches, an_epoch),
        int(last["epoch"]), epochs, float(last["loss"]),
    )  # fmt: skip


def _recent(batches: pd.DataFrame, an_epoch: int) -> tuple[int, float]:
    """Steps and seconds of the last epoch's worth of `batches`, validation in between included."""
    last = batches.iloc[-1]
    before = batches[batches["step"] <= last["step"] - max(an_epoch, 1)]
    first = batches.iloc[0] if before.empty else before.iloc[-1]
    return int(last["step"] - first["step"]), float(last["seconds"] - first["seconds"])


def output(folder: Path, lines: int = 12) -> str:
    """The last `lines` of what the training has printed, "" for one that was not started by `start`."""
    path = folder / OUTPUT
    if not path.is_file():
        return ""
    text = path.read_bytes()[-TAIL_BYTES:].decode(errors="replace")
    return "\n".join(text.splitlines()[-lines:])


def failure(folder: Path) -> str | None:
    """Why the training in `folder` gave up, None when it only was stopped or killed."""
    last = output(folder, 1)
    return last.removeprefix("error: ") if re.match(r"(error: |[\w.]*(Error|Exception)\b)", last) else None


def _newest(home: Path, file: str) -> list[Run]:
    """The runs in `home` that have `file`, the newest of these first; what cannot be opened is passed over."""
    runs = []
    for path in home.glob(f"*/{file}"):
        with contextlib.suppress(SdmError):
            runs.append((path.stat().st_mtime, Run.open(path.parent)))
    return [run for _, run in sorted(runs, key=lambda pair: pair[0], reverse=True)]


def _child(folder: Path) -> subprocess.Popen[bytes] | None:
    """The process started for `folder`, while it lives."""
    child = _children.get(folder)
    return child if child is not None and child.poll() is None else None


def _launch(folder: Path, words: list[str]) -> subprocess.Popen[bytes]:
    with (folder / OUTPUT).open("wb") as file:
        child = subprocess.Popen(
            [sys.executable, *words[1:]], cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            start_new_session=True, creationflags=CREATION,
        )  # fmt: skip
    if sys.platform != "win32":
        os.setpriority(os.PRIO_PROCESS, child.pid, NICENESS)
    return child


@atexit.register
def _stop_all() -> None:
    """The app ends, its trainings save and end too."""
    for folder in _children:
        if _child(folder) is not None:
            stop(folder)
