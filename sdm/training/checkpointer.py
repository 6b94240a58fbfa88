"""Logs, best weights and the state to resume from, written to the run folder during a training."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pandas as pd

from sdm.evaluation.metrics import HEADLINE
from sdm.runs.folder import BATCHES, HISTORY, RESUME, WEIGHTS
from sdm.runs.log import append_row, cut_log, read_log
from sdm.runs.weights import write_tensors
from sdm.training.resume import Position, load_state, save_state
from sdm.training.trainer import Trainer
from sdm.training.validation import Validation, better


class Checkpointer:
    """The folder of a training in progress; only the first process writes to it."""

    def __init__(self, folder: Path, trainer: Trainer, save_seconds: float) -> None:
        self.folder, self.trainer, self.save_seconds = folder, trainer, save_seconds
        self.writes = trainer.accelerator.is_main_process
        self.position = self._resume()
        self.started = time.monotonic() - self.position.seconds
        self.saved = time.monotonic()

    def _resume(self) -> Position:
        """The position saved in the folder, its logs cut back to it; else the start."""
        position = Position()
        if (self.folder / RESUME).exists():
            scaler = self.trainer.accelerator.scaler
            position = load_state(self.folder, self.trainer.network, self.trainer.optimizer, scaler)
        self.trainer.accelerator.wait_for_everyone()
        if self.writes:
            for name in (BATCHES, HISTORY):
                cut_log(self.folder / name, position.step)
        return position

    def losses(self) -> list[float]:
        """The losses of the steps done so far, for a resumed training."""
        log = read_log(self.folder / BATCHES) if self.position.step else pd.DataFrame()
        return [] if log.empty else log.loc[log["step"] <= self.position.step, "loss"].tolist()

    def step(self, epoch: int, rate: float, loss: float) -> None:
        """One step is done."""
        self.position.step += 1
        self.position.seconds = time.monotonic() - self.started
        if self.writes:
            row = {"step": self.position.step, "epoch": epoch, "loss": loss, "lr": rate}
            append_row(self.folder / BATCHES, row | {"seconds": round(self.position.seconds, 3)})

    def epoch(self, epoch: int, rate: float, train_loss: float, validation: Validation) -> None:
        """One epoch is done and validated; its weights are kept when they are the best so far."""
        position, kind = self.position, self.trainer.network.kind
        if position.best_epoch == 0 or better(validation.value, position.best, kind):
            position.best = validation.value if math.isfinite(validation.value) else None
            position.best_epoch = epoch
            if self.writes:
                write_tensors(self.folder / WEIGHTS, self.trainer.network.state_dict())
        position.epoch_loss = 0.0
        position.seconds = time.monotonic() - self.started
        if self.writes:
            row: dict[str, object] = {"epoch": epoch, "step": position.step, "train_loss": train_loss}
            row |= {"validation_loss": validation.loss, HEADLINE[kind]: validation.value}
            row |= validation.others
            row |= {"decoder": validation.decoder, "lr": rate, "seconds": round(position.seconds, 3)}
            append_row(self.folder / HISTORY, row)

    def save(self) -> None:
        """Save the state to resume from."""
        if self.writes:
            trainer = self.trainer
            save_state(self.folder, trainer.network, trainer.optimizer, trainer.accelerator.scaler, self.position)
        self.saved = time.monotonic()

    def save_when_due(self) -> None:
        """Save if `save_seconds` have passed since the last time."""
        if time.monotonic() - self.saved >= self.save_seconds:
            self.save()
