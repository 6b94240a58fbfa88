"""Models: their contract, the registry, networks and baselines."""

from sdm.models.contract import Baseline, Network, Predictor, on_device, parameters, to_probabilities
from sdm.models.registry import REGISTRY, ModelCard, build, card_of, count_parameters

__all__ = [
    "REGISTRY",
    "Baseline",
    "ModelCard",
    "Network",
    "Predictor",
    "build",
    "card_of",
    "count_parameters",
    "on_device",
    "parameters",
    "to_probabilities",
]
