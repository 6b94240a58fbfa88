"""The labelled pixels or images of one site: where they lie, in which polygon, and what their values hash to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sdm.jobs import Report
from sdm.rasters.duplicates import CoarseBands, digests
from sdm.rasters.images import find_images
from sdm.rasters.pixels import NONE, PixelFinder
from sdm.rasters.squares import neighbours, read_squares
from sdm.rasters.stack import RasterStack


@dataclass(frozen=True)
class Samples:
    """Upper left `row` and `column`, number of the `polygon`, hash of the values, and values of coarse bands."""

    row: np.ndarray
    column: np.ndarray
    polygon: np.ndarray
    digest: np.ndarray
    coarse: np.ndarray

    def __len__(self) -> int:
        return len(self.row)

    def take(self, rows: np.ndarray) -> Samples:
        """Those of `rows` (positions or a mask)."""
        return Samples(self.row[rows], self.column[rows], self.polygon[rows], self.digest[rows], self.coarse[rows])


@dataclass
class Found:
    """How many samples are wholly inside a polygon, across a border, where polygons overlap, or lack a value."""

    inside: int = 0
    border: int = 0
    overlap: int = 0
    missing: int = 0


def pixel_samples(
    stacks: Sequence[RasterStack], finder: PixelFinder, coarse: CoarseBands, report: Report, name: str
) -> tuple[Samples, Found]:
    """The pixels of a site that lie in one polygon and have every value in every stack, window by window."""
    found, parts = Found(), [_empty(len(coarse.positions))]
    windows = list(stacks[0].windows(common_side(stacks)))
    for number, window in enumerate(windows):
        report(number, len(windows), name)
        pixels = finder.find(window)
        row, column = np.nonzero(pixels.polygon != NONE)
        found.border, found.overlap = found.border + pixels.border, found.overlap + pixels.overlap
        found.inside += len(row)
        if not len(row):
            continue
        values = [stack.read(window)[:, row, column].T for stack in stacks]
        whole = np.isfinite(np.concatenate(values, axis=1)).all(axis=1)
        found.missing += int((~whole).sum())
        first = values[0][whole]
        place = row[whole] + int(window.row_off), column[whole] + int(window.col_off)
        polygon = pixels.polygon[row, column][whole]
        parts.append(Samples(*place, polygon, digests(first), first[:, coarse.positions]))
    report(len(windows), len(windows), name)
    return _joined(parts), found


def image_samples(
    stacks: Sequence[RasterStack], polygons: np.ndarray, sides: tuple[int, int], report: Report, name: str
) -> tuple[Samples, Found]:
    """The images of a site that lie in one polygon and have every value; `sides`: their pixels, and stride."""
    row, column, polygon = find_images(polygons, *sides)
    whole, digest = np.zeros(len(row), bool), np.zeros(len(row), np.uint64)
    read = 0
    for near in neighbours(row, column):
        report(read, len(row), name)
        values = [read_squares(stack, row[near], column[near], sides[0]) for stack in stacks]
        whole[near] = np.all([np.isfinite(part).all(axis=(1, 2, 3)) for part in values], axis=0)
        digest[near] = digests(values[0])
        read += len(near)
    samples = Samples(row, column, polygon, digest, np.empty((len(row), 0), np.float32))
    return samples.take(whole), Found(len(row), missing=int((~whole).sum()))


def common_side(stacks: Sequence[RasterStack]) -> int:
    """Pixels along a window in which all stacks are read."""
    return min(stack.window_side for stack in stacks)


def _empty(coarse: int) -> Samples:
    whole = np.empty(0, np.int64)
    return Samples(whole, whole, np.empty(0, np.int32), np.empty(0, np.uint64), np.empty((0, coarse), np.float32))


def _joined(parts: Sequence[Samples]) -> Samples:
    columns = ("row", "column", "polygon", "digest", "coarse")
    return Samples(*(np.concatenate([getattr(part, name) for part in parts]) for name in columns))
