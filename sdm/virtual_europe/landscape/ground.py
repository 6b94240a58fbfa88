"""What is smooth about the land, known at the nodes of the communes' lattice and mixed in between."""

from __future__ import annotations

from dataclasses import dataclass, fields
from threading import Lock
from typing import ClassVar

import numpy as np

from sdm.geo.projections import degrees_of_metres
from sdm.virtual_europe.landscape.communes import SPACING, Communes
from sdm.virtual_europe.landscape.lattice import PIXEL, Windows
from sdm.virtual_europe.macro import Landscape, Macro, landscape
from sdm.virtual_europe.place import COVERS


@dataclass(frozen=True)
class Ground:
    """The land around N pixels: M `nodes`; `corner` (4, N) and `weight` (4, N) mix them per pixel."""

    nodes: Landscape
    seat: np.ndarray  # (N,) index of the node of each pixel's commune
    corner: np.ndarray
    weight: np.ndarray

    def smooth(self, values: np.ndarray) -> np.ndarray:
        """Values of the nodes (M,) mixed per pixel, float32 (N,)."""
        values = values.astype(np.float32)
        total = values.take(self.corner[0])
        total *= self.weight[0]
        part = np.empty_like(total)
        for i in (1, 2, 3):
            np.multiply(values.take(self.corner[i], out=part, mode="clip"), self.weight[i], out=part)
            total += part
        return total

    def of_commune(self, values: np.ndarray) -> np.ndarray:
        """Values of the nodes (M,) as of each pixel's commune, (N,)."""
        return np.asarray(values[self.seat])


def ground(pixels: Windows, communes: Communes) -> Ground:
    """The land around the pixels, each node computed once."""
    half = SPACING // 2
    columns, rows = ((line - half) // SPACING for line in (pixels.columns, pixels.rows))
    u = _share(pixels.spread_columns(pixels.columns - half - columns * SPACING))
    v = _share(pixels.spread_rows(pixels.rows - half - rows * SPACING))
    # Every window has a box of nodes of its own, of which equal ones are computed once.
    side = -(-(pixels.size - 1) // SPACING) + 4
    window = np.repeat(np.arange(len(columns)), pixels.size**2) * side**2
    west, north = columns[:, :1] - 1, rows[:, :1] - 1
    at = window + pixels.spread_columns(columns - west) + side * pixels.spread_rows(rows - north)
    corners = [at, at + 1, at + side, at + side + 1]
    seat = window + communes.column - np.repeat(west, pixels.size**2)
    seat += side * (communes.row - np.repeat(north, pixels.size**2))
    used = np.zeros(len(columns) * side**2, bool)
    for where in (*corners, seat):
        used[where] = True
    box = np.arange(side)
    packed = _packed((west + box)[:, None], (north + box)[:, :, None]).ravel()[used]
    nodes, which = np.unique(packed, return_inverse=True)
    number = np.zeros(len(used), np.intp)
    number[used] = which
    weights = np.stack([(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v])
    return Ground(_known(nodes), number[seat], number[np.stack(corners)], weights)


def _share(offset: np.ndarray) -> np.ndarray:
    return (offset.astype(np.float32) + np.float32(0.5)) / np.float32(SPACING)


def _packed(column: np.ndarray, row: np.ndarray) -> np.ndarray:
    return np.asarray((column << np.int64(32)) + row)


_SMOOTH = [f.name for f in fields(Macro)]


class _Known:
    """Nodes computed of late: the row of each, by its packed position, in a table of what is smooth there."""

    most = 100_000  # nodes, of 264 bytes and as much for finding them
    lock = Lock()  # threads of one process share them
    row: ClassVar[dict[int, int]] = {}
    table = np.empty((0, len(_SMOOTH) + len(COVERS)))


def _known(nodes: np.ndarray) -> Landscape:
    """What is smooth at nodes (M,); those of the last calls are remembered until they are too many."""
    asked = nodes.tolist()
    with _Known.lock:
        new = [node for node in asked if node not in _Known.row]
        if len(_Known.row) + len(new) > _Known.most:
            _Known.row, new = {}, asked
        if new:
            _remember(new)
        values = _Known.table[[_Known.row[node] for node in asked]].T
    smooth, cover = np.split(values, [len(_SMOOTH)])
    return Landscape(**dict(zip(_SMOOTH, smooth, strict=True)), cover=cover.T)


def _remember(new: list[int]) -> None:
    """Compute nodes and append them to the table, whose room doubles where it is too small."""
    made = landscape(*_degrees(np.array(new)))
    start, stop = len(_Known.row), len(_Known.row) + len(new)
    if stop > len(_Known.table):
        room = np.empty((stop, _Known.table.shape[1]))  # doubles at least, as the rows before it stay
        _Known.table = np.concatenate([_Known.table[:start], room])
    _Known.table[start:stop] = np.column_stack([*(getattr(made, name) for name in _SMOOTH), made.cover])
    _Known.row.update(zip(new, range(start, stop), strict=True))


def _degrees(packed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of the nodes' middles."""
    row = ((packed + 2**31) % 2**32) - 2**31
    column = (packed - row) >> np.int64(32)
    return degrees_of_metres((column + 0.5) * SPACING * PIXEL, -(row + 0.5) * SPACING * PIXEL)
