"""The image networks of timm that encode patches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sdm.modalities import PATCH


@dataclass(frozen=True)
class Backbone:
    """An image network: its name in timm, the side in pixels of what it sees, and what differs from timm's."""

    timm: str
    side: int = PATCH.shape[-1]
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


CONVNEXT_BASE = Backbone("convnext_base.fb_in22k_ft_in1k", 224)
CONVNEXT_LARGE = Backbone("convnext_large.fb_in22k_ft_in1k", 224)
MAXVIT_TINY = Backbone("maxvit_tiny_tf_224.in1k", 224)
SWINV2_BASE = Backbone("swinv2_base_window8_256.ms_in1k", 256)
CONVNEXT_ATTO = Backbone("convnext_atto.d2_in1k")
MAXVIT_PICO = Backbone("maxvit_pico_rw_256", options={"img_size": PATCH.shape[-1], "depths": (1, 1, 2, 1)})
SWINV2_MINI = Backbone(
    "swinv2_tiny_window8_256",
    options={"img_size": PATCH.shape[-1], "embed_dim": 48, "depths": (2, 2, 2), "num_heads": (3, 6, 12)},
)
