"""From probabilities to the set of species of each survey, by decoders with a small grammar."""

from sdm.evaluation.decoding.contract import Decoder
from sdm.evaluation.decoding.decoders import (
    DECODERS,
    SPECIES_THRESHOLDS,
    TOP_CLASS,
    USUAL,
    DecoderSpec,
    parse_decoder,
)
from sdm.evaluation.decoding.fit import (
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
    "SPECIES_THRESHOLDS",
    "THRESHOLDS",
    "TOP_CLASS",
    "USUAL",
    "Decoder",
    "DecoderSpec",
    "best_common_threshold",
    "best_top_k",
    "choose_decoder",
    "fit_thresholds",
    "parse_decoder",
    "threshold_f1",
    "top_k_f1",
]
