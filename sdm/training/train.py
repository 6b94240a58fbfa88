"""`train`: from a data set and settings to a finished run."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import torch

from sdm.data.dataset import Dataset
from sdm.errors import TrainingError
from sdm.evaluation.decoding import parse_decoder
from sdm.models.contract import Baseline, Model, Network
from sdm.models.registry import build
from sdm.runs import DataSource, Run, RunConfig, TrainingOptions
from sdm.runs.compatibility import require_match
from sdm.runs.folder import CARD, CONFIG
from sdm.runs.lock import holding
from sdm.runs.training_options import completed
from sdm.training.checkpointer import Checkpointer, remove_state
from sdm.training.finish import TrainingSummary, finish
from sdm.training.fitting import fit_baseline
from sdm.training.loop import TrainingLoop
from sdm.training.losses import make_loss
from sdm.training.runtime import Runtime, ignore, make_accelerator
from sdm.training.starting_weights import load_initial_weights, named_run, require_unseen, start_from
from sdm.training.task import Task, make_task
from sdm.training.trainer import Trainer


def train(
    dataset: Dataset,
    folder: Path,
    options: TrainingOptions,
    runtime: Runtime | None = None,
    initial_weights: str | Path | None = None,
    start: Path | None = None,
    teacher: Path | None = None,
) -> Run:
    """Train `options.model` on `dataset` into `folder`, or go on with the training interrupted there.

    `initial_weights` is a safetensors file of ImageNet weights of the model's image network, or "hub": those of a
    public hub, and random ones where it cannot be reached. `start` is a finished run of the same model, whose
    weights and statistics are taken over, `teacher` one whose predictions are pseudo-labels of presence-only
    records. The run given back is unfinished only if `should_stop` ended it. TrainingError when the folder holds a
    finished run or one of other settings, when another process trains there, when the data lacks what the model
    needs, when a number is not finite, or when the loss diverges.
    """
    runtime = runtime or Runtime()
    options, task, model = _prepared(dataset, options, initial_weights, start, teacher)
    for warning in (*(text for coverage in task.coverage for text in coverage.warnings()), *task.notes):
        runtime.warn(warning)
    loss = make_loss(options.loss, task.learning.dataset.targets, task.learnt_kind)
    config = RunConfig(options, DataSource.of(dataset, task.model.inputs_of(options.model_config)))
    accelerator = make_accelerator(runtime.device, options.precision)
    with holding(folder) if accelerator.is_main_process else nullcontext():
        with accelerator.main_process_first():
            run = _open(folder, config, writes=accelerator.is_main_process)
        if isinstance(model, Network):
            trainer = Trainer(model, loss, options, accelerator)
            summary = _train_network(run, task, trainer, runtime)
        else:
            assert isinstance(model, Baseline)
            summary = fit_baseline(task, model, folder if accelerator.is_main_process else None, runtime)
        if summary is not None and accelerator.is_main_process:
            finish(run, task, model, summary)
            remove_state(folder)
        accelerator.wait_for_everyone()
    accelerator.end_training()
    return Run.open(folder)


def _prepared(
    dataset: Dataset,
    options: TrainingOptions,
    initial_weights: str | Path | None,
    start: Path | None,
    teacher: Path | None,
) -> tuple[TrainingOptions, Task, Model]:
    """All that is known before the first step: the options with what they left open, the task, and the model as
    it starts."""
    options = completed(options, dataset)
    if options.decoder:
        parse_decoder(options.decoder)  # an unknown one is told now, not after the training
    options, teaching = _with_teacher(options, teacher, dataset)
    task = make_task(dataset, options, teaching)
    torch.manual_seed(options.seed)
    model = build(options.model, task.learnt_kind, task.width, options.model_config)
    if initial_weights is not None:
        options = replace(options, initial_weights=load_initial_weights(model, options.model, initial_weights))
    if start is not None:
        options, task = _started(options, task, model, Run.open(start))
    return options, task, model


def _with_teacher(
    options: TrainingOptions, teacher: Path | None, dataset: Dataset
) -> tuple[TrainingOptions, Run | None]:
    """The run that gives pseudo-labels, which must know the same classes and no survey that is held back."""
    if teacher is None:
        return options, None
    run = Run.open(teacher)
    require_match(run, dataset)
    require_unseen(run, dataset, options.scheme)
    return replace(options, pseudo_labels=named_run(run)), run


def _started(options: TrainingOptions, task: Task, model: Model, run: Run) -> tuple[TrainingOptions, Task]:
    """`options` and `task` of a training whose `model` starts as `run`, with its statistics of the inputs."""
    require_unseen(run, task.base, options.scheme)
    begun = start_from(run, model, task.dataset.targets.class_ids.tolist())
    task = replace(task, statistics=begun.statistics, notes=(*task.notes, f"starts from {run.name}, {begun.note}"))
    return replace(options, initial_weights=begun.name), task


def _train_network(run: Run, task: Task, trainer: Trainer, runtime: Runtime) -> TrainingSummary | None:
    """None when the training was stopped before its end."""
    checkpointer = Checkpointer(run.path, trainer, runtime.save_seconds)
    loop = TrainingLoop(task, run.config.training, trainer, checkpointer)
    progress = runtime.progress if trainer.accelerator.is_main_process else ignore
    if not loop.run(progress, runtime.should_stop):
        return None
    position = checkpointer.position
    epochs, device = position.step // loop.epoch_steps, str(trainer.accelerator.device)
    clean = loop.loss_without_dropout()
    return TrainingSummary(epochs, position.best_epoch, position.seconds, device, clean)


def _open(folder: Path, config: RunConfig, *, writes: bool) -> Run:
    """The folder's run, new or interrupted; TrainingError when it is another."""
    if writes and not (folder / CONFIG).exists():
        folder.mkdir(parents=True, exist_ok=True)
        config.write(folder / CONFIG)
    run = Run.open(folder)
    if (folder / CARD).exists():
        if writes:
            remove_state(folder)  # the process that wrote the card may have been killed before doing so
        raise TrainingError("a finished run is here", where=folder, remedy="Name another folder with --run.")
    differences = run.config.differences(config)
    if writes and not differences and not run.config.data.arrays:  # begun by the app, which does not read arrays
        config.write(folder / CONFIG)
    if differences:
        raise TrainingError(
            "an interrupted training of other settings is here",
            where=folder,
            got="; ".join(differences[:5]),
            remedy="Use the same settings to go on with it, or name another folder with --run.",
        )
    return run
