"""What the weights of a network start from: ImageNet's, or those of a finished run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from sdm.data.dataset import Dataset
from sdm.data.splits import SELECTION, measured_splits
from sdm.errors import RunError, TrainingError
from sdm.models.contract import Model, Network
from sdm.models.pretrained import from_hub
from sdm.models.statistics import Statistics
from sdm.number_format import counted
from sdm.runs import Run
from sdm.runs.card import ModelCard
from sdm.runs.folder import WEIGHTS
from sdm.runs.training_options import RANDOM_WEIGHTS, RUN_WEIGHTS
from sdm.runs.weights import read_tensors, sha256

HUB = "hub"
HEAD = ("head.weight", "head.bias")


def load_initial_weights(model: Model, name: str, source: str | Path) -> str:
    """Put ImageNet weights into the model called `name`; what the card calls them, a name and a digest."""
    if not isinstance(model, Network) or not model.hub:
        raise TrainingError(f"{name} has no image network that starts from ImageNet weights")
    path = from_hub(model.hub) if str(source) == HUB else Path(source)
    if path is None:
        return RANDOM_WEIGHTS
    if not path.is_file():
        raise RunError("no such file of weights", where=path)
    model.load_imagenet(path)
    title = f"{HUB} {model.hub}" if str(source) == HUB else path.name
    return f"{title} sha256:{sha256(path)[:16]}"


def named_run(run: Run) -> str:
    """What options call a run: its name and the digest of its card."""
    return f"{run.name} digest:{run.card.digest[:16]}"


def require_unseen(run: Run, dataset: Dataset, scheme: str) -> None:
    """TrainingError where `run` has learnt from surveys of `dataset` that choose the epoch or are measured on."""
    if run.card.data.fingerprint != dataset.fingerprint:
        return
    sites = dataset.sites
    held_back = sites[f"split_{scheme}"].isin([SELECTION, *measured_splits(dataset.splits(scheme))]).to_numpy()
    ids, source = sites["survey_id"].to_numpy(), sites["source"].astype(str).to_numpy()
    seen = sum(
        int(np.isin(ids[held_back & (source == name)], known).sum()) for name, known in run.train_ids.items()
    )
    if seen:
        raise TrainingError(
            f"{run.name} has learnt from surveys that are held back", where=run.path, expected=f"scheme {scheme}",
            got=f"{counted(seen, 'survey')} under scheme {run.card.scheme}",
            remedy=f"Train with --scheme {run.card.scheme}, or start from a run of the scheme {scheme}.",
        )  # fmt: skip


@dataclass(frozen=True)
class Start:
    """The name of the run that weights came from, the `statistics` its inputs were prepared with, and what was
    done with its head."""

    name: str
    statistics: Statistics
    note: str


def start_from(run: Run, network: Model, class_ids: Sequence[int]) -> Start:
    """Put the weights of `run` into `network`, whose columns are `class_ids`.

    The head's rows go by class id; those of classes that the run does not know, and a head of another kind of
    target, stay random. RunError for a run of another network, or one without weights.
    """
    if not isinstance(network, Network):
        raise TrainingError("a baseline starts from no weights", where=run.path)
    if run.card.weights is None or run.card.weights.file != WEIGHTS or not (run.path / WEIGHTS).is_file():
        raise RunError("a run without weights to start from", where=run.path, remedy="Name a network's run.")
    stored = {name: value.float() for name, value in read_tensors(run.path / WEIGHTS).items()}
    own = network.state_dict()
    body = [name for name in own if name not in HEAD]
    unfit = [name for name in body if name not in stored or stored[name].shape != own[name].shape]
    if unfit or stored.keys() - own.keys():
        raise RunError(
            "a run of another network", where=run.path, expected=", ".join(unfit[:3]) or "no further layers",
            got=f"{run.card.model} {dict(run.card.model_config) or ''}",
            remedy="Train the same model with the same --model-config.",
        )  # fmt: skip
    note = _load_head(network, stored, run.card, class_ids)
    network.load_state_dict({name: stored[name].to(own[name].dtype) for name in body}, strict=False)
    return Start(f"{RUN_WEIGHTS} {named_run(run)}", run.card.statistics, note)


def _load_head(network: Network, stored: dict[str, Tensor], card: ModelCard, class_ids: Sequence[int]) -> str:
    """Copy the rows of the head whose class both know; what was done, in a sentence."""
    kind = card.learnt_kind or card.kind
    if kind is not network.kind:
        return f"the head stays random: {kind} targets there, {network.kind} ones here"
    ours, theirs = np.asarray(class_ids, np.int64), np.asarray(card.class_ids, np.int64)
    shared, here, there = np.intersect1d(ours, theirs, return_indices=True)
    if not shared.size and len(ours):
        return "the head stays random: no class is the same"
    with torch.no_grad():
        for name in HEAD:
            place: Tensor = network.get_parameter(name)
            each = place.view(max(len(ours), 1), -1, *place.shape[1:])  # (S, outputs of a class, ...)
            values = stored[name].view(max(len(theirs), 1), -1, *place.shape[1:])
            rows = torch.from_numpy(there) if len(ours) else torch.zeros(1, dtype=torch.long)
            each[torch.from_numpy(here) if len(ours) else rows] = values[rows].to(place.dtype)
    if len(shared) == len(ours) == len(theirs):
        return f"the head of all {counted(len(ours), 'class')}"
    return f"the head of {len(shared):,} of {counted(len(ours), 'class')}, by id; that of the others is random"
