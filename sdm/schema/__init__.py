"""Facts: modalities, bands, units and column names, each with its source."""

from sdm.schema.modalities import (
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
from sdm.schema.predictors import PREDICTORS, Predictor

__all__ = [
    "CLIMATE", "CLIMATE_YEARS", "ENVIRONMENT", "LANDSAT", "LANDSAT_YEARS", "MODALITIES", "MONTHS", "PATCH",
    "PREDICTORS", "QUARTERS", "Modality", "Predictor",
]  # fmt: skip
