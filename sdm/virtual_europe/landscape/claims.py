"""Claims of covers to pixels: by smooth fields and by parcels, in the shares the land asks for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.geo.hashing import combine, normal, stream
from sdm.virtual_europe.landscape.communes import Communes, seats
from sdm.virtual_europe.landscape.ground import Ground
from sdm.virtual_europe.landscape.lattice import Windows, child_key, field, high_bits
from sdm.virtual_europe.landscape.parcels import Parcels
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
_LAST = list(CLAIMS)[-1]
INDEX = {name: COVERS.index(name) for name in CLAIMS}
FARMED = tuple(INDEX[name] for name in ("arable", "meadow", "vineyard and orchard", "dry grassland"))
WATER = INDEX["water"]
_KEPT = "water", "snow and ice"  # how far a pixel lies within them is asked for later
_FEW = 0.8  # share of pixels up to which picking them pays
_LEAST = 0.004  # smaller shares are left out
_ALIKE = 0.6  # correlation of the draws of neighbouring parcels
_SEASIDE = 1.5  # km over which sand keeps to the shore
_RIVER_CELLS, _RIVER_WIDTH = (512, 256, 128), 0.035  # in units of the field's deviation


class Claimant:
    """The covers of N pixels, claimed one after the other; `at` selects the pixels that a cover may be given.

    They are those still free, in the windows that have some of the cover.
    """

    def __init__(
        self, pixels: Windows, seed: int, of: Communes, around: Ground, parcels: Parcels, height: np.ndarray
    ) -> None:
        self._pixels, self._seed, self._around, self._parcels, self._height = pixels, seed, around, parcels, height
        self._communes = of
        self._farmed = high_bits(child_key(of.key, 5)) < around.nodes.cover[:, FARMED].sum(axis=1)[around.seat]
        self._has_wild = np.zeros(len(pixels.west), bool)
        self._has_wild[of.window[~self._farmed]] = True
        # A parcel is judged by the ground at its middle.
        east, south = seats(of.column, of.row, seed)
        self._column = np.rint(east[parcels.whole] + parcels.middle_east).astype(np.int64)
        self._row = np.rint(south[parcels.whole] + parcels.middle_south).astype(np.int64)
        self._wet = np.zeros(len(pixels), np.float32)
        self._cover = np.full(len(pixels), INDEX[_LAST], np.uint8)
        self._free = np.ones(len(pixels), bool)
        self._left = np.ones(len(pixels), np.float32)
        self._inside = {"water": self._river()}

    def all(self) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Covers and `inside` of `Land`."""
        for name in CLAIMS:
            if name != _LAST:
                self._claim(name)
        return self._cover, self._inside

    def _claim(self, name: str) -> None:
        """Give a cover what it claims of the pixels that are left."""
        share = self._around.nodes.cover[:, INDEX[name]]
        windows = self._around.most(share) >= 0.99 * _LEAST
        if windows.any():
            if CLAIMS[name].by_water:  # the shore has some where its share is too small to count
                windows |= self._wet.reshape(len(windows), -1).any(axis=1)
            at = self._open_to(name, windows)
            around = self._around.smooth(share, at)
            wanted = np.where(around < _LEAST, np.float32(0), around)
            if wanted.any():
                left = self._left[at]
                surplus = self._surplus(name, wanted / np.maximum(left, np.float32(1e-3)), at, windows)
                self._left[at] = left - wanted
                if name in _KEPT:
                    inside = self._inside.setdefault(name, np.full(len(self._cover), np.float32(-9)))
                    inside[at] = np.maximum(inside[at], surplus)  # water lies in rivers and elsewhere
                if name != "water":
                    self._take(name, surplus, at)
        if name == "water":  # rivers flow wherever there is land
            self._take(name, self._inside[name], slice(None))

    def _open_to(self, name: str, windows: np.ndarray) -> np.ndarray | slice:
        """Pixels a cover may claim: free ones, and all of covers of which more is asked than where they are."""
        each = self._pixels.size**2
        all_of_them = name in _KEPT or bool(CLAIMS[name].by_water)
        open_ = np.repeat(windows, each) if all_of_them else self._free & np.repeat(windows, each)
        at = np.flatnonzero(open_)
        return at if len(at) < _FEW * len(open_) else slice(None)

    def _take(self, name: str, surplus: np.ndarray, at: np.ndarray | slice) -> None:
        taken = np.flatnonzero(self._free[at] & (surplus > 0))
        pixels = taken if isinstance(at, slice) else at[taken]
        self._cover[pixels], self._free[pixels] = INDEX[name], False

    def _surplus(self, name: str, chance: np.ndarray, at: np.ndarray | slice, windows: np.ndarray) -> np.ndarray:
        """How far the field of a cover lies beyond what claims `chance` of the ground, float32."""
        level = self._level(name, at, windows)
        if name == "water":
            self._wet[at] = chance
        if CLAIMS[name].by_water:  # of the shore first what lies next to the water
            seaside = self._around.smooth(np.exp(-self._around.nodes.coast / _SEASIDE), at)
            chance = chance + seaside * self._wet[at] * (1 - chance)
            level = _mixed(level, self._level("water", at, windows), np.float32(0.98) * seaside)
        return np.where(chance > 0, level + _quantile(chance), np.float32(-9))

    def _level(self, name: str, at: np.ndarray | slice, windows: np.ndarray) -> np.ndarray:
        """A field of unit variance that says where a cover comes first, float32."""
        claim = CLAIMS[name]
        if claim.straight is False:
            return self._level_of_field(name, at, windows)
        along_parcels = self._level_of_parcels(name, at)
        if claim.straight or not (windows & self._has_wild).any():
            return along_parcels
        own = self._level_of_field(name, at, windows & self._has_wild)
        return np.where(self._farmed.take(self._communes.of[at]), along_parcels, own)

    def _level_of_field(self, name: str, at: np.ndarray | slice, windows: np.ndarray) -> np.ndarray:
        """The same of some windows, by a field; 0 elsewhere."""
        claim, pixels = CLAIMS[name], self._pixels
        own = field(pixels.some(windows), name, self._seed, claim.cells, 0.6)
        if not windows.all():
            some, own = own, np.zeros((len(windows), pixels.size**2), np.float32)
            own[windows] = some.reshape(-1, own.shape[1])
        own = own.ravel()[at]
        return _mixed(own, self._height[at], np.float32(claim.by_height)) if claim.by_height else own

    def _level_of_parcels(self, name: str, at: np.ndarray | slice) -> np.ndarray:
        """The same by parcels: those of farmed communes, or of all where the cover keeps to parcels anyway."""
        claim, parcel = CLAIMS[name], self._parcels.of[at]
        cells, alike = (claim.cells, 0.97) if claim.cells else ((128, 64), _ALIKE)
        some = np.zeros(len(self._column), bool)
        some[parcel] = True
        if not claim.straight:
            some &= self._farmed[self._parcels.whole]
        around = field(Windows(self._column[some], self._row[some]), name, self._seed, cells, 0.6)
        own = normal(combine(self._parcels.key[some].view(np.int64), stream(name)), "draw").astype(np.float32)
        level = np.zeros(len(some), np.float32)
        level[some] = _mixed(own, around, np.float32(alike))
        return level.take(parcel)

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
