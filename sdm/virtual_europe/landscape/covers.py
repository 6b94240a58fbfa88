"""The land of single pixels: communes, parcels and covers, of windows one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from sdm.virtual_europe.landscape.claims import Claimant
from sdm.virtual_europe.landscape.communes import Communes, communes
from sdm.virtual_europe.landscape.ground import Ground, compute_nodes, ground
from sdm.virtual_europe.landscape.lattice import PIXEL, Windows, field
from sdm.virtual_europe.landscape.parcels import Parcels, fields

_TOGETHER = 8  # batches of windows


@dataclass(frozen=True)
class Land:
    """The land of N pixels: communes, parcels, cover (N,) uint8, height as a field of unit variance.

    `inside` holds of water, and of snow where it occurs, how far their claims exceed what was needed, (N,);
    negative outside.
    """

    pixels: Windows
    seed: int
    communes: Communes
    ground: Ground
    parcels: Parcels
    cover: np.ndarray
    inside: dict[str, np.ndarray]
    height: np.ndarray


def land(pixels: Windows, seed: int) -> Land:
    """The land of pixels: the same for each whatever pixels it is computed with.

    The last single window is remembered, and one that lies within it is cut from it: a survey made on request asks
    for the land of its patch, of its Landsat pixel and of its own pixel. `ground.nodes` may then hold more nodes.
    """
    wide = _Wide.now
    if wide is not None and wide.seed == seed and _within(pixels, wide.pixels):
        return wide if pixels.size == wide.pixels.size else _cut(wide, pixels)
    made = computed_land(pixels, seed)
    if len(pixels.west) == 1 and 1 < pixels.size <= _Wide.largest:
        _Wide.now = made
    return made


def lands(batches: list[Windows], seed: int) -> Iterator[Land]:
    """The land of one batch of windows after the other; what is smooth is computed of some of them at once."""
    if len(batches) == 1:
        yield land(batches[0], seed)
        return
    for start in range(0, len(batches), _TOGETHER):
        some = batches[start : start + _TOGETHER]
        of = [communes(pixels, seed) for pixels in some]
        compute_nodes(zip(some, of, strict=True))
        for pixels, own in zip(some, of, strict=True):
            yield _land_of(pixels, seed, own)


class _Wide:
    """The land of the last single window of more than one pixel; replaced as a whole, for threads."""

    largest = 128  # pixels a side
    now: Land | None = None


def _within(pixels: Windows, wide: Windows) -> bool:
    """Whether a single window lies in another one."""
    if len(pixels.west) != 1:
        return False
    room = wide.size - pixels.size
    return 0 <= pixels.west[0] - wide.west[0] <= room and 0 <= pixels.north[0] - wide.north[0] <= room


def _cut(wide: Land, pixels: Windows) -> Land:
    """The part of `wide` that `pixels` are."""
    size = wide.pixels.size
    row, column = int(pixels.north[0] - wide.pixels.north[0]), int(pixels.west[0] - wide.pixels.west[0])
    at = np.arange(size**2).reshape(size, size)[row : row + pixels.size, column : column + pixels.size].ravel()
    of = replace(wide.communes, **{name: getattr(wide.communes, name)[at] for name in _COMMUNES_OF_PIXELS})
    parcels = replace(wide.parcels, **{name: getattr(wide.parcels, name)[at] for name in _PARCELS_OF_PIXELS})
    part = replace(wide.ground, cell=wide.ground.cell[at], weight=wide.ground.weight[:, at])
    inside = {name: values[at] for name, values in wide.inside.items()}
    return Land(pixels, wide.seed, of, part, parcels, wide.cover[at], inside, wide.height[at])


_COMMUNES_OF_PIXELS = ("of", "east", "south", "border")
_PARCELS_OF_PIXELS = ("of", "across", "along", "edge")


def computed_land(pixels: Windows, seed: int) -> Land:
    """The land of pixels, nothing remembered."""
    return _land_of(pixels, seed, communes(pixels, seed))


def _land_of(pixels: Windows, seed: int, of: Communes) -> Land:
    around = ground(pixels, of)
    size = (around.nodes.parcel / PIXEL).astype(np.float32)[around.seat]
    parcels = fields(of, size, field(pixels, "bend", seed, (32, 16, 8), 0.6))
    height = field(pixels, "height", seed, (128, 64, 32, 16), 0.55)
    claimed = Claimant(pixels, seed, of, around, parcels, height)
    cover, inside = claimed.all()
    return Land(pixels, seed, of, around, parcels, cover, inside, height)
