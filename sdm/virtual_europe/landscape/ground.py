"""What is smooth about the land, known at the nodes of the communes' lattice and mixed in between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from threading import Lock
from typing import ClassVar

import numpy as np

from sdm.geo.projections import degrees_of_metres
from sdm.virtual_europe.landscape.communes import SPACING, Communes, numbered
from sdm.virtual_europe.landscape.lattice import PIXEL, Windows
from sdm.virtual_europe.place import COVERS
from sdm.virtual_europe.smooth_fields import Landscape, Macro, landscape


@dataclass(frozen=True)
class Ground:
    """The land around N pixels in B windows: M `nodes`, of which those around its cell are mixed per pixel."""

    nodes: Landscape
    seat: np.ndarray  # (K,) index of the node of each commune
    corner: np.ndarray  # (4, cells) indices of the nodes at the corners of cells, each window with its own
    windows: int  # B
    cell: np.ndarray  # (N,) which cell
    weight: np.ndarray  # (4, N) of the corners

    def smooth(self, values: np.ndarray, at: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Values of the nodes (M,) mixed per pixel, of those `at`, float32."""
        at_corners = values.astype(np.float32)[self.corner]
        cell = self.cell[at]
        total = at_corners[0].take(cell)
        total *= self.weight[0][at]
        part = np.empty_like(total)
        for i in (1, 2, 3):
            np.multiply(at_corners[i].take(cell, out=part, mode="clip"), self.weight[i][at], out=part)
            total += part
        return total

    def most(self, values: np.ndarray) -> np.ndarray:
        """The highest value of the nodes (M,) around each window, (B,)."""
        return np.asarray(values[self.corner].reshape(4, self.windows, -1).max(axis=(0, 2)))


def ground(pixels: Windows, communes: Communes) -> Ground:
    """The land around the pixels, each node computed once."""
    half = SPACING // 2
    columns, rows = ((line - half) // SPACING for line in (pixels.columns, pixels.rows))
    west, north = columns[:, :1], rows[:, :1]
    u = _share(pixels.spread_columns(pixels.columns - half - columns * SPACING))
    v = _share(pixels.spread_rows(pixels.rows - half - rows * SPACING))
    weight = np.stack([(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v])
    # Every window has a box of cells and one of nodes of its own; of nodes in several boxes one is computed.
    across = -(-(pixels.size - 1) // SPACING) + 1
    cell = np.repeat(np.arange(len(west)) * across**2, pixels.size**2)
    cell += pixels.spread_columns(columns - west) + across * pixels.spread_rows(rows - north)
    side = across + 3
    box, step = np.arange(len(west))[:, None, None] * side**2, np.arange(across) + 1
    corner = (box + step + side * step[:, None]).ravel() + np.array([[0], [1], [side], [side + 1]])
    window = communes.window
    seat = window * side**2 + communes.column - west[window, 0] + 1 + side * (communes.row - north[window, 0] + 1)
    used = np.zeros(len(west) * side**2, bool)
    used[corner[:, numbered(cell, corner.shape[1])[0]]] = used[seat] = True
    line = np.arange(side) - 1
    nodes, which = np.unique(
        _packed((west + line)[:, None], (north + line)[:, :, None]).ravel()[used], return_inverse=True
    )
    number = np.zeros(len(used), np.intp)
    number[used] = which
    return Ground(_known(nodes), number[seat], number[corner], len(west), cell, weight)


def compute_nodes(windows: Iterable[tuple[Windows, Communes]]) -> None:
    """Compute what is smooth around windows of up to `SPACING` pixels, all at once, for `ground` to find.

    Few nodes take as long as hundreds.
    """
    asked = []
    for pixels, communes in windows:
        ends = (line[:, [0, -1]] - SPACING // 2 for line in (pixels.columns, pixels.rows))
        column, row = (np.concatenate([end // SPACING, end // SPACING + 1], axis=1) for end in ends)
        asked += [_packed(column[:, None], row[:, :, None]).ravel(), _packed(communes.column, communes.row)]
    _known(np.unique(np.concatenate(asked)))


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
