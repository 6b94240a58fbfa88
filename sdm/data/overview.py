"""A data set in numbers: surveys and records, what is missing, how unequal the species, how far the tests."""

from __future__ import annotations

import contextlib
import math

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, issparse
from scipy.spatial import cKDTree

from sdm.data.dataset import DEFAULT_SCHEME, Dataset, TargetKind
from sdm.data.site_words import item_name
from sdm.data.tree import expected_modalities
from sdm.errors import DataError
from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST
from sdm.geo.distance import great_circle_km, unit_vectors
from sdm.number_format import share_of, whole

SAMPLE = 64  # files per source and modality that are opened to see what is missing inside
STEP = 0.5  # degrees a cell of the effort map
TARGET_WORDS = {
    TargetKind.MULTILABEL: "sets of species",
    TargetKind.MULTICLASS: "one class",
    TargetKind.REGRESSION: "a number",
}
ARTICLES = {"image": "an"}
PRESENCE_ONLY = "po"
NO_SPLIT, UNKNOWN = "", "unknown"


def split_of(dataset: Dataset, scheme: str = DEFAULT_SCHEME) -> np.ndarray:
    """str (N,): the split of every site, "" without that scheme."""
    column = f"split_{scheme}"
    if column not in dataset.sites:
        return np.full(len(dataset), NO_SPLIT, object)
    return dataset.sites[column].astype(str).to_numpy()


def counts(dataset: Dataset) -> pd.DataFrame:
    """One row per source and split, in their order: surveys, known (with a known target), records, classes.

    `records` are (survey, class) pairs and `classes` the distinct ones; both are 0 where nothing is known.
    """
    sites = pd.DataFrame({"source": dataset.sites["source"].astype(str), "split": split_of(dataset)})
    rows = []
    for (source, split), part in sites.groupby(["source", "split"], sort=False):
        targets = dataset.targets.take(part.index.to_numpy())
        records, classes = _records(targets.values, targets.known, targets.kind)
        known = int(targets.known.sum())
        rows.append((str(source), str(split), len(part), known, records, classes))
    return pd.DataFrame(rows, columns=["source", "split", "surveys", "known", "records", "classes"])


def _records(values: csr_matrix | np.ndarray, known: np.ndarray, kind: TargetKind) -> tuple[int, int]:
    if kind is TargetKind.REGRESSION:
        return 0, 0
    if issparse(values):
        chosen = csr_matrix(values)[np.flatnonzero(known)]
        return int(chosen.nnz), len(np.unique(chosen.indices))
    chosen = np.asarray(values)[known]
    return len(chosen), len(np.unique(chosen))


def by_country(dataset: Dataset) -> pd.DataFrame:
    """Surveys per country and split, the country with the most first: country, split, surveys.

    Sites without a country (presence-only records tell none) count as "unknown".
    """
    country = dataset.sites["country"].astype(object)
    table = pd.DataFrame({"country": country.where(country.notna(), UNKNOWN), "split": split_of(dataset)})
    table["country"] = table["country"].astype(str).replace("", UNKNOWN)
    counts = table.value_counts(sort=False).rename("surveys").reset_index()
    total = counts.groupby("country")["surveys"].sum()
    return counts.assign(total=counts["country"].map(total)).sort_values(
        ["total", "country", "split"], ascending=[False, True, True], ignore_index=True
    )[["country", "split", "surveys"]]


def missing(dataset: Dataset) -> pd.DataFrame:
    """One row per source and modality: surveys, present (with a file), looked_at, unreadable, gaps.

    `gaps` (0..1) is the share of missing values in the `looked_at` files that could be read, an even sample of at
    most SAMPLE; NaN where there are none.
    """
    sources = dataset.sites["source"].astype(str)
    rows = []
    for modality in expected_modalities(dataset):
        there = dataset.available(modality)
        for source in sources.unique():
            own = np.flatnonzero((sources == source).to_numpy())
            having = own[there[own]]
            sample = having[np.linspace(0, len(having) - 1, min(len(having), SAMPLE)).astype(int)]
            rows.append((source, modality, len(own), len(having), len(sample), *_gaps(dataset, modality, sample)))
    names = ["source", "modality", "surveys", "present", "looked_at", "unreadable", "gaps"]
    return pd.DataFrame(rows, columns=names)


def _gaps(dataset: Dataset, modality: str, rows: np.ndarray) -> tuple[int, float]:
    """Files that cannot be read, and the share of missing values in the others."""
    gaps = []
    for row in rows:
        with contextlib.suppress(DataError):
            gaps.append(np.isnan(dataset.reader.read(modality, np.array([row]))))
    return len(rows) - len(gaps), float(np.mean(gaps)) if gaps else float("nan")


def facts(dataset: Dataset) -> list[tuple[str, str]]:
    """Return (term, value) of what the data set is: surveys, target, classes, countries, years, fingerprint."""
    targets, years = dataset.targets, dataset.sites["year"].dropna()
    item = item_name(dataset)
    rows = [
        (f"{item.capitalize()}s", whole(len(dataset))),
        (f"Known at {ARTICLES.get(item, 'a')} {item}", TARGET_WORDS[targets.kind]),
    ]
    if len(targets.classes):
        term = "Species" if targets.kind is TargetKind.MULTILABEL else "Classes"
        rows.append((term, whole(len(targets.classes))))
    if targets.unit:
        rows.append(("Unit", targets.unit))
    named = dataset.sites["country"].dropna().astype(str)
    if (named != "").any():
        rows.append(("Countries", whole(named[named != ""].nunique())))
    if len(years):
        rows.append(("Years", f"{int(years.min())} to {int(years.max())}"))
    rows.append(("Fingerprint", dataset.fingerprint[:16]))
    return rows if dataset.place is None else [*rows, ("Folder", dataset.place.name)]


def effort(dataset: Dataset, rows: np.ndarray, step: float = STEP) -> pd.DataFrame:
    """One row per cell of `step` degrees with any of the surveys `rows`, most first: south, west, surveys.

    Sites without a position or outside the mapped window of Europe are left out.
    """
    lon, lat = (dataset.sites[c].to_numpy(np.float64, na_value=np.nan)[rows] for c in ("lon", "lat"))
    inside = (lon >= WEST) & (lon < EAST) & (lat >= SOUTH) & (lat < NORTH)
    south, west = SOUTH + step * ((lat[inside] - SOUTH) // step), WEST + step * ((lon[inside] - WEST) // step)
    cells = pd.DataFrame({"south": south, "west": west}).groupby(["south", "west"]).size()
    return cells.rename("surveys").reset_index().sort_values("surveys", ascending=False, ignore_index=True)


def frequency(dataset: Dataset) -> pd.DataFrame:
    """One row per class, the commonest first: rank (from 1), class_id, name, surveys, share, presence_only.

    `surveys` are those that tell both presence and absence, `share` (0..1) is of all such surveys with a known
    target, NaN where there is none; `presence_only` are records without absences. Empty for regression.
    """
    targets = dataset.targets
    if targets.kind is TargetKind.REGRESSION:
        return pd.DataFrame(columns=["rank", "class_id", "name", "surveys", "share", "presence_only"])
    alone = split_of(dataset) == PRESENCE_ONLY
    width, surveyed = targets.width, targets.known & ~alone
    surveys, loose = (_per_class(targets.values, rows, width) for rows in (surveyed, targets.known & alone))
    table = pd.DataFrame(
        {
            "class_id": targets.class_ids,
            "name": targets.classes["name"].astype(str).to_numpy(),
            "surveys": surveys,
            "share": surveys / surveyed.sum() if surveyed.any() else np.nan,
            "presence_only": loose,
        }
    ).sort_values(["surveys", "presence_only", "class_id"], ascending=[False, False, True], ignore_index=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table


def share_of_top(counts: np.ndarray, part: float) -> float:
    """The share of all `counts` that the highest `part` of them hold, at least one; NaN for none.

    >>> share_of_top(np.array([1, 1, 1, 1]), 0.25), share_of_top(np.zeros(0), 0.1)
    (0.25, nan)
    """
    top = np.sort(counts)[len(counts) - math.ceil(part * len(counts)) :]
    return share_of(float(top.sum()), float(counts.sum()))


def _per_class(values: csr_matrix | np.ndarray, keep: np.ndarray, width: int) -> np.ndarray:
    rows = np.flatnonzero(keep)
    if issparse(values):
        return np.bincount(csr_matrix(values)[rows].indices, minlength=width)
    return np.bincount(np.asarray(values)[rows].astype(np.int64), minlength=width)


def distance_to_training(dataset: Dataset, scheme: str = DEFAULT_SCHEME) -> pd.DataFrame:
    """One row per survey outside training: row, split, km to the nearest training survey.

    Presence-only records and sites without a position are left out; empty without training surveys.
    """
    lon, lat = (dataset.sites[c].to_numpy(np.float64, na_value=np.nan) for c in ("lon", "lat"))
    split, placed = split_of(dataset, scheme), np.isfinite(lon) & np.isfinite(lat)
    training = np.flatnonzero((split == "train") & placed)
    others = np.flatnonzero(placed & ~np.isin(split, ("train", PRESENCE_ONLY, NO_SPLIT)))
    if not training.size or not others.size:
        return pd.DataFrame({"row": np.zeros(0, np.int64), "split": np.zeros(0, object), "km": np.zeros(0)})
    tree = cKDTree(unit_vectors(lon[training], lat[training]))
    distance, _ = tree.query(unit_vectors(lon[others], lat[others]))
    return pd.DataFrame({"row": others, "split": split[others], "km": great_circle_km(distance)})
