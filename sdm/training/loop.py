"""The training loop: resumable at any step, the same on one process or several."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from sdm.data.targets import target_matrix
from sdm.models.preparation import Batch
from sdm.runs.training_options import TrainingOptions
from sdm.training.augmentation import augmented
from sdm.training.batch_loader import BatchLoader
from sdm.training.batch_sampler import BatchSampler, Draw, repeat_factors, share, torch_seed
from sdm.training.checkpointer import Checkpointer
from sdm.training.loss_monitor import LossMonitor
from sdm.training.runtime import TrainingProgress, seed_device
from sdm.training.task import Task
from sdm.training.trainer import Trainer, learning_rate
from sdm.training.validation import Validation

MOST_MEASURED = 4096  # training surveys


class TrainingLoop:
    """One network learning one task.

    What a step sees is a function of its number, so a killed training goes on from its last saved step to the
    same weights. Batches are of `batch_size` over all processes, each taking its share.
    """

    def __init__(self, task: Task, options: TrainingOptions, trainer: Trainer, checkpointer: Checkpointer) -> None:
        self.task, self.options, self.trainer, self.checkpointer = task, options, trainer, checkpointer
        inputs = dict(trainer.network.inputs)
        learnt, labels = task.learning.dataset, task.learning.labels
        self.loader = BatchLoader(learnt, np.arange(len(learnt)), inputs, task.statistics, labels=labels).cache()
        self.selection_loader = BatchLoader(
            task.dataset, task.selection, inputs, task.statistics, labels=task.selection_labels
        ).cache()
        self.truth = target_matrix(task.dataset.targets.take(task.selection))
        self.sampler = BatchSampler(options, len(self.loader), self._times())
        self.epoch_steps = self.sampler.steps
        self.steps = self.epoch_steps * options.epochs
        self.monitor = LossMonitor(checkpointer.folder, checkpointer.losses())

    def _times(self) -> np.ndarray | None:
        """How often each training survey is seen, where not all alike."""
        if not self.options.repeat_rare:
            return None
        return repeat_factors(self.task.learning.dataset.targets, self.options.repeat_rare)

    def run(self, progress: Callable[[TrainingProgress], None], should_stop: Callable[[], bool]) -> bool:
        """Train to the end: True; or until `should_stop`: False, with the state saved."""
        stop = False
        while not self._finished():
            for batch, factor in self._rest_of_epoch():
                loss, stop = self._step(batch, factor, should_stop())
                progress(self._progress((self.checkpointer.position.step - 1) // self.epoch_steps + 1, loss))
                if self.checkpointer.position.step % self.epoch_steps == 0:
                    progress(self._end_epoch())
                if stop:
                    self.checkpointer.save()
                    return False
                self.checkpointer.save_when_due()
        return True

    def loss_without_dropout(self) -> float:
        """The loss of the present weights on at most MOST_MEASURED training surveys, nothing dropped or augmented.

        The loss of a training epoch is a mean over steps whose weights got better meanwhile, with units dropped
        and inputs augmented or mixed, which validation is spared: it may lie above the loss on validation.
        """
        count = len(self.loader)
        positions = np.linspace(0, count - 1, min(count, MOST_MEASURED)).astype(int)
        return self.trainer.mean_loss(self.loader, positions)

    def _finished(self) -> bool:
        """Whether all steps are taken, or early stopping ends them: no better epoch for `patience` epochs."""
        position, patience = self.checkpointer.position, self.options.patience
        waited = position.step // self.epoch_steps - position.best_epoch
        return position.step >= self.steps or 0 < patience <= waited

    def _rest_of_epoch(self) -> Iterator[tuple[Batch, float]]:
        """This process's share of each batch, and its size over the mean size of the shares.

        A share without a survey takes one at factor 0: every process must take part in every step.
        """
        epoch, first = divmod(self.checkpointer.position.step, self.epoch_steps)
        steps = range(first, self.epoch_steps)
        batches = self.loader.batches(self._share(self.sampler.batch(epoch, step))[0] for step in steps)
        for step, batch in zip(steps, batches, strict=True):
            size = len(self.sampler.batch(epoch, step))
            _, factor = self._share(np.arange(size))
            yield augmented(batch, self.options, partial(self._drawn, size, epoch, step), self.task.width), factor

    def _drawn(self, size: int, epoch: int, step: int, draw: Draw) -> np.ndarray:
        """What `draw` says of this process's share of a batch of `size`."""
        return self._share(draw(self.options, size, epoch, step))[0]

    def _share(self, whole: np.ndarray) -> tuple[np.ndarray, float]:
        accelerator = self.trainer.accelerator
        mine = share(whole, accelerator.process_index, accelerator.num_processes)
        factor = len(mine) * accelerator.num_processes / len(whole)
        return (mine, factor) if len(mine) else (whole[:1], 0.0)

    def _step(self, batch: Batch, factor: float, stop: bool) -> tuple[float, bool]:
        position, options = self.checkpointer.position, self.options
        accelerator = self.trainer.accelerator
        seed_device(accelerator.device, torch_seed(options, position.step, accelerator.process_index))
        rate = learning_rate(options, position.step, self.steps)
        self.monitor.batch(batch, position.step + 1)
        step = self.trainer.step(batch, rate, factor, stop)
        if not step.taken:
            self.checkpointer.save()
        epoch, number = divmod(position.step, self.epoch_steps)
        self.checkpointer.step(epoch + 1, rate, step.loss)
        self.monitor.numbers(step.loss, position.step, taken=step.taken)
        self.monitor.trend(step.loss, position.step, position.best_epoch)
        position.epoch_loss += step.loss * len(self.sampler.batch(epoch, number))
        return step.loss, step.stop

    def _end_epoch(self) -> TrainingProgress:
        position = self.checkpointer.position
        epoch = position.step // self.epoch_steps
        train_loss = position.epoch_loss / self.sampler.length
        validation = self.trainer.validate(self.selection_loader, self.truth, self.task.kind)
        rate = learning_rate(self.options, position.step - 1, self.steps)
        self.checkpointer.epoch(epoch, rate, train_loss, validation)
        return self._progress(epoch, train_loss, validation)

    def _progress(self, epoch: int, loss: float, validation: Validation | None = None) -> TrainingProgress:
        position, epochs = self.checkpointer.position, self.options.epochs
        return TrainingProgress(
            position.step, self.steps, "steps", position.seconds, epoch=epoch, epochs=epochs, loss=loss,
            validation=validation,
        )  # fmt: skip
