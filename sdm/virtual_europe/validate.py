"""Comparison with published statistics of the real data: `python -m sdm.virtual_europe.validate TREE`.

The simulator is validated before any model is trained on it, and never tuned to make a model look good.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.analysis.simulation_check import Statement, run, statement_table
from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.errors import DataError
from sdm.modalities import CLIMATE, LANDSAT, PATCH

SAMPLE = 600  # surveys whose arrays are read
TOLERANCE = 0.25  # relative
GLC25 = "GeoLifeCLEF 2025 training data, published statistics"
GLC24 = "GeoLifeCLEF 2024 test sample"
SAMPLE_CUBE = "survey 5000108, GeoLifeCLEF 2025"


Figures = dict[str, float]

# figure -> real value, relative tolerance, source
REAL: dict[str, tuple[float, float, str]] = {
    "species per PA survey, mean": (16.1, TOLERANCE, GLC25),
    "species per PA survey, median": (14.0, TOLERANCE, GLC24),
    "share of species on under 1 % of surveys": (0.5, TOLERANCE, "design"),
    "share of training in Denmark and the Netherlands": (0.72, 0.10, GLC25),
    "repeated pairs per training row": (49_637 / 1_483_637, TOLERANCE, GLC25),
    **{
        f"patch {band}, mean": (value, TOLERANCE, GLC25)
        for band, value in zip(PATCH.channels, (629.6, 691.8, 460.6, 2959.4), strict=True)
    },
    **{
        f"patch {band}, sd": (value, TOLERANCE, GLC25)
        for band, value in zip(PATCH.channels, (436.0, 371.0, 343.0, 925.0), strict=True)
    },
    **{
        f"Landsat {band}, mean": (value, 0.35, "typical values, GeoLifeCLEF 2025")
        for band, value in zip(LANDSAT.channels, (15.0, 16.0, 8.0, 69.0, 48.0, 25.0), strict=True)
    },
    "climate pr, mean": (6_300.0, 0.35, "European mean of CHELSA, 63 mm a month"),
    "climate tas, mean": (2_826.0, 0.02, "European mean of CHELSA, 9.5 °C"),
}


def figures(dataset: Dataset) -> Figures:
    """Return the figures of `REAL`, measured on the PA training surveys of `dataset`."""
    training = np.flatnonzero((dataset.sites["source"] == "PA-train").to_numpy())
    labels = csr_matrix(dataset.targets.values)[training]
    richness = np.diff(labels.indptr)
    prevalence = np.asarray(labels.sum(axis=0)).ravel() / len(training)
    country = dataset.sites["country"].iloc[training]
    measured = {
        "species per PA survey, mean": float(richness.mean()),
        "species per PA survey, median": float(np.median(richness)),
        "share of species on under 1 % of surveys": float((prevalence < 0.01).mean()),
        "share of training in Denmark and the Netherlands": float(country.isin(["Denmark", "Netherlands"]).mean()),
    }
    rows = training[np.linspace(0, len(training) - 1, min(SAMPLE, len(training))).astype(int)]
    return measured | _array_figures(dataset, rows)


def _array_figures(dataset: Dataset, rows: np.ndarray) -> Figures:
    measured: Figures = {}
    for modality, prefix in ((PATCH, "patch"), (LANDSAT, "Landsat"), (CLIMATE, "climate")):
        values = dataset.reader.read(modality.name, rows)
        for channel, name in enumerate(modality.channels):
            measured[f"{prefix} {name}, mean"] = float(np.nanmean(values[:, channel]))
            measured[f"{prefix} {name}, sd"] = float(np.nanstd(values[:, channel]))
    return measured


def repeated_pairs(tree: Path) -> Figures:
    """Return the share of training rows that repeat a pair, from the table itself."""
    rows = pd.read_csv(tree / "GLC25_PA_metadata_train.csv", usecols=["surveyId", "speciesId"])
    return {"repeated pairs per training row": float(rows.duplicated().mean())}


def compare(measured: Figures) -> pd.DataFrame:
    """Return the statements of the figures of `REAL` that were measured."""
    return statement_table(
        Statement("", figure, "", measured[figure], real, allowed * abs(real), source)
        for figure, (real, allowed, source) in REAL.items()
        if figure in measured
    )


def validate(tree: Path) -> pd.DataFrame:
    """Return the table of `compare` for a simulated tree; DataError for one that is not simulated."""
    dataset = open_dataset(tree)
    if not dataset.simulated:
        raise DataError("not a simulated tree", where=tree, remedy="Name what `python -m sdm demo` wrote.")
    return compare(figures(dataset) | repeated_pairs(tree))


if __name__ == "__main__":
    sys.exit(run(validate, "sdm.virtual_europe.validate"))
