"""Twenty-survey data sets with a known answer, one per target kind, awkward cases included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.dataset import ArrayReader, Dataset, TargetKind, Targets
from sdm.modalities import MODALITIES
from sdm.modalities.raster_bands import family_of
from sdm.models.registry import spec_of

REAL = Path(__file__).resolve().parents[2] / "shared" / "real"
"""Real samples outside the project, where there are any."""
ROWS = 20
SPECIES = 7
GAPS = {
    "landsat": np.s_[5, :, :, 17:],
    "patch": np.s_[6, :, :2, :2],
    "environment": np.s_[:, 40],
}


def arrays(signal: np.ndarray, modalities: Iterable[str], seed: int = 0) -> dict[str, np.ndarray]:
    """The modalities, brighter where `signal` is higher, in half of the bands of rasters; gaps, and survey 3
    without any file."""
    random = np.random.default_rng(seed)
    made = {}
    for name in modalities:
        modality = MODALITIES[name]
        noise = random.uniform(20, 40, (len(signal), *modality.shape))
        values = noise + 40 * signal.reshape(-1, *(1,) * len(modality.shape))
        if family_of(name) is not None:
            values[:, 1::2] = noise[:, 1::2]
        if name == "climate":
            values[:, 1:] += 2800
        made[name] = values.round().astype(np.float32)
        made[name][3] = np.nan
    for name, gap in GAPS.items():
        if name in made:
            made[name][gap] = np.nan
    return made


def sites(count: int = ROWS) -> pd.DataFrame:
    """Surveys on a line through Europe: train, validation, near and far test."""
    index = np.arange(count)
    split = np.select([index < 12, index < 15, index < 18], ["train", "validation", "test_near"], "test_far")
    return pd.DataFrame(
        {
            "source": np.where(index < 15, "PA-train", "PA-test"),
            "survey_id": 100 + index,
            "lon": 5.0 + index * 0.5,
            "lat": 50.0 + index * 0.2,
            "year": 2017 + index % 5,
            "area_m2": np.where(index == 2, np.nan, 100.0),
            "country": np.where(index < 9, "Denmark", np.where(index < 18, "Netherlands", "Bulgaria")),
            "region": np.where(index < 18, "ATLANTIC", "CONTINENTAL"),
            "split_block": split,
            "split_random": split,
        }
    )


def multilabel(*modalities: str) -> Dataset:
    """Species j grows where the signal exceeds j / 7; survey 7 has none; species 6 is seen in validation only."""
    signal = np.linspace(0, 0.99, ROWS)
    labels = (signal[:, None] > np.arange(SPECIES) / SPECIES).astype(np.uint8)
    labels[7] = 0
    labels[:, SPECIES - 1] = 0
    labels[13, SPECIES - 1] = 1
    classes = pd.DataFrame(
        {
            "class_id": [3, 10, 11, 42, 700, 5000, 11254],
            "name": [f"Planta simulata{i}" for i in range(SPECIES)],
            "genus": ["Planta"] * 4 + ["Herba"] * 3,
            "family": ["Plantaceae"] * SPECIES,
            "common_name": [f"plant {i}" for i in range(SPECIES)],
        }
    )
    return _dataset(
        "multilabel", signal, Targets(TargetKind.MULTILABEL, classes, csr_matrix(labels), _known()), modalities
    )


def multiclass(*modalities: str) -> Dataset:
    """Four ground types in two main types, by signal."""
    signal = np.tile([0.0, 0.33, 0.66, 1.0], ROWS // 4)
    names = ["T4-C-1", "T4-C-5", "V1-C-1", "V1-C-2"]
    classes = pd.DataFrame(
        {
            "class_id": [1, 2, 3, 4],
            "name": names,
            "group": ["T", "T", "V", "V"],
            "main_type": ["T4", "T4", "V1", "V1"],
        }
    )
    values = np.tile(np.arange(4, dtype=np.int64), ROWS // 4)
    hierarchy = ("group", "main_type", "name")
    return _dataset(
        "multiclass", signal, Targets(TargetKind.MULTICLASS, classes, values, _known(), hierarchy), modalities
    )


def regression(*modalities: str) -> Dataset:
    """Lime richness 1..9, linear in the signal."""
    signal = np.linspace(0, 1, ROWS)[np.random.default_rng(1).permutation(ROWS)]
    values = (1 + 8 * signal).astype(np.float32)
    empty = pd.DataFrame({"class_id": pd.Series(dtype=np.int64), "name": pd.Series(dtype=object)})
    return _dataset(
        "regression", signal, Targets(TargetKind.REGRESSION, empty, values, _known(), unit="lime 1..9"), modalities
    )


TREES = ("larch_JP", "larch_CN", "deci_broad", "ever_coni", "shrubland")
TREE_SERIES = "series12-B2-B4-B8-NDVI"


def monthly(points: int = 20, pixels: int = 4) -> Dataset:
    """Monthly series of five tree classes: field points on a line, each of `pixels` neighbouring pixels of 10 m.

    Every class has its own height of one yearly curve in B8, and the pixels of a point are alike. Each pixel ends
    after 6 to 12 dates, some values before are missing, and row 3 has none at all. Of four points of a
    class two train, one validates and one is tested; under the random split that holds of pixels.
    """
    random, count = np.random.default_rng(0), points * pixels
    point, place = np.arange(count) // pixels, np.arange(count) % pixels
    values, month = point % len(TREES), np.arange(12)
    curve = np.sin(np.pi * month / 11) * (1 + values[:, None]) + random.normal(0, 0.1, points)[point, None]
    arrays = random.normal(2000, 100, (count, 4, 12)).astype(np.float32)
    arrays[:, 2] += 1000 * curve
    arrays[:, 3] = curve / 5
    arrays[random.random(arrays.shape) < 0.05] = np.nan
    arrays[np.arange(12) >= random.integers(6, 13, count)[:, None, None] + np.zeros((4, 1), int)] = np.nan
    arrays[3] = np.nan
    turn = {"random": np.arange(count) + point, "point": point // len(TREES), "block": point // len(TREES)}
    splits = {f"split_{key}": np.select([at % 4 == 2, at % 4 == 3], ["validation", "test"], "train")
              for key, at in turn.items()}  # fmt: skip
    frame = pd.DataFrame({
        "source": "mountain", "survey_id": 1 + np.arange(count), "lon": 128 + 0.01 * point + 0.00013 * (place % 2),
        "lat": 42 + 0.00009 * (place // 2), "year": 2022, "area_m2": 100.0, "country": "", "region": "",
        "point": point, "block": point // len(TREES), **splits,
    })  # fmt: skip
    classes = pd.DataFrame({"class_id": np.arange(1, 6), "name": list(TREES)})
    targets = Targets(TargetKind.MULTICLASS, classes, values.astype(np.int64), np.ones(count, bool), ("name",))
    return Dataset(
        name="fixture-monthly", title="Pixels through a year (simulated)", sites=frame, targets=targets,
        modalities=(TREE_SERIES,), reader=ArrayReader({TREE_SERIES: arrays}), fingerprint="fixture-monthly-1",
        simulated=True,
    )  # fmt: skip


def for_model(name: str, kind: str) -> Dataset:
    """The data set of `kind` with the inputs that the model `name` sees."""
    inputs = spec_of(name).inputs
    return DATASETS[kind](*(() if set(inputs) <= set(MODALITIES) else inputs))


DATASETS = {"multilabel": multilabel, "multiclass": multiclass, "regression": regression}


def _known() -> np.ndarray:
    known = np.ones(ROWS, bool)
    known[11] = False
    return known


def _dataset(name: str, signal: np.ndarray, targets: Targets, modalities: tuple[str, ...]) -> Dataset:
    """Of `modalities`, or of all that are listed."""
    modalities = modalities or tuple(MODALITIES)
    return Dataset(
        name=f"fixture-{name}",
        title=f"Twenty surveys, {name} (simulated)",
        sites=sites(),
        targets=targets,
        modalities=modalities,
        reader=ArrayReader(dict(_arrays(signal.tobytes(), modalities))),
        fingerprint=f"fixture-{name}-1",
        simulated=True,
    )


@cache
def _arrays(signal: bytes, modalities: tuple[str, ...]) -> dict[str, np.ndarray]:
    """The same for all tests of a process, and not to be written to."""
    made = arrays(np.frombuffer(signal), modalities)
    for values in made.values():
        values.flags.writeable = False
    return made


def renamed(dataset: Dataset, names: list[str]) -> Dataset:
    """The data set with other class names."""
    classes = dataset.targets.classes.assign(name=names)
    return replace(dataset, targets=replace(dataset.targets, classes=classes))


def with_inputs(dataset: Dataset, modality: str, have: np.ndarray) -> Dataset:
    """The data set whose surveys lack `modality` but where `have` (N,) is True."""
    every = np.arange(len(dataset))
    values = {name: dataset.reader.read(name, every) for name in dataset.modalities}
    values[modality][~have] = np.nan
    return replace(dataset, reader=ArrayReader(values))
