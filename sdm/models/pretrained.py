"""Weights an image network on four bands starts from: ImageNet's, on three colours, or those of a pre-training."""

from __future__ import annotations

import hashlib
import logging
import pickle
from collections.abc import Collection
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from sdm.errors import RunError

log = logging.getLogger(__name__)

HUB_FILE = "model.safetensors"


def load_imagenet(
    network: nn.Module, path: Path, first: str, fresh: Collection[str] = (), published: str = ""
) -> None:
    """The weights in `path` (safetensors, by name) into `network`, but for the parameters `fresh`.

    It may also be the file at the address `published`, of torchvision's own format, which is read only where its
    digest is that in its published name.

    Where the network has more bands than the three colours of the weights, the kernel of each further band in
    `first`, the first convolution, starts as the mean of the three: a makeshift, for near infrared is no colour
    and may be bright where they are dark. What the network does not have (a classifier) is left out. RunError when
    the file is damaged or of another network.
    """
    own = {name: value.shape for name, value in network.state_dict().items() if name not in fresh}
    weights = _read_published(path, published) if published and path.suffix == ".pth" else _read(path)
    kernel = f"{first}.weight"
    if kernel in weights and kernel in own:
        weights[kernel] = _on_bands(weights[kernel], own[kernel][1], path, kernel)
    unfit = sorted(name for name, shape in own.items() if name not in weights or weights[name].shape != shape)
    if unfit:
        raise RunError("weights of another network", where=path, expected=", ".join(unfit[:3]))
    network.load_state_dict({name: weights[name] for name in own}, strict=False)


def from_hub(repository: str) -> Path | None:
    """ImageNet's weights in a public repository of timm, or at an address of torchvision's, kept in the user's
    cache; None, with a warning, when they can be had neither there nor from the network."""
    from huggingface_hub import hf_hub_download

    try:
        if "://" in repository:
            return _download(repository)
        return Path(hf_hub_download(repository, HUB_FILE, etag_timeout=5))
    except (OSError, ValueError, RuntimeError) as problem:
        log.warning("%s cannot be fetched, so it starts from random weights: %s", repository, problem)
        return None


def _download(address: str) -> Path:
    """The file at `address` in torch's cache, its digest checked; OSError or RuntimeError without it."""
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    path = folder / address.rpartition("/")[2]
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        torch.hub.download_url_to_file(address, str(path), _digest(address), progress=False)
    return path


def _digest(address: str) -> str:
    """The digits of a digest in the name of a file of torchvision's weights.

    >>> _digest("convnext_base-6075fbad.pth")
    '6075fbad'
    """
    return address.rpartition("-")[2].partition(".")[0]


def _read_published(path: Path, address: str) -> dict[str, Tensor]:
    """torchvision's own file; RunError for any other."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if not found.startswith(_digest(address)):
        raise RunError(
            "not torchvision's file of these weights", where=path, expected=f"SHA-256 {_digest(address)}…",
            got=f"{found[:8]}…", remedy="Give a safetensors file of them, or download the file again.",
        )  # fmt: skip
    try:
        weights: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, pickle.UnpicklingError, EOFError) as problem:
        raise RunError("not readable as weights", where=path, got=problem) from None
    return weights


def _read(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (OSError, SafetensorError) as problem:
        raise RunError("not readable as safetensors", where=path, got=problem) from None


def _on_bands(kernel: Tensor, bands: int, path: Path, name: str) -> Tensor:
    """(O, bands, h, w) of `kernel` (O, 3, h, w); one on so many bands as it is."""
    if kernel.ndim == 4 and kernel.shape[1] == bands:
        return kernel
    if kernel.ndim != 4 or kernel.shape[1] != 3:
        raise RunError(f"{name} is not on three colours", where=path, got=tuple(kernel.shape))
    mean = kernel.mean(dim=1, keepdim=True)
    return torch.cat([kernel[:, :bands], mean.expand(-1, max(bands - 3, 0), -1, -1)], dim=1)
