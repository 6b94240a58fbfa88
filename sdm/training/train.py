"""`train`: from a data set and settings to a finished run."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from sdm.data.dataset import Dataset
from sdm.errors import RunError, TrainingError
from sdm.files import clean_strays, write_json
from sdm.models.model import Baseline, Model, Network
from sdm.models.pretrained import from_hub
from sdm.models.registry import build
from sdm.runs import DataSource, Run, RunConfig, TrainingOptions
from sdm.runs.folder import CARD, CONFIG
from sdm.runs.lock import holding
from sdm.runs.training_options import RANDOM_WEIGHTS
from sdm.runs.weights import sha256
from sdm.training.checkpointer import Checkpointer
from sdm.training.finish import Training, finish
from sdm.training.fit import Loop
from sdm.training.losses import make_loss
from sdm.training.progress import TrainingProgress
from sdm.training.resume import remove_state
from sdm.training.runtime import make_accelerator
from sdm.training.task import Task, make_task
from sdm.training.trainer import Trainer

SAVE_SECONDS = 60.0
HUB = "hub"


def _ignore(_: TrainingProgress) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class Runtime:
    """What does not change the result: where it runs, who listens, how often the state is saved.

    `progress` hears, on the first process, of every step and epoch. `should_stop` is asked after every step; once
    True, the state is saved and the training ends unfinished.
    """

    device: str = "auto"
    progress: Callable[[TrainingProgress], None] = _ignore
    should_stop: Callable[[], bool] = lambda: False
    save_seconds: float = SAVE_SECONDS


def train(
    dataset: Dataset,
    folder: Path,
    config: TrainingOptions,
    circumstances: Runtime | None = None,
    initial_weights: str | Path | None = None,
) -> Run:
    """Train `config.model` on `dataset` into `folder`, or go on with the training interrupted there.

    `initial_weights` is a safetensors file of ImageNet weights of the model's image network, or "hub": those of a
    public hub, and random ones where it cannot be reached. The run given back is unfinished only if `should_stop`
    ended it. TrainingError when the folder holds a finished run or one of other settings, when another process
    trains there, when the data lacks what the model needs, when a number is not finite, or when the loss diverges.
    """
    circumstances = circumstances or Runtime()
    task = make_task(dataset, config)
    torch.manual_seed(config.seed)
    predictor = build(config.model, task.kind, task.width, config.model_config)
    if initial_weights is not None:
        config = replace(config, initial_weights=_start(predictor, config.model, initial_weights))
    loss = make_loss(config.loss, task.dataset.targets.take(task.train))
    accelerator = make_accelerator(circumstances.device, config.precision)
    with holding(folder) if accelerator.is_main_process else nullcontext():
        with accelerator.main_process_first():
            run = _open(folder, RunConfig(config, DataSource.of(dataset)), writes=accelerator.is_main_process)
        if isinstance(predictor, Network):
            learner = Trainer(predictor, loss, config, accelerator)
            training = _learn(run, task, learner, circumstances)
        else:
            training = _count(task, predictor)
        if training is not None and accelerator.is_main_process:
            finish(run, task, predictor, training)
            remove_state(folder)
        accelerator.wait_for_everyone()
    accelerator.end_training()
    return Run.open(folder)


def _count(task: Task, baseline: Model) -> Training:
    assert isinstance(baseline, Baseline)
    if task.base is not task.dataset:
        raise TrainingError("a baseline has no use for a view", where=task.base.name)
    start = time.perf_counter()
    baseline.fit(task.base, task.seen, task.statistics)
    return Training(0, None, time.perf_counter() - start, "cpu")


def _learn(run: Run, task: Task, learner: Trainer, circumstances: Runtime) -> Training | None:
    """None when the training was stopped before its end."""
    journal = Checkpointer(run.path, learner, circumstances.save_seconds)
    loop = Loop(task, run.config.training, learner, journal)
    progress = circumstances.progress if learner.accelerator.is_main_process else _ignore
    if not loop.run(progress, circumstances.should_stop):
        return None
    position = journal.position
    epochs, device = position.step // loop.epoch_steps, str(learner.accelerator.device)
    return Training(epochs, position.best_epoch, position.seconds, device)


def _open(folder: Path, config: RunConfig, *, writes: bool) -> Run:
    """The folder's run, new or interrupted; TrainingError when it is another."""
    if writes and not (folder / CONFIG).exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / CONFIG, config.to_json())
    if writes:
        clean_strays(folder)
    run = Run.open(folder)
    if (folder / CARD).exists():
        if writes:
            remove_state(folder)  # whoever wrote the card may have been killed before doing so
        raise TrainingError("a finished run is here", where=folder, remedy="Name another folder with --run.")
    differences = run.config.differences(config)
    if differences:
        raise TrainingError(
            "an interrupted training of other settings is here",
            where=folder,
            got="; ".join(differences[:5]),
            remedy="Use the same settings to go on with it, or name another folder with --run.",
        )
    return run


def _start(predictor: Model, model: str, initial_weights: str | Path) -> str:
    """Put the initial weights into the model; gives what the card calls them, a name and a digest."""
    if not isinstance(predictor, Network) or not predictor.hub:
        raise TrainingError(f"{model} has no image network that starts from ImageNet weights")
    asked = str(initial_weights)
    path = from_hub(predictor.hub) if asked == HUB else Path(asked)
    if path is None:
        return RANDOM_WEIGHTS
    if not path.is_file():
        raise RunError("no such file of weights", where=path)
    predictor.load_imagenet(path)
    name = f"{HUB} {predictor.hub}" if asked == HUB else path.name
    return f"{name} sha256:{sha256(path)[:16]}"
