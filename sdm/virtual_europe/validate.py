"""Comparison with published statistics of the real data: `python -m sdm.virtual_europe.validate TREE`.

The simulator is validated before any model is trained on it, and never tuned to make a model look good.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset
from sdm.data.open import open_dataset
from sdm.errors import DataError, SdmError
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
    """Return one row per figure of `REAL` that was measured, within where |simulated - real| <= allowed * |real|.

    Columns: figure, simulated, real, allowed (relative), within (bool), source.
    """
    rows = [(figure, measured[figure], *REAL[figure]) for figure in REAL if figure in measured]
    table = pd.DataFrame(rows, columns=["figure", "simulated", "real", "allowed", "source"])
    within = (table["simulated"] - table["real"]).abs() <= table["allowed"] * table["real"].abs()
    table.insert(4, "within", within)
    return table


def validate(tree: Path) -> pd.DataFrame:
    """Return the table of `compare` for a simulated tree; DataError for one that is not simulated."""
    dataset = open_dataset(tree)
    if not dataset.simulated:
        raise DataError("not a simulated tree", where=tree, remedy="Name what `python -m sdm demo` wrote.")
    return compare(figures(dataset) | repeated_pairs(tree))


def to_text(table: pd.DataFrame) -> str:
    """Return the table of `compare` as text."""
    lines = [f"{'figure':52s} {'simulated':>10s} {'real':>10s} {'within':>7s}"]
    for r in table.itertuples():
        mark = "ok" if r.within else "OFF"
        lines.append(f"{r.figure:52s} {r.simulated:10.4g} {r.real:10.4g} {r.allowed:6.0%}  {mark:3s}  {r.source}")
    return "\n".join(lines)


def main(arguments: list[str], write: Callable[[str], object] = print) -> int:
    """Validate the tree named in `arguments`: 0 when all figures pass, 1 else, 2 when it cannot be read."""
    if len(arguments) != 1:
        write("usage: python -m sdm.virtual_europe.validate TREE")
        return 2
    try:
        table = validate(Path(arguments[0]))
    except SdmError as problem:
        write(f"error: {problem}")
        return 2
    write(to_text(table))
    return 0 if table["within"].all() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
