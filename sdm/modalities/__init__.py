"""Inputs of models: one module per modality, with its bands, units, sources, and where it lies on disk."""

from sdm.modalities.climate import CLIMATE, CLIMATE_YEARS, MONTHS
from sdm.modalities.environment import ENVIRONMENT, ENVIRONMENT_VARIABLES, EnvironmentVariable
from sdm.modalities.landsat import LANDSAT, LANDSAT_YEARS, QUARTERS
from sdm.modalities.modality import Modality
from sdm.modalities.patch import PATCH
from sdm.modalities.registry import MODALITIES, in_order, of_edition
from sdm.modalities.wide_patch import WIDE_PATCH

__all__ = [
    "CLIMATE", "CLIMATE_YEARS", "ENVIRONMENT", "ENVIRONMENT_VARIABLES", "LANDSAT", "LANDSAT_YEARS", "MODALITIES",
    "MONTHS", "PATCH", "QUARTERS", "WIDE_PATCH", "EnvironmentVariable", "Modality", "in_order", "of_edition",
]  # fmt: skip
