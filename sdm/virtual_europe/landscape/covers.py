"""The land cover of single pixels: claims of smooth fields and of parcels, in the shares the land asks for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.geo.hashing import combine, normal, stream
from sdm.virtual_europe.landscape.communes import Communes, communes, seats
from sdm.virtual_europe.landscape.ground import Ground, ground
from sdm.virtual_europe.landscape.lattice import PIXEL, Windows, child_key, field, high_bits
from sdm.virtual_europe.landscape.parcels import Parcels, fields
from sdm.virtual_europe.place import COVERS


@dataclass(frozen=True)
class Claim:
    """How a cover takes its ground: in parcels, or by a field of `cells` (pixels) that leans on the relief.

    `by_height` is the field's correlation with height, `by_water` that with water where the sea is near.
    """

    cells: tuple[int, ...] = ()
    by_height: float = 0.0
    by_water: float = 0.0
    straight: bool | None = False  # None: along parcels where the commune is farmed


# In the order in which they claim; the first ones follow the land, the last one fills what is left. Water has no
# fine octaves: ponds of a pixel or two are rarer than noise would make them.
CLAIMS: dict[str, Claim] = {
    "water": Claim((128, 64, 32), by_height=-0.3),
    "snow and ice": Claim((64, 32, 16, 8), by_height=0.7),
    "rock and scree": Claim((64, 32, 16, 8, 4), by_height=0.6),
    "sand and dune": Claim((32, 16, 8), by_water=1.0),
    "built-up": Claim((64, 32), straight=True),
    "wetland": Claim((64, 32, 16, 8), by_height=-0.5),
    "alpine sward": Claim((64, 32, 16), by_height=0.3),
    "conifer forest": Claim((64, 32, 16, 8), straight=None),
    "broadleaf forest": Claim((64, 32, 16, 8), straight=None),
    "heath": Claim((64, 32, 16), straight=None),
    "shrub": Claim((32, 16, 8, 4), straight=None),
    "vineyard and orchard": Claim(straight=True),
    "dry grassland": Claim(straight=True),
    "arable": Claim(straight=True),
    "meadow": Claim(straight=True),
}
INDEX = {name: COVERS.index(name) for name in CLAIMS}
FARMED = tuple(INDEX[name] for name in ("arable", "meadow", "vineyard and orchard", "dry grassland"))
WATER = INDEX["water"]
_LEAST = 0.004  # smaller shares are left out
_ALIKE = 0.6  # correlation of the draws of neighbouring parcels
_SEASIDE = 1.5  # km over which sand keeps to the shore
_RIVER_CELLS, _RIVER_WIDTH = (512, 256, 128), 0.035  # in units of the field's deviation


@dataclass(frozen=True)
class Land:
    """The land of N pixels: communes, parcels, cover (N,) uint8, height and water as fields of unit variance.

    `inside` holds, for each cover that occurs, how far the claim exceeds what was needed (N,), negative outside.
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
    of = Communes(**{name: getattr(wide.communes, name)[at] for name in vars(wide.communes)})
    around = wide.ground
    part = Ground(around.nodes, around.seat[at], around.corner[:, at], around.weight[:, at])
    parcels = Parcels(**{name: getattr(wide.parcels, name)[at] for name in vars(wide.parcels)})
    inside = {name: values[at] for name, values in wide.inside.items()}
    return Land(pixels, wide.seed, of, part, parcels, wide.cover[at], inside, wide.height[at])


def computed_land(pixels: Windows, seed: int) -> Land:
    """The land of pixels, nothing remembered."""
    of = communes(pixels, seed)
    around = ground(pixels, of)
    size = around.of_commune((around.nodes.parcel / PIXEL).astype(np.float32))
    parcels = fields(of, size, field(pixels, "bend", seed, (32, 16, 8), 0.6))
    height = field(pixels, "height", seed, (128, 64, 32, 16), 0.55)
    claimed = _Claimant(pixels, seed, of, around, parcels, height)
    cover, inside = claimed.all()
    return Land(pixels, seed, of, around, parcels, cover, inside, height)


class _Claimant:
    """The covers of pixels, claimed one after the other."""

    def __init__(
        self, pixels: Windows, seed: int, of: Communes, around: Ground, parcels: Parcels, height: np.ndarray
    ) -> None:
        self._pixels, self._seed, self._around, self._height = pixels, seed, around, height
        self._farmed = high_bits(child_key(of.key, 5)) < around.of_commune(
            around.nodes.cover[:, FARMED].sum(axis=1)
        )
        # A parcel is judged by the ground at its middle.
        own, first, self._parcel = np.unique(parcels.key, return_index=True, return_inverse=True)
        east, south = seats(of.column[first], of.row[first], seed)
        column = np.rint(east + parcels.middle_east[first]).astype(np.int64)
        row = np.rint(south + parcels.middle_south[first]).astype(np.int64)
        self._anchors, self._own = Windows(column, row), own
        self._seaside = around.smooth(np.exp(-around.nodes.coast / _SEASIDE))
        self._water = self._wet = np.zeros(len(pixels), np.float32)

    def all(self) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        *first, last = CLAIMS
        cover = np.full(len(self._pixels), INDEX[last], np.uint8)
        free = np.ones(len(cover), bool)
        left = np.ones(len(cover), np.float32)
        inside: dict[str, np.ndarray] = {}
        for name in first:
            around = self._around.nodes.cover[:, INDEX[name]]
            if name != "water" and around.max() < 0.99 * _LEAST:
                continue
            share = self._around.smooth(around)
            wanted = np.where(share < _LEAST, np.float32(0), share)
            if wanted.any() or name == "water":  # rivers flow wherever there is land
                inside[name] = self._surplus(name, wanted / np.maximum(left, 1e-3))
                taken = free & (inside[name] > 0)
                np.copyto(cover, INDEX[name], where=taken, casting="unsafe")
                free ^= taken
            left = left - wanted
        return cover, inside

    def _surplus(self, name: str, chance: np.ndarray) -> np.ndarray:
        """How far the field of a cover lies beyond what claims `chance` of the ground, (N,) float32."""
        level = self._level(name, CLAIMS[name])
        if name == "water":
            self._water, self._wet = level, chance
        elif name == "sand and dune":  # of the shore first what lies next to the water
            chance = chance + self._seaside * self._wet * (1 - chance)
        surplus = np.where(chance > 0, level + _quantile(chance), np.float32(-9))
        return np.asarray(np.maximum(surplus, self._river()) if name == "water" else surplus)

    def _level(self, name: str, claim: Claim) -> np.ndarray:
        """A field of unit variance that says where a cover comes first, (N,) float32."""
        along_parcels = self._level_of_parcels(name, claim) if claim.straight is not False else None
        if claim.straight and along_parcels is not None:
            return along_parcels
        own = field(self._pixels, name, self._seed, claim.cells, 0.6)
        level = _mixed(own, self._height, np.float32(claim.by_height))
        if claim.by_water:
            level = _mixed(level, self._water, np.float32(0.98) * self._seaside)
        return level if along_parcels is None else np.where(self._farmed, along_parcels, level)

    def _level_of_parcels(self, name: str, claim: Claim) -> np.ndarray:
        cells, alike = (claim.cells, 0.97) if claim.cells else ((128, 64), _ALIKE)
        around = field(self._anchors, name, self._seed, cells, 0.6)
        own = normal(combine(self._own.view(np.int64), stream(name)), "draw").astype(np.float32)
        return np.asarray(_mixed(own, around, np.float32(alike))[self._parcel])

    def _river(self) -> np.ndarray:
        """How far a pixel lies within a river: along the zero line of a field, uneven in width."""
        course = field(self._pixels, "river", self._seed, _RIVER_CELLS, 0.5)
        wide = np.maximum(field(self._pixels, "river width", self._seed, (1024, 64), 0.4), 0)
        return np.asarray(8 * (np.float32(_RIVER_WIDTH) * wide - np.abs(course)))


def _quantile(share: np.ndarray) -> np.ndarray:
    """The standard normal quantile of shares, good to 0.004 (Winitzki 2008), float32."""
    share = np.clip(share, np.float32(1e-6), np.float32(1 - 1e-6))
    log = np.log(4 * share * (1 - share))
    half = log / 2
    half += np.float32(2 / (np.pi * 0.147))
    size = half * half
    size -= np.divide(log, np.float32(0.147), out=log)
    np.sqrt(size, out=size)
    size -= half
    np.sqrt(np.maximum(size, 0, out=size), out=size)
    size *= np.float32(np.sqrt(2))
    return np.copysign(size, share - np.float32(0.5))


def _mixed(own: np.ndarray, other: np.ndarray, correlation: np.ndarray | np.floating) -> np.ndarray:
    """A field of unit variance that has this correlation with `other`."""
    return np.asarray(own * np.sqrt(1 - correlation**2) + other * correlation)
