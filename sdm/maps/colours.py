"""Colour coding of surveys on the map."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.sparse import issparse

from sdm.data.dataset import DEFAULT_SCHEME, Dataset, TargetKind, Targets
from sdm.data.record_types import BACKGROUND, PLOTS, RECORDS, presence_only
from sdm.data.splits import split_title
from sdm.data.targets import richness
from sdm.errors import UnknownNameError
from sdm.maps.class_colours import STEPS, class_colours

GREY, FAINT = "#8A948F", 110  # of what is only background, and its opacity of 255
# Okabe & Ito (2008); later ones are drawn on top.
SPLITS = {
    "po": GREY,
    "": GREY,
    "buffer": "#B9A46A",
    "train": "#0072B2",
    "selection": "#F0E442",
    "validation": "#E69F00",
    "test": "#D55E00",
    "test_near": "#D55E00",
    "test_far": "#B8478F",
}
OTHER = "#56B4E9"
MOST_CODES = 255  # colours beside grey that a code of one byte tells apart
CYCLE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A8580", "#B9A46A")


@dataclass(frozen=True)
class Colouring:
    """`code` uint8 (N,) per site; `colours` and `labels` per code; higher codes lie on top."""

    code: np.ndarray
    colours: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def palette(self) -> np.ndarray:
        """uint8 (C, 4): red, green, blue, opacity; what is grey stays in the background."""
        opaque = [FAINT if colour == GREY else 255 for colour in self.colours]
        rgb = [[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in self.colours]
        return np.array([[*c, a] for c, a in zip(rgb, opaque, strict=True)], np.uint8)

    def legend(self, keep: np.ndarray | None = None) -> list[tuple[str, str, int]]:
        """(label, colour, surveys) of what is shown, none without surveys."""
        code = self.code if keep is None else self.code[keep]
        counts = np.bincount(code, minlength=len(self.labels)).tolist()
        return [entry for entry in zip(self.labels, self.colours, counts, strict=True) if entry[2]]


def colouring(dataset: Dataset, by: str) -> Colouring:
    """Colours of `dataset`'s sites by "split", "source", "record", "country" or "target"."""
    if by not in COLOURINGS:
        raise UnknownNameError("unknown colouring", expected=", ".join(COLOURINGS), got=by)
    return COLOURINGS[by](dataset)


def _by_split(dataset: Dataset) -> Colouring:
    column = f"split_{DEFAULT_SCHEME}"
    scheme = column if column in dataset.sites else f"split_{(*dataset.schemes, 'none')[0]}"
    if scheme not in dataset.sites:
        return Colouring(np.zeros(len(dataset), np.uint8), (OTHER,), ("survey",))
    names_found, number = _names(dataset.sites[scheme])
    names = [*SPLITS, *sorted(set(names_found) - set(SPLITS))]
    code = np.array([names.index(name) for name in names_found], np.uint8)[number]
    return Colouring(code, tuple(SPLITS.get(name, OTHER) for name in names), tuple(map(split_title, names)))


def _by_column(dataset: Dataset, column: str) -> Colouring:
    """The commonest seven values each with a colour, the rest grey and below."""
    names, number = _names(dataset.sites[column], "unknown")
    sizes = np.bincount(number, minlength=len(names))
    common = [i for i in np.argsort(-sizes, kind="stable").tolist() if sizes[i]][: len(CYCLE) - 1][::-1]
    code = np.zeros(len(names), np.uint8)
    code[common] = np.arange(1, len(common) + 1)
    colours = (GREY, *(CYCLE[: len(common)])[::-1])
    return Colouring(code[number], colours, ("other", *(names[i] for i in common)))


def _names(column: pd.Series, missing: str = "nan") -> tuple[list[str], np.ndarray]:
    """The names in a column and, per site, the place of its own: millions of sites have few of them."""
    values = pd.Categorical(column)
    return [*map(str, values.categories), missing], np.where(
        values.codes < 0, len(values.categories), values.codes
    )


def _by_class(targets: Targets) -> Colouring:
    """A colour of its own for each class, near those of its main type; beyond MOST_CODES the rarest are grey."""
    shades, values = class_colours(targets), np.where(targets.known, np.asarray(targets.values), 0)
    counts = np.bincount(values[targets.known], minlength=targets.width)
    chosen = np.sort(np.argsort(-counts, kind="stable")[:MOST_CODES])
    code_of = np.zeros(targets.width, np.uint8)
    code_of[chosen] = np.arange(1, len(chosen) + 1)
    labels = [shades.label[i] for i in chosen.tolist()]
    rest = "unknown" if len(chosen) == targets.width else "other"
    code = np.where(targets.known, code_of[values], 0).astype(np.uint8)
    return Colouring(code, (GREY, *(shades.colour[label] for label in labels)), (rest, *labels))


def _by_target(dataset: Dataset) -> Colouring:
    """Richness, class or value of the known targets."""
    targets = dataset.targets
    if targets.kind is TargetKind.MULTICLASS:
        return _by_class(targets)
    value = richness(dataset) if issparse(targets.values) else np.asarray(targets.values, float)
    known = targets.known & np.isfinite(value)
    if issparse(targets.values):
        known &= ~presence_only(dataset)  # one species each: they tell no richness, and would hide that of others
    edges = np.unique(np.quantile(value[known], np.linspace(0, 1, len(STEPS) + 1))) if known.any() else np.zeros(1)
    bins = np.clip(np.searchsorted(edges, value, side="right"), 1, max(1, len(edges) - 1))
    unit = "species" if issparse(targets.values) else targets.unit
    labels = [f"{low:.3g} to {high:.3g} {unit}" for low, high in pairwise(edges)] or ["value"]
    code = np.where(known, bins, 0).astype(np.uint8)
    return Colouring(code, (GREY, *STEPS[: len(labels)]), ("unknown", *labels))


def _by_record(dataset: Dataset) -> Colouring:
    """Records above plots, these above background sites, in colours that the ramps of maps do not have."""
    source = dataset.sites["source"].astype(str)
    names = (BACKGROUND, PLOTS, RECORDS)
    code = pd.Index(names).get_indexer(pd.Index(source)) + 1
    return Colouring(code.astype(np.uint8), (GREY, GREY, "#009E73", "#0072B2"), ("other", *names))


COLOURINGS = {
    "record": _by_record,
    "split": _by_split,
    "source": lambda dataset: _by_column(dataset, "source"),
    "country": lambda dataset: _by_column(dataset, "country"),
    "target": _by_target,
}
