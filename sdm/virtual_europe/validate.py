"""Compares a virtual Europe with what is known of the real data: `python -m sdm.virtual_europe.validate TREE`.

The world is judged before any model sees it, and never tuned to make a model look good.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Verdict:
    """One figure of the simulated data beside the real one; `passed` if within `allowed` of it, relative."""

    what: str
    found: float
    wanted: float
    allowed: float
    source: str

    @property
    def passed(self) -> bool:
        """Whether the simulated figure is close enough."""
        return bool(abs(self.found - self.wanted) <= self.allowed * abs(self.wanted))


Figures = dict[str, float]

# figure -> wanted, relative tolerance, source
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
    """What `REAL` asks for, measured on the PA training surveys of `dataset`."""
    training = np.flatnonzero((dataset.sites["source"] == "PA-train").to_numpy())
    labels = csr_matrix(dataset.targets.values)[training]
    richness = np.diff(labels.indptr)
    prevalence = np.asarray(labels.sum(axis=0)).ravel() / len(training)
    country = dataset.sites["country"].iloc[training]
    found = {
        "species per PA survey, mean": float(richness.mean()),
        "species per PA survey, median": float(np.median(richness)),
        "share of species on under 1 % of surveys": float((prevalence < 0.01).mean()),
        "share of training in Denmark and the Netherlands": float(country.isin(["Denmark", "Netherlands"]).mean()),
    }
    rows = training[np.linspace(0, len(training) - 1, min(SAMPLE, len(training))).astype(int)]
    return found | _array_figures(dataset, rows)


def _array_figures(dataset: Dataset, rows: np.ndarray) -> Figures:
    found: Figures = {}
    for modality, prefix in ((PATCH, "patch"), (LANDSAT, "Landsat"), (CLIMATE, "climate")):
        values = dataset.reader.read(modality.name, rows)
        for channel, name in enumerate(modality.channels):
            found[f"{prefix} {name}, mean"] = float(np.nanmean(values[:, channel]))
            found[f"{prefix} {name}, sd"] = float(np.nanstd(values[:, channel]))
    return found


def repeated_pairs(tree: Path) -> Figures:
    """Share of training rows that repeat a pair, from the table itself."""
    rows = pd.read_csv(tree / "GLC25_PA_metadata_train.csv", usecols=["surveyId", "speciesId"])
    return {"repeated pairs per training row": float(rows.duplicated().mean())}


def validate(tree: Path) -> list[Verdict]:
    """Verdicts on the simulated tree; raises `DataError` for one that is not simulated."""
    dataset = open_dataset(tree)
    if not dataset.simulated:
        raise DataError("not a simulated tree", where=tree, remedy="Judge what `python -m sdm demo` wrote.")
    found = figures(dataset) | repeated_pairs(tree)
    return [Verdict(what, found[what], *REAL[what]) for what in REAL if what in found]


def to_text(verdicts: list[Verdict]) -> str:
    """The verdicts as a table."""
    lines = [f"{'figure':52s} {'simulated':>10s} {'real':>10s} {'within':>7s}"]
    for v in verdicts:
        mark = "ok" if v.passed else "OFF"
        lines.append(f"{v.what:52s} {v.found:10.4g} {v.wanted:10.4g} {v.allowed:6.0%}  {mark:3s}  {v.source}")
    return "\n".join(lines)


def main(arguments: list[str], write: Callable[[str], object] = print) -> int:
    """Judge the tree named in `arguments`; 0 when all figures pass, 2 when it cannot be judged."""
    if len(arguments) != 1:
        write("usage: python -m sdm.virtual_europe.validate TREE")
        return 2
    try:
        verdicts = validate(Path(arguments[0]))
    except SdmError as problem:
        write(f"error: {problem}")
        return 2
    write(to_text(verdicts))
    return 0 if all(v.passed for v in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
