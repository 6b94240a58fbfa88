"""Names of files and folders as GeoLifeCLEF 2025 is published on Kaggle, quirks included."""

from __future__ import annotations

from sdm.modalities.layouts import PA_TEST, PA_TRAIN, PO_TRAIN

ENVIRONMENT_FOLDERS = {
    "bioclimatic": "ClimateAverage_1981-2010",
    "elevation": "Elevation",
    "human_footprint": "HumanFootprint",
    "landcover": "LandCover",
    "soilgrids": "SoilGrids",
}
# Files of training surveys are named with hyphens, those of test and presence-only surveys with underscores.
LANDSAT_STEMS = {
    PA_TRAIN: "GLC25-PA-train-landsat-time-series",
    PA_TEST: "GLC25-PA-test-landsat_time_series",
    PO_TRAIN: "GLC25-PO-train-landsat_time_series",
}
