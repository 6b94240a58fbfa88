"""Encoders: one modality in, features out; alone under a head, or fused."""

from sdm.models.encoders.encoder import Encoder
from sdm.models.encoders.registry import ENCODERS, SITE, EncoderCard, Published, encoder_card

__all__ = ["ENCODERS", "SITE", "Encoder", "EncoderCard", "Published", "encoder_card"]
