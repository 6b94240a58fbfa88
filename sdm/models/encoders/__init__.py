"""Encoders: one modality in, features out; alone under a head, or fused."""

from sdm.models.encoders.encoder import Encoder
from sdm.models.encoders.registry import ENCODERS, SITE, EncoderSpec, Published, encoder_spec

__all__ = ["ENCODERS", "SITE", "Encoder", "EncoderSpec", "Published", "encoder_spec"]
