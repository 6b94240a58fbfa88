"""Models: their contract, the registry, networks and baselines."""

from sdm.models.model import Baseline, Model, Network, on_device, parameters, to_probabilities
from sdm.models.registry import REGISTRY, ModelSpec, build, count_parameters, spec_of

__all__ = [
    "REGISTRY",
    "Baseline",
    "Model",
    "ModelSpec",
    "Network",
    "build",
    "count_parameters",
    "on_device",
    "parameters",
    "spec_of",
    "to_probabilities",
]
