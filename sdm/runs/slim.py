"""A run without its weights: its card, history and stored predictions, for comparison alone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from sdm.errors import RunError
from sdm.runs.folder import BATCHES, CARD, CONFIG, HISTORY, PREDICTIONS, TRAIN_IDS, Run, new_run


def slim_run(run: Run, folder: Path) -> Run:
    """Copy the finished `run` to the new `folder` without its weights; there whole or not at all.

    It is shown, scored and mixed as before, and answers for the surveys of its stored predictions alone. RunError
    for a run that has none, and where there is such a folder.
    """
    card = run.card
    if not run.splits():
        raise RunError("a run without stored predictions is nothing without its weights", where=run.path)
    with new_run(folder) as new:
        for name in (CONFIG, HISTORY, BATCHES, TRAIN_IDS):
            if (run.path / name).exists():
                shutil.copyfile(run.path / name, new / name)
        shutil.copytree(run.path / PREDICTIONS, new / PREDICTIONS)
        replace(card, weights=None, members=()).write(new / CARD)
    return Run.open(folder)
