"""What a background does to maps learnt from presence-only records, where the truth is known: in a virtual Europe.

The same records are learnt twice, against sites drawn at random and against the sites of all records (target
group), and both maps are held against the true probability and against where records are looked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from scipy.sparse import csr_matrix, vstack

from sdm.analysis.sampling import evenly
from sdm.data.dataset import Dataset, TargetKind
from sdm.data.record_types import presence_only
from sdm.errors import DataError
from sdm.files import atomic
from sdm.formats.arrays import MappedArray
from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST
from sdm.geo.regions import in_europe
from sdm.jobs import Report, no_report
from sdm.modalities import MODALITIES
from sdm.models.preparation import Batch, fit_statistics, make_batch
from sdm.models.presence_only.background import BackgroundKind, PresenceData, presence_data
from sdm.models.presence_only.network import PoissonEnsemble, PoissonEnsembleConfig
from sdm.models.statistics import Statistics
from sdm.occurrences.reading.positions import DEGREES
from sdm.occurrences.study_area import StudyArea
from sdm.virtual_europe import flora, occurrence
from sdm.virtual_europe.description import World
from sdm.virtual_europe.effort import effort
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.grid import YEAR, SimulatedGrid
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.simulators import simulator_of

INPUT = "environment"
KINDS: tuple[BackgroundKind, ...] = ("random", "target-group")
MOST_RECORDS, RANDOM_SITES, BLOCK = 40_000, 10_000, 512
NETWORKS, EPOCHS = 2, 6
FEWEST_RECORDS, MOST_COMPARED = 20, 300
REMEDY = "Remove the file; the maps are then computed anew."


@dataclass(frozen=True)
class Agreement:
    """Rank correlations over the land cells of `species` (columns of the data set).

    `truth`, `effort`: float (K, S) in the order of KINDS, of the learnt intensity with the true probability and
    with the effort records are looked for with; `own` (S,) of the true probability with that effort.
    """

    species: np.ndarray
    truth: np.ndarray
    effort: np.ndarray
    own: np.ndarray

    def of(self, species: int) -> tuple[np.ndarray, np.ndarray] | None:
        """`truth` and `effort` (K,) of one column; None for one that is not compared."""
        place = np.flatnonzero(self.species == species)
        return (self.truth[:, place[0]], self.effort[:, place[0]]) if place.size else None


def possible(dataset: Dataset) -> bool:
    """Whether there are presence-only records whose environment is known."""
    return INPUT in dataset.modalities and bool((presence_only(dataset) & dataset.available(INPUT)).any())


def background_file(folder: Path, dataset: Dataset, world: World, grid: SimulatedGrid) -> Path:
    """Where the maps are kept: another file for other data, another world or grid, other settings."""
    text = (
        f"{dataset.fingerprint} {world} {grid.step} {len(grid)} {MOST_RECORDS} {RANDOM_SITES} {NETWORKS} {EPOCHS}"
    )
    return folder / f"backgrounds-{hashlib.sha256(text.encode()).hexdigest()[:16]}.npy"


def fit_backgrounds(
    dataset: Dataset, world: World, grid: SimulatedGrid, out: Path, report: Report = no_report
) -> None:
    """Write the intensities (K, S, N) float32, relative to their mean over the cells, whole or not at all.

    One fit per KINDS, by Poisson networks on the environment of at most MOST_RECORDS records. `report` hears of
    every step and may raise to stop. DataError without records.
    """
    rows = evenly(dataset, np.flatnonzero(presence_only(dataset)), INPUT, MOST_RECORDS)
    steps = len(KINDS) + 2
    report(0, steps, "steps")
    configs = {kind: _config(kind) for kind in KINDS}
    inputs = dict(configs[KINDS[0]].inputs)
    statistics = fit_statistics(dataset, rows, (INPUT,))
    records = presence_data(dataset, rows, inputs, statistics, "target-group")
    drawn = _batch(_random_places(world.seed), inputs, statistics)
    cells = _batch(grid.places, inputs, statistics)
    report(1, steps, "steps")
    result = np.empty((len(KINDS), dataset.targets.width, len(grid)), np.float32)
    for number, (kind, config) in enumerate(configs.items()):
        torch.manual_seed(world.seed)
        model = PoissonEnsemble(TargetKind.MULTILABEL, dataset.targets.width, config)
        model.fit_to(records if kind == "target-group" else _against(records, drawn))
        score = model.log_intensity(cells)
        relative = np.exp(score - score.max(axis=0))
        result[number] = (relative / relative.mean(axis=0)).T
        report(number + 2, steps, "steps")
    with atomic(out) as file:
        np.save(file, result, allow_pickle=False)
    report(steps, steps, "steps")


def open_backgrounds(path: Path, dataset: Dataset, grid: SimulatedGrid) -> MappedArray:
    """The intensities (K, S, N) in `path`, memory-mapped; DataError for anything but what was written."""
    values, expected = MappedArray(path, DataError, REMEDY), (len(KINDS), dataset.targets.width, len(grid))
    if values.shape != expected or values.dtype != np.float32:
        got = f"{values.dtype} {values.shape}"
        raise DataError("no maps of backgrounds", where=path, expected=expected, got=got, remedy=REMEDY)
    return values


def agreement(values: MappedArray, dataset: Dataset, world: World, grid: SimulatedGrid) -> Agreement:
    """How all species of FEWEST_RECORDS records or more, MOST_COMPARED at most, agree with truth and effort."""
    rows = np.flatnonzero(presence_only(dataset))
    counts = np.asarray(csr_matrix(dataset.targets.values)[rows].sum(axis=0)).ravel()
    ids = flora.species_ids(world.species)
    place = {int(number): column for column, number in enumerate(ids.tolist())}
    known = [c for c, number in enumerate(dataset.targets.class_ids.tolist()) if number in place]
    species = np.array([column for column in known if counts[column] >= FEWEST_RECORDS], np.int64)
    species = species[np.argsort(-counts[species], kind="stable")][:MOST_COMPARED]
    columns = np.array([place[int(dataset.targets.class_ids[column])] for column in species], np.int64)
    true = occurrence.probabilities(grid.places, world.species)[:, columns].T
    looked_for = effort(grid.places)[None]
    parts = [np.asarray(values[number])[species] for number in range(len(KINDS))]
    with_truth, with_effort = (
        np.stack([_rank_correlation(part, against) for part in parts]) for against in (true, looked_for)
    )
    return Agreement(species, with_truth, with_effort, _rank_correlation(true, looked_for))


def _rank_correlation(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Spearman's, float (S,), of the rows of `a` (S, N) with those of `b`, or its only one."""
    ranks = [pd.DataFrame(values).rank(axis=1).to_numpy() for values in (a, b)]
    centred = [values - values.mean(axis=1, keepdims=True) for values in ranks]
    norms = [np.sqrt((values**2).sum(axis=1)) for values in centred]
    return np.asarray((centred[0] * centred[1]).sum(axis=1) / (norms[0] * norms[1]))


def _config(kind: BackgroundKind) -> PoissonEnsembleConfig:
    return PoissonEnsembleConfig(modality=INPUT, background=kind, networks=NETWORKS, epochs=EPOCHS)


def _against(records: PresenceData, drawn: Batch) -> PresenceData:
    """The same records with the sites `drawn` as the background of all species."""
    count, sites = records.recorded.shape[0], len(drawn["survey_id"])
    nothing = csr_matrix((sites, records.recorded.shape[1]), dtype=records.recorded.dtype)
    batch = {name: torch.cat([records.batch[name], drawn[name]]) for name in drawn}
    member = (np.arange(count + sites) >= count)[:, None]
    recorded = csr_matrix(vstack([records.recorded, nothing], format="csr"))
    return PresenceData(batch, recorded, np.zeros_like(records.group), member)


def _random_places(seed: int) -> Places:
    """RANDOM_SITES places of the land of Europe, at random by area."""
    random, parts, count = np.random.default_rng(seed), [], 0
    europe = StudyArea(WEST, SOUTH, EAST, NORTH, DEGREES)
    while count < RANDOM_SITES:
        lon, lat = europe.uniform(random, RANDOM_SITES)
        inside = in_europe(lon, lat)
        parts.append(np.stack([lon, lat])[:, inside])
        count += int(inside.sum())
    lon, lat = np.concatenate(parts, axis=1)[:, :RANDOM_SITES]
    return places(lon, lat, YEAR, seed)


def _batch(where: Places, inputs: Mapping[str, str], statistics: Statistics) -> Batch:
    """The simulated environment at `where`, prepared."""
    simulator = simulator_of(INPUT)
    blocks = [simulator.simulate(where[start : start + BLOCK]) for start in range(0, len(where), BLOCK)]
    count = len(where)
    sites = pd.DataFrame({
        "source": "simulated", "survey_id": np.arange(count), "lon": where.lon, "lat": where.lat,
        "year": where.year, "area_m2": np.nan, "country": "", "region": "",
    })  # fmt: skip
    values = MODALITIES[INPUT].from_file(np.concatenate(blocks))
    return make_batch({INPUT: values}, sites, inputs, statistics)
