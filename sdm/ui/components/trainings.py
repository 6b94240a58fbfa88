"""Trainings begun on a page, and how far they are in words."""

from __future__ import annotations

from pathlib import Path

from sdm.data.dataset import Dataset
from sdm.errors import SdmError, TrainingError
from sdm.models.registry import REGISTRY
from sdm.number_format import duration, number, percent, whole
from sdm.runs import RunConfig
from sdm.training import jobs
from sdm.training.runtime import TrainingProgress
from sdm.ui.components.page_frame import problem


def start(folder: Path, config: RunConfig, data: Dataset) -> bool:
    """Start or go on; False after saying why not."""
    try:
        if data.place is None:
            raise TrainingError("this data set has no folder", remedy="Pack it first.")
        jobs.start(folder, config, data.place.resolve())
    except (SdmError, OSError) as reason:
        known = reason if isinstance(reason, SdmError) else TrainingError("the machine refused", got=reason)
        problem("The training was not started", known)
        return False
    return True


def stopped_sentence(model: str) -> str:
    """What a stopped training of `model` has kept."""
    card = REGISTRY.get(model)
    if card is not None and card.baseline:
        return "Stopped before it was fitted: it begins anew."
    return "Stopped; it goes on from the step it saved last."


def progress_sentence(progress: TrainingProgress) -> str:
    """How far it is, in words."""
    if progress.loss is None and not progress.total:
        return "Getting ready: loading libraries, reading the data …"
    if progress.total == progress.done:
        return "Trained. Predicting every split and measuring the scores …"
    steps = f" of {whole(progress.total)}" if progress.total else ""
    left = progress.seconds_left
    rest = "" if left is None else f", about {duration(left)} left"
    if progress.loss is None:
        what = f"{progress.what[:1].upper()}{progress.what[1:]}"
        return f"{what} · {percent(progress.share)} · {duration(progress.seconds)} gone{rest}"
    return (
        f"Epoch {progress.epoch} of {progress.epochs} · step {whole(progress.done)}{steps} · "
        f"loss {number(progress.loss)} · {duration(progress.seconds)} gone{rest}"
    )
