"""Logs, best weights and the state to resume from, written to the run folder during a training.

The state is `resume.safetensors` and `resume.json`, written together or not at all. Random numbers are functions
of seed and step (`sdm.training.batch_sampler`, `sdm.training.loop`) and the learning rate is one of the step, so
neither has a state to keep.
"""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import Tensor, nn

from sdm.errors import RunError
from sdm.evaluation.metrics import HEADLINE
from sdm.files import read_json, write_json
from sdm.formats.typed_json import from_json
from sdm.runs.folder import BATCHES, FITTING, HISTORY, RESUME, RESUME_WEIGHTS, WEIGHTS
from sdm.runs.log import append_row, cut_log, read_log
from sdm.runs.weights import load_into, read_tensors, sha256, write_tensors
from sdm.training.trainer import Trainer
from sdm.training.validation import Validation, better

NETWORK, OPTIMIZER = "network.", "optimizer."
ASIDE = f"{RESUME_WEIGHTS}.next"


@dataclass
class Position:
    """How far a training has come: steps done, the sum of this epoch's losses over surveys, seconds spent, and the
    best headline metric (None when undefined) with its epoch, from 1 (0 before the first one)."""

    step: int = 0
    epoch_loss: float = 0.0
    seconds: float = 0.0
    best: float | None = None
    best_epoch: int = 0


@dataclass(frozen=True)
class _Resume:
    position: Position
    scaler: Any
    sha256: str


def save_state(
    folder: Path,
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    scaler: torch.amp.GradScaler | None,
    position: Position,
) -> None:
    """Write the whole state: weights aside, then the JSON that names their digest, then weights into place."""
    tensors = {f"{NETWORK}{name}": value for name, value in network.state_dict().items()}
    for index, values in optimizer.state_dict()["state"].items():
        tensors |= {f"{OPTIMIZER}{index}.{name}": torch.as_tensor(value) for name, value in values.items()}
    aside = folder / ASIDE
    write_tensors(aside, tensors)
    state = _Resume(position, None if scaler is None else scaler.state_dict(), sha256(aside))
    write_json(folder / RESUME, asdict(state))
    aside.replace(folder / RESUME_WEIGHTS)


def load_state(
    folder: Path,
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    scaler: torch.amp.GradScaler | None,
) -> Position:
    """Restore the state in `folder` and return its position; RunError when it is damaged."""
    state = from_json(_Resume, read_json(folder / RESUME, RunError), RunError, folder / RESUME)
    path = _matching(folder, state.sha256)
    tensors = read_tensors(path)
    weights = {n.removeprefix(NETWORK): value for n, value in tensors.items() if n.startswith(NETWORK)}
    load_into(network, weights, path)
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    moments: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith(OPTIMIZER):
            index, key = name.removeprefix(OPTIMIZER).split(".", 1)
            moments.setdefault(int(index), {})[key] = _laid_out(value, parameters[int(index)])
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": moments, "param_groups": groups})
    if scaler is not None and state.scaler is not None:
        scaler.load_state_dict(state.scaler)
    return state.position


def _laid_out(value: Tensor, parameter: Tensor) -> Tensor:
    """`value` in the memory format of its parameter, which files do not keep and sums of bits depend on."""
    return torch.empty_like(parameter).copy_(value) if value.shape == parameter.shape else value


def _matching(folder: Path, digest: str) -> Path:
    """The weights `resume.json` names, put into place if the writer was killed before it did."""
    weights, aside = folder / RESUME_WEIGHTS, folder / ASIDE
    if aside.is_file() and sha256(aside) == digest:
        aside.replace(weights)
    elif not weights.is_file() or sha256(weights) != digest:
        raise RunError("the state to go on from is damaged", where=weights, remedy="Train into another folder.")
    return weights


def remove_state(folder: Path) -> None:
    """Remove the state of a training that is over."""
    for name in (RESUME, RESUME_WEIGHTS, ASIDE, FITTING):
        (folder / name).unlink(missing_ok=True)


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
        position, kind = self.position, self.trainer.network.kind.predicted
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
