"""Facts: modalities, bands, units and column names, each with its source."""

from sdm.modalities.environment_variables import ENVIRONMENT_VARIABLES, EnvironmentVariable
from sdm.modalities.registry import (
    CLIMATE,
    CLIMATE_YEARS,
    ENVIRONMENT,
    LANDSAT,
    LANDSAT_YEARS,
    MODALITIES,
    MONTHS,
    PATCH,
    QUARTERS,
    Modality,
)

__all__ = [
    "CLIMATE",
    "CLIMATE_YEARS",
    "ENVIRONMENT",
    "ENVIRONMENT_VARIABLES",
    "LANDSAT",
    "LANDSAT_YEARS",
    "MODALITIES",
    "MONTHS",
    "PATCH",
    "QUARTERS",
    "EnvironmentVariable",
    "Modality",
]  # fmt: skip
