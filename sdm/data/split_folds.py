"""Folds of the same surveys: of blocks, stratified by country and density, of sites, and at random.

Each fold in turn is validation, so that every survey is validated once under every scheme.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from sdm.data.splits import SEED, SELECTION, VALIDATION, draw, within
from sdm.geo.projections import laea_km

FOLDS = 5
THIRDS = 3  # of a fold: one to choose the epoch by, the others for everything else
BLOCK_DEGREES, BUFFER_KM = 1.0, 10.0
SITE_KM = 0.64  # half a patch's side: nearer surveys are of one site


def random_folds(survey_ids: np.ndarray, count: int = FOLDS, seed: int = SEED) -> np.ndarray:
    """Return int64 (N,): a fold by a draw from `seed` and each survey's id alone."""
    return np.asarray((draw(seed, survey_ids) * count).astype(np.int64))


def stratified_block_folds(
    lon: np.ndarray, lat: np.ndarray, country: pd.Series, count: int = FOLDS, degrees: float = BLOCK_DEGREES
) -> np.ndarray:
    """Return int64 (N,): folds of whole blocks of `degrees`, with like shares of every country; -1 unplaced.

    A block belongs to the country of most of its surveys. The crowded blocks of a country are dealt first, each to
    the fold with the fewest surveys of that country, then of all: so crowded and empty land is in every fold.
    """
    placed = np.isfinite(lon) & np.isfinite(lat)
    fold = np.full(len(lon), -1, np.int64)
    if not placed.any():
        return fold
    cells = np.floor(np.stack([lon[placed], lat[placed]], axis=1) / degrees).astype(np.int64)
    corners, block = np.unique(cells, axis=0, return_inverse=True)
    home, _ = pd.factorize(country.astype("str").fillna("").to_numpy()[placed], sort=True)
    table = np.zeros((len(corners), home.max() + 1), np.int64)
    np.add.at(table, (block.ravel(), home), 1)
    fold[placed] = _dealt(table, count)[block.ravel()]
    return fold


def _dealt(table: np.ndarray, count: int) -> np.ndarray:
    """Fold of each block, of the numbers of surveys by block and country."""
    size, main = table.sum(axis=1), table.argmax(axis=1)
    fold, filled = np.zeros(len(table), np.int64), np.zeros((count, table.shape[1]), np.int64)
    of_country = table.sum(axis=0)
    for block in np.lexsort((-size, main, -of_country[main])):
        fold[block] = np.lexsort((filled.sum(axis=1), filled[:, main[block]]))[0]
        filled[fold[block]] += table[block]
    return fold


def sites_of(lon: np.ndarray, lat: np.ndarray, km: float = SITE_KM) -> np.ndarray:
    """Return int64 (N,): a number per study area, the surveys that are linked by steps of at most `km`.

    Every survey without a position is a site of its own.
    """
    placed = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    pairs = np.zeros((0, 2), np.int64)
    if placed.size:
        tree = cKDTree(np.column_stack(laea_km(lon[placed], lat[placed])))
        pairs = placed[tree.query_pairs(km, output_type="ndarray")]
    links = coo_matrix((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), shape=(len(lon), len(lon)))
    return np.asarray(connected_components(links, directed=False)[1], np.int64)


def site_folds(
    survey_ids: np.ndarray, lon: np.ndarray, lat: np.ndarray, count: int = FOLDS, seed: int = SEED
) -> np.ndarray:
    """Return int64 (N,): folds of whole sites, drawn by `seed` and the smallest survey id of each."""
    site = sites_of(lon, lat)
    first = np.full(site.max(initial=-1) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, site, survey_ids.astype(np.int64))
    return random_folds(first, count, seed)[site]


def fold_split(
    fold: np.ndarray, which: int, lon: np.ndarray, lat: np.ndarray, buffer_km: float = 0.0
) -> np.ndarray:
    """Return "validation" of fold `which`, "buffer" within `buffer_km` of it or in no fold, else "train"."""
    split = np.where(fold == which, "validation", np.where(fold < 0, "buffer", "train")).astype("<U10")
    if buffer_km > 0:
        training, validation = (np.flatnonzero(split == name) for name in ("train", "validation"))
        split[training[within(lon, lat, training, validation, buffer_km)]] = "buffer"
    return split


def with_selection(split: np.ndarray, thirds: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """`split` with the smallest third of its validation surveys set apart as "selection", to choose the epoch by.

    `thirds` gives a number 0, 1 or 2 for each of some rows, made as the folds were, so that a block or a site is
    never on both sides. Nothing is set apart where all are in one third.
    """
    held = np.flatnonzero(split == VALIDATION)
    third = thirds(held)
    sizes = np.bincount(third, minlength=1)
    if (sizes > 0).sum() < 2:
        return split
    chosen = int(np.where(sizes > 0, sizes, len(split) + 1).argmin())
    apart = split.copy()
    apart[held[third == chosen]] = SELECTION
    return apart
