"""What the virtual Europe states, measured without any model: `python -m sdm.virtual_europe.validate TREE`.

The files of a tree are compared with published statistics of the real data; landscape, plots, species, splits and
series are measured on the world of the tree's seed, on samples of their own (`sdm.virtual_europe.measures`). The
simulator is validated before any model is trained on it, and never tuned to make a model look good.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.analysis.simulation_check import Statement, run, statement_table
from sdm.data.dataset import Dataset
from sdm.data.find_tree import find_tree
from sdm.data.open import open_dataset
from sdm.errors import DataError
from sdm.modalities import CLIMATE, LANDSAT, PATCH
from sdm.modalities.layouts import PA_TRAIN
from sdm.virtual_europe.description import seed_of
from sdm.virtual_europe.measures.clustering import clustering
from sdm.virtual_europe.measures.decay import decay_statements
from sdm.virtual_europe.measures.landscape import landscape_statements
from sdm.virtual_europe.measures.leaks import leak_statements
from sdm.virtual_europe.measures.presence_only import presence_only_statements
from sdm.virtual_europe.measures.richness import richness_statements
from sdm.virtual_europe.measures.series import climate_statements, series_statements
from sdm.virtual_europe.measures.spectra import spectra_statements

SAMPLE = 600  # surveys whose arrays are read
TOLERANCE = 0.25  # relative
GLC25 = "GeoLifeCLEF 2025 training data, published statistics"
GLC24 = "GeoLifeCLEF 2024 test sample"
SAMPLE_CUBE = "survey 5000108, GeoLifeCLEF 2025"

# What is measured of a world -> its statements, by seed.
MEASURES: dict[str, Callable[[int], Iterable[Statement]]] = {
    "landscape": landscape_statements,
    "plots": clustering,
    "species": decay_statements,
    "splits": leak_statements,
    "richness": richness_statements,
    "spectra": spectra_statements,
    "Landsat": series_statements,
    "climate": climate_statements,
    "records": presence_only_statements,
}

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
    (file,) = (file for table, file in find_tree(tree).metadata if table.source == PA_TRAIN)
    rows = pd.read_csv(file, usecols=["surveyId", "speciesId"])
    return {"repeated pairs per training row": float(rows.duplicated().mean())}


def file_statements(measured: Figures) -> Iterator[Statement]:
    """The statements of the figures of `REAL` that were measured."""
    for figure, (real, allowed, source) in REAL.items():
        if figure in measured:
            yield Statement("files", figure, "", measured[figure], real, allowed * abs(real), source)


def validate_files(tree: Path) -> pd.DataFrame:
    """Return the statements about the files of a simulated tree; DataError for one that is not simulated."""
    dataset = _simulated(tree)
    return statement_table(file_statements(figures(dataset) | repeated_pairs(tree)))


def validate(tree: Path) -> pd.DataFrame:
    """Return all statements about a simulated tree and the world of its seed, in some minutes; else DataError."""
    seed = seed_of(_simulated(tree))
    if seed is None:
        raise DataError("a simulated tree without a seed", where=tree, remedy="Write it again: python -m sdm demo")
    of_world = (row._replace(about=name) for name, measure in MEASURES.items() for row in measure(seed))
    return pd.concat([validate_files(tree), statement_table(of_world)], ignore_index=True)


def _simulated(tree: Path) -> Dataset:
    dataset = open_dataset(tree)
    if not dataset.simulated:
        raise DataError("not a simulated tree", where=tree, remedy="Name what `python -m sdm demo` wrote.")
    return dataset


if __name__ == "__main__":
    sys.exit(run(validate, "sdm.virtual_europe.validate"))
