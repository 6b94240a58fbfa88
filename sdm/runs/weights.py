"""Weights in safetensors: written atomically, read only when whole, fitting and finite."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from sdm.errors import RunError
from sdm.files import atomic, refuse_special

HALF_LIMIT = float(torch.finfo(torch.float16).max)


def write_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Write named tensors, atomically."""
    plain = {name: value.detach().cpu().contiguous().clone() for name, value in tensors.items()}
    with atomic(path) as file:
        file.write(save(plain))


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The tensors in `path`, by name; RunError for anything but a whole safetensors file."""
    refuse_special(path, RunError)
    try:
        return dict(sorted(load(path.read_bytes()).items()))
    except FileNotFoundError:
        raise RunError("the file is missing", where=path) from None
    except (OSError, SafetensorError, ValueError, KeyError) as problem:
        raise RunError("not readable as safetensors", where=path, got=problem) from None


def halved(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """`weights` with matrices and kernels as float16; vectors, which are small, keep their precision."""
    return {name: value.half() if _to_be_halved(value) else value for name, value in weights.items()}


def _to_be_halved(value: Tensor) -> bool:
    return value.is_floating_point() and value.ndim > 1 and bool((value.abs() < HALF_LIMIT).all())


def load_into(network: nn.Module, tensors: Mapping[str, Tensor], where: Path) -> None:
    """Put `tensors` into `network`; RunError names what is absent, surplus, misshapen or not finite."""
    own = network.state_dict()
    if own.keys() != tensors.keys():
        odd = sorted(own.keys() ^ tensors.keys())
        raise RunError("the weights are of another network", where=where, got=f"odd names {', '.join(odd[:3])}")
    for name, place in own.items():
        value = tensors[name]
        if value.shape != place.shape or value.is_floating_point() != place.is_floating_point():
            raise RunError(
                f"{name} does not fit the network",
                where=where,
                expected=f"{place.dtype} {tuple(place.shape)}",
                got=f"{value.dtype} {tuple(value.shape)}",
            )
        if not torch.isfinite(value).all():
            raise RunError(f"{name} holds numbers that are not finite", where=where)
    network.load_state_dict(dict(tensors))


def sha256(path: Path) -> str:
    """Hexadecimal digest of a file."""
    refuse_special(path, RunError)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
