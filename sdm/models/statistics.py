"""What the preparation of inputs learns from the training split, as a model card stores it; imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Statistics:
    """What preparation learns from the training split: moments per channel, names of countries and regions."""

    mean: Mapping[str, tuple[float, ...]]
    std: Mapping[str, tuple[float, ...]]
    countries: tuple[str, ...]
    regions: tuple[str, ...]
