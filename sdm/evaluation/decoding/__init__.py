"""From probabilities to the set of species of each survey, by decoders with a small grammar."""

from sdm.evaluation.decoding.contract import Decoder, Decodes
from sdm.evaluation.decoding.decoders import (
    DECODERS,
    SPECIES_THRESHOLDS,
    TOP_CLASS,
    USUAL,
    DecoderSpec,
    parse_decoder,
)
from sdm.evaluation.decoding.fit import (
    FITTED,
    THRESHOLDS,
    best_common_threshold,
    best_top_k,
    choose_decoder,
    fit_thresholds,
    threshold_f1,
    top_k_f1,
)

__all__ = [
    "DECODERS",
    "FITTED",
    "SPECIES_THRESHOLDS",
    "THRESHOLDS",
    "TOP_CLASS",
    "USUAL",
    "Decoder",
    "DecoderSpec",
    "Decodes",
    "best_common_threshold",
    "best_top_k",
    "choose_decoder",
    "fit_thresholds",
    "parse_decoder",
    "threshold_f1",
    "top_k_f1",
]
