"""The values of a pixel, once or date by date, or the mean of an image, against those of its class in training."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from sdm.analysis.sampling import evenly, portions
from sdm.data.dataset import Dataset, TargetKind, Targets
from sdm.data.survey import Dossier
from sdm.modalities import MODALITIES, Modality
from sdm.modalities.raster_bands import family_of, raster_band
from sdm.number_format import number

MOST_BYTES, MOST_SITES = 200 << 20, 100_000  # of training sites read
MOST_VALUES, BINS = (
    12,
    5,
)  # of a number: so many values are groups each, else bins
SPREAD = (0.1, 0.9)


@dataclass(frozen=True)
class GroupSpectra:
    """What the training sites of each group show, in physical units: mean, low and high end of `SPREAD` (G, B).

    Of series (G, B, steps). NaN where no site of the group has a value.

    `keys` are stable names: class ids, or a number's bounds; `edges` (G + 1,) those bounds, empty for classes.
    """

    keys: tuple[str, ...]
    titles: tuple[str, ...]
    sites: tuple[int, ...]
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    edges: np.ndarray

    def group_of(self, survey: Dossier) -> str | None:
        """The key of the survey's own group; None where nothing is known of it, or of its group."""
        if not survey.known:
            return None
        if len(self.edges):
            inside = survey.target is not None and self.edges[0] <= survey.target <= self.edges[-1]
            return self.keys[_bin(self.edges, np.array([survey.target]))[0]] if inside else None
        ids = [str(one.class_id) for one in survey.recorded]
        return next((key for key in ids if key in self.keys), None)


def fit_spectra(dataset: Dataset, rows: np.ndarray, modality: str) -> GroupSpectra:
    """The spectra of `rows`, the training split, by class or by the number known; DataError where none has it."""
    row, targets = MODALITIES[modality], dataset.targets
    keys, titles, code, edges = target_groups(targets)
    most = max(1, min(MOST_SITES, MOST_BYTES // (4 * int(np.prod(row.shape)))))
    chosen = evenly(dataset, rows[targets.known[rows]], modality, most)
    values = np.concatenate([profiles(part, row) for part in portions(dataset, chosen, modality)])
    statistics = np.full((3, len(keys), *values.shape[1:]), np.nan)
    sites = np.zeros(len(keys), int)
    for group in np.unique(code[chosen]):
        own = values[code[chosen] == group]
        own = own[np.isfinite(own).reshape(len(own), -1).any(axis=1)]
        sites[group] = len(own)
        if len(own):
            statistics[:, group] = _spread(own)
    return GroupSpectra(keys, titles, tuple(sites.tolist()), statistics[0], statistics[1], statistics[2], edges)


def _spread(values: np.ndarray) -> tuple[np.ndarray, ...]:
    """Mean and ends of `SPREAD` of the known values along the first axis."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of what no site knows: it stays unknown
        return np.nanmean(values, axis=0), *np.nanquantile(values, SPREAD, axis=0)


def profiles(values: np.ndarray, modality: Modality) -> np.ndarray:
    """What sites are compared by: all of a series, (n, band, step) in physical units, else `channel_means`."""
    if family_of(modality.name) == "series":
        return modality.to_physical(values).astype(np.float64)
    return channel_means(values, modality)


def target_groups(targets: Targets) -> tuple[tuple[str, ...], tuple[str, ...], np.ndarray, np.ndarray]:
    """Keys and titles of the groups, the group of each site, and the bounds of a number's groups, none of classes.

    Sites of several classes belong to all of them: there they are one group.
    """
    if targets.kind is TargetKind.MULTICLASS:
        classes = targets.classes
        plain = classes["title"].astype(str) if "title" in classes else [""] * len(classes)
        named = zip(classes["name"].astype(str), plain, strict=True)
        titles = tuple(f"{name} {title}".strip() for name, title in named)
        return tuple(map(str, targets.class_ids)), titles, np.asarray(targets.values, int), np.zeros(0)
    if targets.kind is TargetKind.REGRESSION and targets.known.any():
        values = np.asarray(targets.values, float)
        edges = _edges(values[targets.known])
        bounds = [f"{number(low)} to {number(high)}" for low, high in pairwise(edges)]
        return tuple(bounds), tuple(bounds), _bin(edges, values), edges
    return ("all",), ("all training sites",), np.zeros(len(targets.known), int), np.zeros(0)


def channel_means(values: np.ndarray, modality: Modality) -> np.ndarray:
    """(n, band): `values` (n, *shape) in physical units, of images the mean of each band's known pixels."""
    physical = modality.to_physical(values).astype(np.float64)
    if physical.ndim == 2:
        return physical
    flat = physical.reshape(*physical.shape[:2], -1)
    known = np.isfinite(flat)
    total = np.where(known, flat, 0).sum(axis=2)
    return np.divide(total, known.sum(axis=2), out=np.full(total.shape, np.nan), where=known.any(axis=2))


def spectrum_table(
    values: np.ndarray, modality: Modality, groups: GroupSpectra | None, own: str | None, other: str | None
) -> pd.DataFrame:
    """One row per band, those with a wavelength by it: band, title, wavelength_nm, unit, value; own_mean, own_low,
    own_high and other_mean, other_low, other_high of the groups of these keys, NaN without one."""
    rows = [raster_band(name) for name in modality.channels]
    table = pd.DataFrame({
        "band": modality.channels,
        "title": modality.channel_titles,
        "wavelength_nm": np.array([row.wavelength_nm for row in rows], float),
        "unit": modality.units,
        "value": channel_means(values[None], modality)[0],
    })  # fmt: skip
    table = table.assign(**group_columns(groups, own, other))
    return table.sort_values("wavelength_nm", kind="stable", na_position="last", ignore_index=True)


def group_columns(
    groups: GroupSpectra | None, own: str | None, other: str | None
) -> dict[str, np.ndarray | float]:
    """Columns own_mean, own_low, own_high and other_mean, other_low, other_high, NaN without such a group."""
    columns: dict[str, np.ndarray | float] = {}
    for prefix, key in (("own", own), ("other", other)):
        place = groups.keys.index(key) if groups is not None and key in groups.keys else None
        for name in ("mean", "low", "high"):
            columns[f"{prefix}_{name}"] = np.nan if place is None else getattr(groups, name)[place].ravel()
    return columns


def _edges(values: np.ndarray) -> np.ndarray:
    """Bounds of the groups of a number; distinct values lie in the middle of groups of their own where few."""
    distinct = np.unique(values[np.isfinite(values)])
    if 1 < len(distinct) <= MOST_VALUES:
        middles = (distinct[:-1] + distinct[1:]) / 2
        return np.array([distinct[0], *middles, distinct[-1]])
    edges = np.unique(np.quantile(distinct, np.linspace(0, 1, BINS + 1)))
    return edges if len(edges) > 1 else np.array([edges[0], edges[0] + 1])


def _bin(edges: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The group of each value; those beyond the bounds belong to the outermost ones."""
    return np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
