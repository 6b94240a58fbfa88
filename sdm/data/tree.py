"""A GeoLifeCLEF tree as a data set: surveys, labels and splits from its tables, arrays from its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from sdm.data.dataset import Dataset, TargetKind, Targets
from sdm.data.find_tree import Tree, find_tree
from sdm.data.labels import Records, fingerprint, label_matrix, records
from sdm.data.odd_rows import odd_row_problems
from sdm.data.schemes import RANDOM_TENTH
from sdm.data.split_folds import (
    BUFFER_KM,
    FOLDS,
    THIRDS,
    fold_split,
    random_folds,
    site_folds,
    stratified_block_folds,
    with_selection,
)  # fmt: skip
from sdm.data.splits import SEED, SPLITS, near_far_split, tenth_split
from sdm.data.table_sizes import require_whole
from sdm.data.tree_reader import TreeReader, present_modalities
from sdm.data.worlds import read_world, require_current
from sdm.errors import DataError
from sdm.formats.problem import Problems
from sdm.formats.table import Kind, read_header, read_table
from sdm.modalities import of_edition
from sdm.modalities.layouts import EDITIONS, PA_TEST, PA_TRAIN, SOURCES, Metadata

COLUMNS = {
    "surveyId": Kind.ID, "lon": Kind.NUMBER, "lat": Kind.NUMBER, "year": Kind.NUMBER, "areaInM2": Kind.NUMBER,
    "country": Kind.TEXT, "region": Kind.TEXT, "publisher": Kind.TEXT,
    "speciesId": Kind.NUMBER,
}  # fmt: skip
OPTIONAL = frozenset(("year", "areaInM2", "country", "region", "publisher"))
SPECIES_FILE = "species.csv"
TAXONOMY = ("name", "genus", "family", "common_name")
_CODE = {name: code for code, name in enumerate(SPLITS)}
CATEGORICAL = ("source", "country", "region", "publisher")


def open_tree(path: Path) -> Dataset:
    """The data set of the tree at `path` or up to two folders below; arrays are read when asked for.

    One row per survey and source, PA-train, PA-test, PO-train in turn, ascending by id. Classes are all species
    of the labelled tables, ascending by id. Surveys of the test table, and those whose every species is
    missing, have no known target. DataError where there is no metadata table or one is damaged.
    """
    tree = find_tree(path)
    about = read_world(tree.root)
    title, version = str(about.get("title") or EDITIONS[tree.edition]), about.get("world_version")
    require_current(title, version, tree.root, DataError)
    require_whole(tree.root, about)
    parts, problems = zip(*(_read_records(table, file) for table, file in tree.metadata), strict=True)
    sites = _stack([part.sites for part in parts])
    if sites.empty:
        raise DataError("the metadata tables hold no survey", where=tree.root, remedy="Download them again.")
    class_ids, labels = label_matrix(parts)
    sites = _with_splits(sites)
    return Dataset(
        name=tree.root.resolve().name,
        title=title,
        sites=sites,
        targets=Targets(TargetKind.MULTILABEL, _classes(tree.root, class_ids), labels, np.diff(labels.indptr) > 0),
        modalities=present_modalities(tree),
        reader=TreeReader(tree, sites["source"].array, sites["survey_id"].to_numpy()),
        fingerprint=fingerprint(sites, class_ids, labels),
        place=tree.root,
        simulated=bool(about.get("simulated", False)),
        problems=sum(problems, Problems()),
        world_version=None if version is None else str(version),
    )


def tree_of(dataset: Dataset) -> Tree | None:
    """The tree of a data set; None for a data set without one."""
    try:
        return None if dataset.place is None else find_tree(dataset.place)
    except DataError:
        return None  # a store whose tree is gone


def expected_modalities(dataset: Dataset) -> tuple[str, ...]:
    """The modalities that are present, and those that a tree of this edition may hold."""
    tree = tree_of(dataset)
    absent = () if tree is None else (name for name in of_edition(tree.edition) if name not in dataset.modalities)
    return *dataset.modalities, *absent


def _read_records(table: Metadata, file: Path) -> tuple[Records, Problems]:
    """The surveys of a metadata table, and what is wrong with their ids."""
    columns = COLUMNS if table.labelled else {k: v for k, v in COLUMNS.items() if k != "speciesId"}
    rows = read_table(file, columns, optional=OPTIONAL, ended=True)
    return records(rows, table.source), sum(odd_row_problems(file, rows).values(), Problems())


def _stack(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all `parts` in turn; categories are joined, not turned into text."""
    columns: dict[str, Any] = {}
    for name in map(str, parts[0]):
        pieces = [part[name] for part in parts]
        if name in CATEGORICAL:
            columns[name] = union_categoricals(pieces, ignore_order=True)
        else:
            columns[name] = pd.concat(pieces, ignore_index=True)
    return pd.DataFrame(columns)


def _with_splits(sites: pd.DataFrame) -> pd.DataFrame:
    """`sites` with one column per split scheme; only training surveys differ between schemes."""
    rows = {source: np.flatnonzero((sites["source"] == source).to_numpy()) for source in SOURCES}
    training, test = sites.iloc[rows[PA_TRAIN]], sites.iloc[rows[PA_TEST]]
    countries = frozenset(str(name) for name in training["country"].dropna().unique())
    common = np.full(len(sites), _CODE["po"], np.int8)
    common[rows[PA_TEST]] = _codes(near_far_split(test["country"], countries)) if len(training) else _CODE["test"]
    for scheme, split in _schemes(training).items():
        codes = common.copy()
        codes[rows[PA_TRAIN]] = _codes(split)
        sites[f"split_{scheme}"] = pd.Categorical.from_codes(codes, categories=pd.Index(SPLITS, dtype="str"))
    return sites


def _schemes(training: pd.DataFrame) -> dict[str, np.ndarray]:
    """Split of each training survey by scheme: the first fold of each, and all folds of blocks."""
    ids, lon, lat = (training[column].to_numpy() for column in ("survey_id", "lon", "lat"))
    country = training["country"].reset_index(drop=True)

    def of_blocks(rows: np.ndarray, count: int = THIRDS) -> np.ndarray:
        return stratified_block_folds(lon[rows], lat[rows], country.iloc[rows], count)

    def of_sites(rows: np.ndarray) -> np.ndarray:
        return site_folds(ids[rows], lon[rows], lat[rows], THIRDS, SEED + 1)

    blocks = of_blocks(np.arange(len(ids)), FOLDS)
    named = {"block": 0, **{f"block_{fold + 1}": fold for fold in range(1, FOLDS)}}
    by_block = {name: fold_split(blocks, fold, lon, lat, BUFFER_KM) for name, fold in named.items()}
    at_random, by_site = (fold_split(f, 0, lon, lat) for f in (random_folds(ids), site_folds(ids, lon, lat)))
    return {
        **{name: with_selection(split, of_blocks) for name, split in by_block.items()},
        "random": with_selection(at_random, lambda rows: random_folds(ids[rows], THIRDS, SEED + 1)),
        "site": with_selection(by_site, of_sites),
        RANDOM_TENTH: tenth_split(len(ids)),
    }


def _codes(split: np.ndarray) -> np.ndarray:
    return np.array([_CODE[name] for name in split], np.int8)


def _classes(path: Path, class_ids: np.ndarray) -> pd.DataFrame:
    """One row per species: its id and, from species.csv where there is one, its names; else the id as name."""
    classes = pd.DataFrame({"class_id": class_ids, "name": class_ids.astype(str)}).astype({"name": "str"})
    file = path / SPECIES_FILE
    if not file.exists():
        return classes
    header, _ = read_header(file)
    spelling = {column: column.replace(" ", "_").lower() for column in header}
    wanted = {spelling[column]: column for column in header if spelling[column] in TAXONOMY}.values()
    table = read_table(file, {"speciesId": Kind.ID, **dict.fromkeys(wanted, Kind.TEXT)}, ended=True)
    table = table.rename(columns=spelling).drop_duplicates("speciesid").set_index("speciesid")
    named = table.reindex(class_ids).astype(object).reset_index(drop=True)
    for column in (name for name in TAXONOMY if name in named):
        fallback = classes["name"] if column == "name" else ""
        classes[column] = named[column].where(named[column].notna(), fallback).astype("str")
    return classes
