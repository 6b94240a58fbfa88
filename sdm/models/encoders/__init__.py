"""Encoders: one modality in, features out; alone under a head, or fused."""

from sdm.models.encoders.registry import ENCODERS, SITE, EncoderSpec, Published, encoder_spec

__all__ = ["ENCODERS", "SITE", "EncoderSpec", "Published", "encoder_spec"]
