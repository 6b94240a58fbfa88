"""Rows gathered by pixel, sorted by date, and cut or filled up to a series of equal length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sdm.modalities.raster_bands import MONTHS
from sdm.series.dates import UNKNOWN
from sdm.series.options import ReadOptions
from sdm.series.report import Tally
from sdm.series.rows import Rows

DIGITS = 6  # of a rounded position: a tenth of a metre


@dataclass(frozen=True)
class Gathered:
    """Series of N pixels, from north to south within a group: positions, values (N, bands, MONTHS) and more.

    `day` (N, MONTHS): days since 1970, UNKNOWN where a step has no date; `dates` (N,): steps with one.
    `label`, `point`: numbers, -1 for none. `rows`: how many were used.
    """

    group: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    values: np.ndarray
    day: np.ndarray
    dates: np.ndarray
    label: np.ndarray
    point: np.ndarray
    rows: int


def gather(
    rows: Rows, group: np.ndarray, exact: np.ndarray, options: ReadOptions, tally: Tally, files: Sequence[str]
) -> Gathered:
    """The series of `rows`; those of different `group` (R,) are never of one pixel.

    `exact` (R,): positions that are compared as they stand. `files`: names, to say where a problem lies.
    Features are taken out of `rows`: they need not be there twice.
    """
    pixel = _pixels(rows, group, exact)
    valued = np.zeros(len(rows), bool)
    for column in rows.values.values():
        valued |= np.isfinite(column)
    dated = rows.day != UNKNOWN
    _note(tally, "no_value", rows, np.flatnonzero(dated & ~valued), files)
    _note_lost(rows, pixel, dated & valued, tally)
    used = np.flatnonzero(dated & valued)
    order = used[np.lexsort((rows.line[used], rows.file[used], rows.day[used], pixel[used]))]
    first = _first(pixel[order])
    label, point = (_of_pixel(part[order], first) for part in (rows.label, rows.point))
    _note_classes(rows, label, order, first, tally)
    order = _without_repeats(rows, pixel, order, options, tally, files)
    order, step = _steps(rows, pixel, order, tally, files)
    return _series(rows, group, pixel, order, step, (label[0], point[0]), tally)


def _pixels(rows: Rows, group: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """int64: a number per pixel, ascending by group, then from north to south, then from west to east."""
    lon, lat = (np.where(exact, axis, np.round(axis, DIGITS)) for axis in (rows.lon, rows.lat))
    west, column = np.unique(lon, return_inverse=True)
    south, row = np.unique(lat, return_inverse=True)
    return (group.astype(np.int64) * len(south) + (len(south) - 1 - row)) * len(west) + column


def _first(pixel: np.ndarray) -> np.ndarray:
    """Where the rows of each pixel begin."""
    return np.flatnonzero(np.diff(pixel, prepend=-1))


def _of_pixel(codes: np.ndarray, first: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The number that a pixel's rows share, else -1; whether they differ; whether only some have one."""
    if not len(codes):
        none = np.zeros(0, bool)
        return codes, none, none
    highest = np.maximum.reduceat(codes, first)
    lowest = np.minimum.reduceat(np.where(codes < 0, np.iinfo(codes.dtype).max, codes), first)
    differ = (highest >= 0) & (lowest != highest)
    some = (highest >= 0) & (np.minimum.reduceat(codes, first) < 0)
    return np.where(differ, -1, highest), differ, some


def _note_classes(
    rows: Rows,
    label: Sequence[np.ndarray],
    order: np.ndarray,
    first: np.ndarray,
    tally: Tally,
) -> None:
    for kind, which in (("two_classes", label[1]), ("class_of_some", label[2])):
        places = order[first[which]]
        tally.add(kind, len(places), (_place(rows, place) for place in places))


def _without_repeats(
    rows: Rows, pixel: np.ndarray, order: np.ndarray, options: ReadOptions, tally: Tally, files: Sequence[str]
) -> np.ndarray:
    """`order` without second rows of a date, and of a month where only one is wanted."""
    same = _like_before(pixel[order]) & _like_before(rows.day[order])
    again = np.flatnonzero(same)
    equal = np.ones(len(again), bool)
    for column in rows.values.values():
        one, other = column[order[again]], column[order[again - 1]]
        equal &= (one == other) | (np.isnan(one) & np.isnan(other))
    _note(tally, "repeated_row", rows, order[again[equal]], files)
    _note(tally, "other_values", rows, order[again[~equal]], files)
    order = order[~same]
    if not options.one_a_month:
        return order
    later = _like_before(pixel[order]) & _like_before(_months(rows.day[order]))
    _note(tally, "month_twice", rows, order[later], files)
    return order[~later]


def _steps(
    rows: Rows, pixel: np.ndarray, order: np.ndarray, tally: Tally, files: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """`order` cut to MONTHS of each pixel, and the step of each row."""
    first = _first(pixel[order])
    step = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
    _note(tally, "cut", rows, order[step >= MONTHS], files)
    return order[step < MONTHS], step[step < MONTHS]


def _series(
    rows: Rows, group: np.ndarray, pixel: np.ndarray, order: np.ndarray, step: np.ndarray,
    codes: tuple[np.ndarray, np.ndarray], tally: Tally,
) -> Gathered:  # fmt: skip
    first = _first(pixel[order])
    number = np.zeros(len(order), np.int64)
    number[first[1:]] = 1
    place = np.cumsum(number) * MONTHS + step
    values = np.full((len(first), len(rows.values), MONTHS), np.nan, np.float32)
    for i, band in enumerate(list(rows.values)):
        flat = np.full(len(first) * MONTHS, np.nan, np.float32)
        flat[place] = rows.values.pop(band)[order]
        values[:, i] = flat.reshape(-1, MONTHS)
    day = np.full(len(first) * MONTHS, UNKNOWN, np.int32)
    day[place] = rows.day[order]
    dates = np.diff(np.append(first, len(order)))
    tally.add("padded", int((dates < MONTHS).sum()))
    head = order[first]
    return Gathered(
        group[head], rows.lon[head], rows.lat[head], values, day.reshape(-1, MONTHS), dates, *codes, len(order)
    )


def _months(day: np.ndarray) -> np.ndarray:
    """Months since 1970."""
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _like_before(values: np.ndarray) -> np.ndarray:
    """bool: equal to the value before."""
    return np.concatenate([np.zeros(min(len(values), 1), bool), values[1:] == values[:-1]])


def _note(tally: Tally, kind: str, rows: Rows, which: np.ndarray, files: Sequence[str]) -> None:
    tally.add(kind, len(which), (f"{files[rows.file[row]]}:{rows.line[row]}" for row in which))


def _note_lost(rows: Rows, pixel: np.ndarray, usable: np.ndarray, tally: Tally) -> None:
    """Note the pixels none of whose rows is usable."""
    if usable.all():
        return
    numbers, first = np.unique(pixel, return_index=True)
    lost = first[~np.isin(numbers, pixel[usable])]
    tally.add("no_valid_month", len(lost), (_place(rows, row) for row in lost))


def _place(rows: Rows, row: int) -> str:
    return f"{rows.lon[row]:.6f} {rows.lat[row]:.6f}"
