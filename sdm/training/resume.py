"""Resume an interrupted training: `resume.safetensors` and `resume.json`, written together or not at all.

Random numbers are functions of seed and step (`sdm.training.batch_sampler`, `sdm.training.loop`) and the learning
rate is one of the step, so neither has a state to keep.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from sdm.errors import RunError
from sdm.files import read_json, write_json
from sdm.formats.typed_json import from_json
from sdm.runs.folder import RESUME, RESUME_WEIGHTS
from sdm.runs.weights import load_into, read_tensors, sha256, write_tensors

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
    for name in (RESUME, RESUME_WEIGHTS, ASIDE):
        (folder / name).unlink(missing_ok=True)
