"""timm and torchvision, imported when first needed: it takes seconds, and torchvision stumbles on a torch without
CUDA."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import torch

_LOCK = threading.Lock()


def timm() -> ModuleType:
    """The module `timm`."""
    torchvision_models()
    import timm as module

    return module


def torchvision_models() -> ModuleType:
    """The module `torchvision.models`."""
    with _LOCK, _lenient_registrations():
        from torchvision import models
    return models


@contextmanager
def _lenient_registrations() -> Iterator[None]:
    """Registrations for torchvision's compiled operators may fail.

    On a torch without CUDA the usual torchvision has none of them, and its import would end in `operator
    torchvision::nms does not exist`. No network here uses them.
    """
    strict = torch.library.register_fake

    def lenient(op: Any, *arguments: Any, **options: Any) -> Any:
        register = strict(op, *arguments, **options)
        return _forgiving(register) if str(op).startswith("torchvision::") and callable(register) else register

    torch.library.register_fake = lenient
    try:
        yield
    finally:
        torch.library.register_fake = strict


def _forgiving(register: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def attempt(function: Any) -> Any:
        try:
            return register(function)
        except RuntimeError:
            return function

    return attempt
