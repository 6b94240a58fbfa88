"""Augmentation of batches: images turned, cropped and jittered, series shifted, two surveys mixed (mixup)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from sdm.modalities import MODALITIES
from sdm.models.preparation import Batch, coded_channels
from sdm.runs.training_options import TrainingOptions
from sdm.training.batch_sampler import MOST_BANDS, Draw, crops, jitters, own_shares, shifts, turns


def augmented(batch: Batch, options: TrainingOptions, drawn: Callable[[Draw], np.ndarray], width: int) -> Batch:
    """Return `batch` augmented as in `options`; `drawn` gives values of a `Draw`, `width` counts classes."""
    if options.augment:
        batch = turn_patches(batch, drawn(turns))
    if options.crop < 1:
        batch = crop_images(batch, drawn(crops))
    if options.jitter:
        batch = jitter_bands(batch, drawn(jitters))
    if options.shift_years:
        batch = shift_years(batch, drawn(shifts))
    if options.mixup:
        batch = mix(batch, drawn(own_shares), width)
    return batch


def turn_patches(batch: Batch, turns: np.ndarray) -> Batch:
    """`batch` with patch i, and its mask, turned `turns[i]` % 4 quarters and, from 4 on, mirrored.

    The ground has no up.
    """
    which, keys = torch.from_numpy(turns), [key for name in images(batch) for key in (name, f"{name}_valid")]
    return {**batch, **{name: _turned(batch[name], which) for name in keys}}


def images(batch: Batch) -> list[str]:
    """The images in `batch`."""
    return [name for name in inputs(batch) if MODALITIES[name].is_image]


def crop_images(batch: Batch, crops: np.ndarray) -> Batch:
    """`batch` with image i cut to the window `crops[i]` (side, across, down) and enlarged again, and its mask.

    Values are interpolated between pixels; the mask is that of the nearest pixel, and what it leaves out is 0.
    """
    side, place = torch.from_numpy(crops[:, :1]), torch.from_numpy(crops[:, 1:])
    window = torch.diag_embed(side.expand(-1, 2))  # (B, 2, 2)
    affine = torch.cat([window, ((1 - side) * place)[..., None]], dim=2)
    cropped: Batch = {}
    for name in images(batch):
        grid = functional.affine_grid(affine, list(batch[name].shape), align_corners=False)
        values, valid = batch[name], batch[f"{name}_valid"].to(batch[name].dtype)
        inside = functional.grid_sample(valid, grid, "nearest", "border", align_corners=False) > 0.5
        values = functional.grid_sample(values, grid, "bilinear", "border", align_corners=False)
        cropped |= {name: torch.where(inside, values, 0), f"{name}_valid": inside}
    return {**batch, **cropped}


def jitter_bands(batch: Batch, jitters: np.ndarray) -> Batch:
    """`batch` with band b of image i, as prepared, times 1 + `jitters[i, b, 0]` and plus `jitters[i, b, 1]`.

    What is missing stays 0. Prepared bands have about a deviation of 1; those beyond MOST_BANDS stay as they are.
    """
    changed: Batch = {}
    for name in images(batch):
        values, valid = batch[name].clone(), batch[f"{name}_valid"]
        some = torch.from_numpy(jitters[:, : values.shape[1]])[..., None, None]  # (B, bands, 2, 1, 1)
        head = values[:, :MOST_BANDS]
        values[:, :MOST_BANDS] = head * (1 + some[:, :, 0]) + some[:, :, 1]
        changed[name] = torch.where(valid, values, 0)
    return {**batch, **changed}


def inputs(batch: Batch) -> list[str]:
    """The modalities in `batch`: what has a mask beside it."""
    return [name for name in batch if f"{name}_valid" in batch]


def _turned(images: Tensor, turns: Tensor) -> Tensor:
    result = images.clone()
    for turn in range(1, 8):
        chosen = turns == turn
        turned = torch.rot90(images[chosen], turn % 4, dims=(2, 3))
        result[chosen] = turned.flip(3) if turn >= 4 else turned
    return result


def shift_years(batch: Batch, years: np.ndarray) -> Batch:
    """`batch` with the series of survey i, and their masks, shifted in a circle by `years[i]`."""
    axes = {name: MODALITIES[name].axes for name in inputs(batch) if "year" in MODALITIES[name].axes}
    keys = [(key, 1 + named.index("year")) for name, named in axes.items() for key in (name, f"{name}_valid")]
    shifted = {key: _shifted(batch[key], years, axis) for key, axis in keys}
    return {**batch, **shifted}


def _shifted(values: Tensor, years: np.ndarray, axis: int) -> Tensor:
    result = torch.empty_like(values)
    for by in np.unique(years):
        chosen = torch.from_numpy(years == by)
        result[chosen] = values[chosen].roll(int(by), dims=axis)
    return result


def mix(batch: Batch, own: np.ndarray, width: int) -> Batch:
    """`batch` in which survey i is `own[i]` of itself and the rest of its successor, inputs and targets alike
    (mixup, Zhang et al. 2018). Classes become shares of `width` classes.

    Values are mixed where both surveys have one; masks, places and, as codes have no middle, class codes
    stay the survey's own. What is unknown of either is unknown of the mixture.
    """
    share = torch.from_numpy(own)
    labels = batch["labels"]
    if not labels.is_floating_point():
        labels = functional.one_hot(labels, width).float()
    weight = batch["weight"]
    both = torch.minimum(weight, _next(weight))
    mixed = {"labels": _blend(labels, share), "weight": torch.where(_like(share, weight) < 1, both, weight)}
    for name in inputs(batch):
        valid = batch[f"{name}_valid"]
        mixable = valid & _next(valid)
        mixable = mixable & torch.from_numpy(~coded_channels(name))
        mixed[name] = torch.where(mixable, _blend(batch[name], share), batch[name])
    return {**batch, **mixed}


def _next(values: Tensor) -> Tensor:
    return values.roll(-1, dims=0)


def _like(share: Tensor, values: Tensor) -> Tensor:
    """`share` (B,) so shaped that it multiplies `values` (B, …)."""
    return share.reshape(-1, *(1,) * (values.ndim - 1))


def _blend(values: Tensor, share: Tensor) -> Tensor:
    own = _like(share, values)
    return own * values + (1 - own) * _next(values)
