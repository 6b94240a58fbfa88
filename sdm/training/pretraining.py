"""Pre-training of a patch encoder without labels: two views of one place belong together.

SimCLR: Chen et al. 2020, A simple framework for contrastive learning of visual representations (ICML).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from pydantic import Field
from pydantic.dataclasses import dataclass
from torch import Tensor, nn
from torch.nn import functional

from sdm.data.dataset import Dataset
from sdm.errors import TrainingError
from sdm.formats.typed_json import STRICT, from_json
from sdm.modalities import PATCH
from sdm.models.encoders import encoder_spec
from sdm.models.encoders.patch import PatchBackbone
from sdm.models.preparation import Batch, fit_statistics
from sdm.runs.training_options import TrainingOptions
from sdm.runs.weights import write_tensors
from sdm.training.augmentation import turn_patches
from sdm.training.batch_loader import BatchLoader
from sdm.training.trainer import learning_rate

UNLABELLED = ("train", "po")  # whose patches are looked at; validation and tests stay unseen
SMALLEST_CROP = 0.5  # of the side
# Standard deviations; patches lie in 0..1. Small ones: colour is what tells a field from a meadow.
BAND_GAIN, BAND_SHIFT, NOISE = 0.08, 0.01, 0.01


@dataclass(frozen=True, config=STRICT)
class PretrainingOptions:
    """Options of a pre-training: `projected` counts the features of a head that is thrown away."""

    encoder: str
    epochs: int = Field(default=30, ge=1, description="passes over all patches")
    batch_size: int = Field(
        default=128, ge=2, description="patches per step; a view is told from the others among them"
    )
    lr: float = Field(default=1e-3, gt=0, le=10, description="highest learning rate")
    temperature: float = Field(default=0.1, gt=0, le=10, description="temperature of the loss")
    projected: int = Field(default=128, ge=1)
    seed: int = Field(default=0, ge=0, le=2**32 - 1, description="seed of weights, order and views")

    @staticmethod
    def of(encoder: str, **changes: Any) -> PretrainingOptions:
        """The usual options of `encoder` but for `changes`; TrainingError for those it cannot have."""
        return from_json(PretrainingOptions, {"encoder": encoder, **changes}, TrainingError, "settings")


def pretrain(
    dataset: Dataset,
    options: PretrainingOptions,
    out: Path,
    progress: Callable[[int, float], None] = lambda _epoch, _loss: None,
) -> list[float]:
    """Write the encoder's weights to `out` (safetensors); gives the mean loss of each epoch.

    They start a training by `initial_weights`. `progress` hears of each epoch (from 1) and its loss. TrainingError
    when the encoder is none of patches or the data has fewer than two patches to learn from.
    """
    torch.manual_seed(options.seed)
    encoder = encoder_spec(options.encoder).make()
    if not isinstance(encoder, PatchBackbone):
        raise TrainingError(f"{options.encoder} does not look at patches", expected="an encoder of the patch")
    loader = _patches(dataset, encoder_spec(options.encoder).preparation)
    head = nn.Sequential(
        nn.Linear(encoder.width, encoder.width), nn.ReLU(), nn.Linear(encoder.width, options.projected)
    )
    losses: list[float] = []
    for loss in _learn(encoder, head, loader, options):
        losses.append(loss)
        progress(len(losses), loss)
    write_tensors(out, encoder.network.state_dict())
    return losses


def _patches(dataset: Dataset, preparation: str) -> BatchLoader:
    """All patches that may be looked at without their labels."""
    rows = np.concatenate([dataset.rows(split) for split in UNLABELLED if split in dataset.splits()])
    rows = np.sort(rows[dataset.reader.available(PATCH.name)[rows]])
    if len(rows) < 2:
        raise TrainingError("too few patches to learn from", where=dataset.name, expected="2", got=len(rows))
    return BatchLoader(dataset, rows, {PATCH.name: preparation}, fit_statistics(dataset, rows, ())).cache()


def _learn(
    encoder: PatchBackbone, head: nn.Module, loader: BatchLoader, options: PretrainingOptions
) -> Iterator[float]:
    """The mean loss of each epoch."""
    random = np.random.default_rng(options.seed)
    optimiser = torch.optim.AdamW([*encoder.parameters(), *head.parameters()], lr=options.lr, weight_decay=0.01)
    size = min(options.batch_size, len(loader))
    steps = len(loader) // size  # the rest of an epoch, another one each time, is left out
    usual = TrainingOptions("", lr=options.lr, epochs=options.epochs)
    for epoch in range(options.epochs):
        order, total = random.permutation(len(loader)), 0.0
        for step, batch in enumerate(loader.batches(np.split(order[: steps * size], steps))):
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(usual, epoch * steps + step, options.epochs * steps)
            views = [head(encoder(*view(batch, random))) for _ in range(2)]
            loss = nt_xent(views[0], views[1], options.temperature)
            if not torch.isfinite(loss):
                raise TrainingError("the loss is not finite", where=options.encoder, got=f"epoch {epoch + 1}")
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            total += loss.item()
        yield total / steps


def view(batch: Batch, random: np.random.Generator) -> tuple[Tensor, Tensor]:
    """The patches of `batch` seen otherwise, and their masks: turned, cropped, bands brighter or darker, noisy."""
    turned = turn_patches(batch, random.integers(0, 8, len(batch["patch"])))
    values, valid = _cropped(turned["patch"], turned["patch_valid"], random)
    count, bands = values.shape[:2]
    gain, shift = (random.normal(at, sd, (count, bands, 1, 1)) for at, sd in ((1, BAND_GAIN), (0, BAND_SHIFT)))
    noise = random.normal(0, NOISE, values.shape)
    seen = values * _float(gain) + _float(shift + noise)
    return seen.clamp(0, 1) * valid, valid


def _cropped(values: Tensor, valid: Tensor, random: np.random.Generator) -> tuple[Tensor, Tensor]:
    """A random square of each patch at the patch's size."""
    share = random.uniform(SMALLEST_CROP, 1, len(values))
    middle = (1 - share)[:, None] * random.uniform(-1, 1, (len(values), 2))
    where = np.zeros((len(values), 2, 3))
    where[:, 0, 0], where[:, 1, 1], where[:, :, 2] = share, share, middle
    grid = functional.affine_grid(_float(where), list(values.shape), align_corners=False)
    crop = functional.grid_sample(values, grid, padding_mode="border", align_corners=False)
    mask = functional.grid_sample(valid.float(), grid, mode="nearest", padding_mode="border", align_corners=False)
    return crop, mask > 0.5


def _float(values: np.ndarray) -> Tensor:
    return torch.from_numpy(values.astype(np.float32))


def nt_xent(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """The normalised, temperature-scaled cross entropy of views (B, D): view i of `first` belongs to that of
    `second`, and to none of the 2 B - 2 others."""
    views = functional.normalize(torch.cat([first, second]), dim=1)
    alike = views @ views.T / temperature
    alike.fill_diagonal_(-torch.inf)
    count = len(first)
    partner = torch.cat([torch.arange(count, 2 * count), torch.arange(count)])
    return functional.cross_entropy(alike, partner)
