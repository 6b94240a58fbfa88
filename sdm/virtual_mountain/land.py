"""What is true of a site: relief, stands, the cover of each, and how each pixel differs from its mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from affine import Affine
from scipy import ndimage
from scipy.spatial import cKDTree

from sdm.geo.allocation import allocate
from sdm.geo.random_fields import field, generator
from sdm.virtual_mountain.parameters import LATENT, MOUNTAIN, Mountain, Site, band_table, covers, of_covers

_BEND_M, _BEND_RANGE_M = 18.0, 120.0  # of the borders of stands
_HILLS = 0.25  # standard deviation of hills, relative to that of the height


@dataclass(frozen=True)
class Land:
    """A site on its lattice of pixels (rows, columns), north up; float32 but for `stand` and `cover`."""

    site: Site
    mountain: Mountain
    seed: int
    height: np.ndarray  # m
    slope: tuple[np.ndarray, np.ndarray]  # rise per metre to the south and to the east
    stand: np.ndarray
    cover: np.ndarray  # index into `covers()`
    latents: np.ndarray  # (3, rows, columns), LATENT
    spring: np.ndarray  # days by which leaves unfold later than the cover's
    autumn: np.ndarray  # days by which they colour later
    snow_patches: np.ndarray  # mean 0, standard deviation 1

    @property
    def side(self) -> int:
        """Pixels."""
        return len(self.height)

    @property
    def transform(self) -> Affine:
        """From columns and rows to metres."""
        size = self.mountain.pixel_m
        return Affine(size, 0, self.site.left, 0, -size, self.site.top)

    def deviation(self, band: int) -> np.ndarray:
        """Logarithm of reflectance in band number `band` of BANDS, relative to the cover's mean."""
        sensitivity = np.array([band_table()[name][band] for name in LATENT], np.float32)
        return np.tensordot(sensitivity, self.latents, 1)


def make_land(site: Site, side: int, seed: int, mountain: Mountain = MOUNTAIN) -> Land:
    """The land of `site`, `side` pixels wide: a function of the seed alone."""
    shape, cell = (side, side), float(mountain.pixel_m)
    height = _height(site, shape, seed, mountain)
    stand = _stands(site, shape, seed, mountain)
    cover = _covers(site, height, stand, seed, mountain)
    rng = generator(seed, site.name, "latents")
    stands = _StandEffects(rng, stand, mountain)
    latents = np.stack([
        stands.draw(mountain.stand_sd) + mountain.within_sd * _within(rng, shape, mountain) for _ in LATENT
    ])  # fmt: skip
    south, east = np.gradient(ndimage.gaussian_filter(height, 1.0), cell)
    above = (height - mountain.datum_m) / 100
    late = [
        lapse * above + stands.draw(sd) + mountain.within_days_sd * _within(rng, shape, mountain)
        for lapse, sd in (
            (mountain.lapse_days, mountain.spring_sd), (mountain.lapse_autumn_days, mountain.autumn_sd),
        )
    ]  # fmt: skip
    patches = field(rng, shape, cell, mountain.snow_range_m)
    return Land(site, mountain, seed, height, (south, east), stand, cover, latents, late[0], late[1], patches)


def _height(site: Site, shape: tuple[int, int], seed: int, mountain: Mountain) -> np.ndarray:
    """Height above the sea with the mean and the standard deviation of the site."""
    rng, cell = generator(seed, site.name, "relief"), float(mountain.pixel_m)
    rise = field(rng, shape, cell, mountain.relief_range_m, 1.5) + _HILLS * field(rng, shape, cell, 400.0, 1.5)
    rise = (rise - rise.mean()) / rise.std()
    return np.asarray(site.height_m + site.height_sd_m * rise, np.float32)


def _stands(site: Site, shape: tuple[int, int], seed: int, mountain: Mountain) -> np.ndarray:
    """Numbers of the cells of a Voronoi mosaic of uneven density with bent borders."""
    rng, cell = generator(seed, site.name, "stands"), float(mountain.pixel_m)
    density = np.exp(mountain.stand_spread * field(rng, shape, cell, 600.0))
    chance = density / density.mean() * cell**2 / mountain.stand_m2
    seeds = np.argwhere(rng.random(shape) < chance).astype(np.float32)
    bend = [_BEND_M / cell * field(rng, shape, cell, _BEND_RANGE_M, 1.5) for _ in range(2)]
    position = np.stack([axis + shift for axis, shift in zip(np.indices(shape), bend, strict=True)], -1)
    nearest = cKDTree(seeds).query(position.reshape(-1, 2))[1]
    return np.unique(nearest, return_inverse=True)[1].reshape(shape)


def _covers(site: Site, height: np.ndarray, stand: np.ndarray, seed: int, mountain: Mountain) -> np.ndarray:
    """The cover of each pixel: by stand, such that each cover has its share of the site."""
    rng = generator(seed, site.name, "covers")
    area = np.bincount(stand.ravel()).astype(float)
    planted = field(rng, stand.shape, float(mountain.pixel_m), mountain.planted_range_m)
    mean_height, mean_planted = (np.bincount(stand.ravel(), part.ravel()) / area for part in (height, planted))
    fit = -0.5 * ((mean_height[:, None] - of_covers("height_m")) / of_covers("tolerance_m")) ** 2
    scores = fit + mean_planted[:, None] * of_covers("planted")
    shares = np.array([cover.shares[site.name] for cover in covers()])
    chosen = allocate(scores + 0.6 * rng.gumbel(size=scores.shape), area, shares / shares.sum())
    return chosen.astype(np.uint8)[stand]


class _StandEffects:
    """Draws numbers for the stands: partly alike in stands near each other, partly each stand's own."""

    def __init__(self, rng: np.random.Generator, stand: np.ndarray, mountain: Mountain) -> None:
        self._rng, self._stand, self._mountain = rng, stand, mountain
        self._size = np.bincount(stand.ravel())

    def draw(self, sd: float) -> np.ndarray:
        """One number per stand, mean 0, standard deviation `sd`, on the lattice."""
        mountain, rng = self._mountain, self._rng
        wide = field(rng, self._stand.shape, float(mountain.pixel_m), mountain.structure_range_m)
        shared = np.bincount(self._stand.ravel(), wide.ravel()) / self._size
        shared /= max(float(shared.std()), 1e-6)
        own = rng.standard_normal(len(self._size))
        share = mountain.structure_share
        effect = sd * (np.sqrt(share) * shared + np.sqrt(1 - share) * own)
        return np.asarray(effect.astype(np.float32)[self._stand])


def _within(rng: np.random.Generator, shape: tuple[int, int], mountain: Mountain) -> np.ndarray:
    """What varies within stands, standard deviation 1."""
    return field(rng, shape, float(mountain.pixel_m), mountain.within_range_m)
