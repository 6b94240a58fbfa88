"""One block of surveys, generated and written by a worker process independently of all others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv

from sdm.geo.hashing import combine, stream, uniform
from sdm.modalities import CLIMATE, CLIMATE_YEARS, ENVIRONMENT_VARIABLES, LANDSAT, LANDSAT_YEARS
from sdm.modalities.layouts import PA_TEST, PA_TRAIN, PO_TRAIN, nest
from sdm.virtual_europe import flora, occurrence
from sdm.virtual_europe.climate import climate_cubes
from sdm.virtual_europe.environment import environment
from sdm.virtual_europe.imagery import landsat_cubes, render_patches
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.sampling import Surveys, draw
from sdm.virtual_europe.write.cube import CLIMATE_ORDER, LANDSAT_ORDER, cube_bytes
from sdm.virtual_europe.write.editions import edition, folder
from sdm.virtual_europe.write.records import pa_rows, pa_sites, po_rows, survey_ids, table

FOLDERS = {"train": PA_TRAIN, "near": PA_TEST, "far": PA_TEST, "po": PO_TRAIN}
_IMAGE_BATCH = 128
_PO_RECORDS = 3  # of one survey at most
_PO_CANDIDATES = 64  # simulated species a presence-only survey chooses from
_PO_SIMULATED = 0.24  # presence-only surveys with a record of a simulated species as well


@dataclass(frozen=True)
class Block:
    """Surveys `start`..`stop` of `source`; the first `images` of a source get files."""

    index: int
    source: str
    start: int
    stop: int
    images: int
    species: int
    seed: int
    edition: int = 2025


@dataclass(frozen=True)
class BlockResult:
    """Result of a block: label hash and, for surveys that have a truth, theirs."""

    block: Block
    digest: int
    survey_id: np.ndarray
    probability: np.ndarray | None  # (N, S) float16, as inputs tell it
    oracle: np.ndarray | None  # (N, S) float16, with history, site and observer known
    present: tuple[np.ndarray, np.ndarray] | None  # rows and columns of the labels


def make_block(block: Block, tree: Path, parts: Path) -> BlockResult:
    """Write the files of a block below `tree`, its table rows below `parts`."""
    surveys = draw(block.source, np.arange(block.start, block.stop), block.seed)
    ids = survey_ids(block.source, surveys.number)
    if block.source == "po":
        chance, (site, column) = None, _po_records(surveys, block.species)
    else:
        chance = occurrence.occurrence(surveys.places, block.species, surveys.visits.area)
        site, column = np.nonzero(occurrence.record(surveys.places, surveys.visits, chance))
    _write(_metadata(surveys, site, column, block.species), parts, "metadata", block)
    _write_environment(surveys.places, ids, parts, block)
    if block.source != "po" or block.start < block.images:
        _write_cubes(surveys.places, ids, tree, parts, block)
    digest = _digest(block.source, ids[site], flora.species_ids(block.species)[column])
    if chance is None or not has_truth(block):
        return BlockResult(block, digest, ids, None, None, None)
    oracle = occurrence.known_probabilities(surveys.places, surveys.visits, chance).astype(np.float16)
    marginal = (chance * occurrence.mean_detection(block.species)).astype(np.float16)
    return BlockResult(block, digest, ids, marginal, oracle, (site, column))


def has_truth(block: Block) -> bool:
    """Whether the truth of a block's surveys is written: of tests, and of training surveys that have files."""
    return block.source in ("near", "far") or (block.source == "train" and block.start < block.images)


def _metadata(surveys: Surveys, site: np.ndarray, column: np.ndarray, species: int) -> pa.Table:
    """Rows of the metadata table of the block's source, given its (survey, species) pairs."""
    species_id = flora.species_ids(species)
    if surveys.source == "po":
        return po_rows(surveys, site, column, species_id)
    return pa_rows(surveys, site, column, species_id) if surveys.source == "train" else table(pa_sites(surveys))


def _digest(source: str, survey_id: np.ndarray, species_id: np.ndarray) -> int:
    """Order-free hash of the block's (survey, species) pairs."""
    return int(combine(stream(source), survey_id, species_id).sum(dtype=np.uint64)) if len(survey_id) else 0


def _po_records(surveys: Surveys, species: int) -> tuple[np.ndarray, np.ndarray]:
    """Survey and species of each record: one or more of what grows there, the showy ones first."""
    key = surveys.places.key
    named = len(flora.flora())
    showy = np.exp(1.2 * uniform(combine(stream("showy"), np.arange(named)), "showy"))
    weight = occurrence.probabilities(surveys.places) * showy
    luck = np.log(uniform(combine(key[:, None], np.arange(named)), "noticed"))
    order = _highest(luck / np.maximum(weight, 1e-12), _PO_RECORDS)
    u = uniform(key, "records")
    count = 1 + (u > 0.965).astype(int) + (u > 0.99)
    site = np.repeat(np.arange(len(key)), count)
    nth = np.arange(len(site)) - np.repeat(np.cumsum(count) - count, count)
    column = order[site, nth]
    if species > named:
        more = np.flatnonzero(uniform(key, "simulated") < _PO_SIMULATED)
        chosen = _simulated(surveys.places[more], species)
        site, column = np.concatenate([site, more]), np.concatenate([column, chosen])
    return site, column


def _highest(values: np.ndarray, count: int) -> np.ndarray:
    """Columns of the `count` highest values of each row, the highest first."""
    columns = np.argpartition(values, -count, axis=1)[:, -count:]
    order = np.take_along_axis(values, columns, axis=1).argsort(axis=1)[:, ::-1]
    return np.take_along_axis(columns, order, axis=1)


def _simulated(places: Places, species: int) -> np.ndarray:
    """One simulated species per place: the likeliest, by a draw, of a few picked at random."""
    named = len(flora.flora())
    pair = combine(places.key[:, None], np.arange(_PO_CANDIDATES))
    candidate = named + (uniform(pair, "candidate") * (species - named)).astype(int)
    weights = flora.weights(species)[:, candidate]
    odds = np.einsum("nf,fnc->nc", flora.features(places), weights)
    best = (odds - np.log(-np.log(uniform(pair, "chosen")))).argmax(axis=1)
    return candidate[np.arange(len(places)), best]


def _write(rows: pa.Table, parts: Path, name: str, block: Block) -> None:
    """Rows without a header, for the parent to join."""
    path = parts / f"{FOLDERS[block.source]}.{name}.{block.index:06d}.csv"
    csv.write_csv(rows, path, csv.WriteOptions(include_header=False, quoting_style="none"))
    (parts / f"{FOLDERS[block.source]}.{name}.header").write_text(",".join(rows.column_names) + "\n")


def _write_environment(places: Places, ids: np.ndarray, parts: Path, block: Block) -> None:
    values = environment(places)
    order = np.argsort(combine(ids, stream("environment")), kind="stable")
    for name in edition(block.edition).environment:
        columns = [i for i, p in enumerate(ENVIRONMENT_VARIABLES) if p.table == name]
        if name == "soilgrids" and FOLDERS[block.source] == PA_TEST:
            columns = columns[::-1]
        rows = {"surveyId": ids[order]} | {ENVIRONMENT_VARIABLES[i].name: values[order, i] for i in columns}
        _write(table(rows), parts, name, block)


def _write_cubes(places: Places, ids: np.ndarray, tree: Path, parts: Path, block: Block) -> None:
    """Patches and cubes of the surveys that have files; the tables of values of all PA surveys."""
    landsat, climate = landsat_cubes(places), climate_cubes(places)
    source, named = FOLDERS[block.source], edition(block.edition)
    if source != PO_TRAIN:
        _write_values(landsat, climate, ids, parts, block)
    count = max(min(block.images - block.start, len(ids)), 0)
    nested = source == PO_TRAIN
    for home, stem, bodies in (
        (named.landsat_cubes, named.landsat_stem(source), cube_bytes(landsat[:count], LANDSAT_ORDER)),
        (named.climate_cubes, named.climate_stem(source), cube_bytes(climate[:count], CLIMATE_ORDER)),
    ):
        at = str(tree / folder(home, source))
        for survey_id, body in zip(ids[:count].tolist(), bodies, strict=True):
            _put(f"{at}/{nest(survey_id)}" if nested else at, f"{stem}_{survey_id}_cube.pt", body)
    homes = [str(tree / folder(pattern, source)) for pattern in named.patches]
    for start in range(0, count, _IMAGE_BATCH):
        some = slice(start, min(start + _IMAGE_BATCH, count))
        files = named.encode(render_patches(places[some], named.patch_side), places[some])
        for survey_id, pictures in zip(ids[some].tolist(), files, strict=True):
            for at, body in zip(homes, pictures, strict=True):
                _put(f"{at}/{nest(survey_id)}", named.patch_file.format(id=survey_id), body)


def _put(home: str, name: str, body: bytes) -> None:
    """Write a file; `home` is text, as joining paths takes as long as writing the file."""
    path = Path(f"{home}/{name}")
    try:
        path.write_bytes(body)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)


def _write_values(landsat: np.ndarray, climate: np.ndarray, ids: np.ndarray, parts: Path, block: Block) -> None:
    quarters = [f"{year}_{quarter}" for year in LANDSAT_YEARS for quarter in range(1, 5)]
    for band, name in enumerate(LANDSAT.channels):
        flat = landsat[:, band].transpose(0, 2, 1).reshape(len(ids), -1)
        _write(_wide(ids, quarters, flat), parts, f"landsat-{name}", block)
    months = [
        f"Bio-{variable}_{month:02d}_{year}"
        for variable in CLIMATE.channels for year in CLIMATE_YEARS for month in range(1, 13)
    ]  # fmt: skip
    _write(_wide(ids, months, climate.reshape(len(ids), -1)), parts, "climate", block)


def _wide(ids: np.ndarray, names: list[str], values: np.ndarray) -> pa.Table:
    return table({"surveyId": ids} | {name: values[:, i] for i, name in enumerate(names)})
