"""Simulated tables and arrays of competition size, as the benchmarks need them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.dataset import ArrayReader, Dataset, TargetKind, Targets
from sdm.modalities import LANDSAT, PATCH
from sdm.virtual_europe.climate import climate_cubes
from sdm.virtual_europe.environment import environment
from sdm.virtual_europe.imagery import landsat_cubes, render_patches
from sdm.virtual_europe.sampling import draw

SURVEYS, SPECIES = 20_000, 11_255
PA_SURVEYS = 88_987  # of GeoLifeCLEF 2025
LANDSAT_SPECIES = 300  # of the virtual Europe


def simulated_sets(
    surveys: int = SURVEYS, species: int = SPECIES, recorded: int = 17, given: int = 25, seed: int = 0
) -> tuple[csr_matrix, csr_matrix]:
    """Recorded and predicted sets: very unequal prevalence, half of the recorded species found."""
    random = np.random.default_rng(seed)
    shares = 1 / (np.arange(species) + 20.0)
    order = random.permutation(species)

    def draws(count: int) -> np.ndarray:
        return order[random.choice(species, (surveys, count), p=shares / shares.sum())]

    truth = draws(recorded)
    found = truth[:, : recorded // 2]
    return _matrix(truth, species), _matrix(np.hstack([found, draws(given - found.shape[1])]), species)


def simulated_classes(species: int = SPECIES) -> pd.DataFrame:
    """A table of classes without levels."""
    ids = np.arange(species)
    return pd.DataFrame({"class_id": ids, "name": [f"simulated {i:05d}" for i in ids]})


def simulated_landsat(surveys: int = PA_SURVEYS) -> Dataset:
    """Surveys with Landsat cubes of random numbers, years missing at random, and sets of species."""
    random = np.random.default_rng(0)
    values = random.integers(0, 256, (surveys, *LANDSAT.shape)).astype(np.float32)
    values[random.random(surveys) < 0.3, :, :, 18:] = np.nan
    sites = pd.DataFrame({"survey_id": np.arange(surveys), "source": "PA-train"}).assign(
        lon=5.0, lat=50.0, year=2020, area_m2=100.0, country="Denmark", region="ATLANTIC"
    )
    labels, _ = simulated_sets(surveys, LANDSAT_SPECIES)
    classes = simulated_classes(LANDSAT_SPECIES)
    targets = Targets(TargetKind.MULTILABEL, classes, labels.astype(np.uint8), np.ones(surveys, bool))
    reader = ArrayReader({"landsat": values})
    return Dataset("landsat", "Landsat (simulated)", sites, targets, ("landsat",), reader, "0", simulated=True)


def simulated_modalities(surveys: int) -> Dataset:
    """Surveys of the virtual Europe with all they have, in memory; their one species is everywhere."""
    drawn = draw("train", np.arange(surveys), seed=0)
    places = drawn.places
    patches = render_patches(places).astype(np.float32)
    patches[patches == PATCH.nodata] = np.nan
    arrays = {
        "patch": patches,
        "landsat": landsat_cubes(places),
        "climate": climate_cubes(places),
        "environment": environment(places),
    }
    sites = pd.DataFrame({"survey_id": drawn.number, "source": "PA-train", "lon": places.lon, "lat": places.lat})
    sites = sites.assign(year=2020, area_m2=100.0, country=drawn.country, region="ATLANTIC")
    everywhere = csr_matrix(np.ones((surveys, 1), np.uint8))
    targets = Targets(TargetKind.MULTILABEL, simulated_classes(1), everywhere, np.ones(surveys, bool))
    reader = ArrayReader({name: values.astype(np.float32) for name, values in arrays.items()})
    return Dataset(
        "europe", "Virtual Europe (simulated)", sites, targets, tuple(arrays), reader, "0", simulated=True
    )


def _matrix(columns: np.ndarray, species: int) -> csr_matrix:
    rows = np.repeat(np.arange(len(columns)), columns.shape[1])
    matrix = csr_matrix((np.ones(columns.size, np.int32), (rows, columns.ravel())), shape=(len(columns), species))
    matrix.data[:] = 1
    return matrix
