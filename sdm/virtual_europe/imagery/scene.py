"""Inputs of the painters of a batch of patches: the land, its relief, random fields and the light of the year."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sdm.geo.hashing import stream
from sdm.virtual_europe.imagery.season import soil_spectra, summer_drought, sward_spectra
from sdm.virtual_europe.landscape.covers import Land
from sdm.virtual_europe.landscape.lattice import PIXEL, Windows, child_key, field, high_bits
from sdm.virtual_europe.soil import sigmoid

# Sizes in pixels and gain of the fields that painters share, from land forms to the texture of canopies.
_NOISE = {
    "region": ((64, 32, 16), 0.5), "patches": ((16, 8, 4, 2), 0.6), "texture": ((8, 4, 2, 1), 0.9),
    "mottle": ((4, 2), 0.5), "canopy": ((2, 1), 1.0),
}  # fmt: skip
_SUN_AZIMUTH = math.radians(150.0)  # 10:30 in summer
_FAR = 60.0  # pixels from any shore
_GENTLE = 0.015  # least steepness of the claim of water, per pixel
_SKY = 0.15  # share of the light that comes from the sky


@dataclass(frozen=True)
class Scene:
    """B windows of land in the years of their surveys; arrays per pixel are flat, (N,), window by window.

    `at` selects pixels throughout: an index array or a mask.
    """

    land: Land
    year: np.ndarray  # (B,)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_noise", {})

    def noise(self, name: str, at: np.ndarray | slice = slice(None)) -> np.ndarray:
        """One of the fields of `_NOISE` at some pixels."""
        held: dict[str, np.ndarray] = self._noise  # type: ignore[attr-defined]
        if name not in held:
            held[name] = field(self.land.pixels, name, self.land.seed, *_NOISE[name])
        return held[name][at]

    def of(self, values: np.ndarray, at: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Values of the nodes (M,) as of the communes of some pixels."""
        return np.asarray(values[self.land.ground.seat].take(self.land.communes.of[at]))

    def colour(self, spectra: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Spectra of the nodes (M, 6 or more) as the four bands of some pixels, (4, n)."""
        of_communes = np.ascontiguousarray(spectra[self.land.ground.seat, :4].T)
        return np.asarray(of_communes.take(self.land.communes.of[at], axis=1))

    def draw(
        self, name: str, at: np.ndarray | slice = slice(None), low: float = 0.0, high: float = 1.0
    ) -> np.ndarray:
        """A uniform number per commune, the same in all years, at some pixels."""
        return np.asarray(self.per_commune(name, low, high).take(self.land.communes.of[at]))

    def per_commune(self, name: str, low: float = 0.0, high: float = 1.0) -> np.ndarray:
        """The same as of the communes, (K,)."""
        return np.float32(low) + np.float32(high - low) * draw(self.land.communes.key, name)

    def per_parcel(self, name: str, at: np.ndarray) -> np.ndarray:
        """A uniform number per parcel and year."""
        return draw(child_key(self.land.parcels.key, self.years), name).take(self.land.parcels.of[at])

    @cached_property
    def years(self) -> np.ndarray:
        """Year of each parcel, int64."""
        return np.asarray(self.year.astype(np.int64)[self.land.communes.window[self.land.parcels.whole]])

    @cached_property
    def drought(self) -> np.ndarray:
        """Drought of a usual summer at the nodes, 0..1, (M,)."""
        return summer_drought(self.land.ground.nodes).astype(np.float32)

    @cached_property
    def soil(self) -> np.ndarray:
        """Bare soil at the nodes, reflectance x 10,000, (M, 6)."""
        return soil_spectra(self.land.ground.nodes)

    @cached_property
    def sward(self) -> np.ndarray:
        """Unmown grass at the nodes, (M, 6)."""
        return sward_spectra(self.land.ground.nodes, self.drought)

    @cached_property
    def images(self) -> tuple[np.ndarray, np.ndarray]:
        """Keys (T,) of the images in the mosaics, uint64, and which of them each pixel shows (N,)."""
        course = self.passing("acquisition", (1024, 256, 64), 0.35, self.land.pixels)
        level = np.floor(2.2 * course).astype(np.int64)
        levels = np.arange(level.min(), level.max() + 1)
        own = child_key(np.full(len(self.year), stream("acquisition"), np.uint64), self.year)
        window = np.repeat(np.arange(len(own)), self.land.pixels.size**2)
        return child_key(own[:, None], levels).ravel(), window * len(levels) + level - levels[0]

    @cached_property
    def season(self) -> np.ndarray:
        """Date of the image of each pixel, 0 mid May .. 1 mid September."""
        key, which = self.images
        first, second = draw(key, "date"), draw(key, "day")
        return np.clip(np.float32(0.5) + np.float32(0.54) * (first + second - 1), 0, 1)[which]

    def passing(self, name: str, cells: tuple[int, ...], gain: float, pixels: Windows) -> np.ndarray:
        """A field of each window's own year per pixel of `pixels`: haze, clouds, gaps."""
        return field(pixels, name, self.land.seed, cells, gain, self.year)

    @cached_property
    def tilt(self) -> tuple[np.ndarray, np.ndarray]:
        """Rise towards east and towards south of the land at large, m per m."""
        nodes, smooth = self.land.ground.nodes, self.land.ground.smooth
        steep, facing = np.tan(np.radians(nodes.slope)), np.radians(nodes.aspect)
        return smooth(-steep * np.sin(facing)), smooth(steep * np.cos(facing))

    @cached_property
    def slope(self) -> np.ndarray:
        """Steepness of the land at large, m per m."""
        return np.hypot(*self.tilt)

    @cached_property
    def height(self) -> np.ndarray:
        """m above the land at large: rougher where it is steep."""
        high = self.land.height
        ridges = -np.abs(high + np.float32(0.25) * self.noise("region"))
        return (1 + 20 * self.slope) * high + self.slope * (160 * ridges + 8 * self.noise("patches"))

    @cached_property
    def shade(self) -> np.ndarray:
        """Direct sun with some sky light, 1 on level ground."""
        east, south = self.gradient(self.height / np.float32(PIXEL))
        east, south = east + self.tilt[0], south + self.tilt[1]
        zenith = np.radians(np.clip(self.land.ground.smooth(self.land.ground.nodes.lat) - 12.0, 25.0, 58.0))
        facing = (south * math.cos(_SUN_AZIMUTH) - east * math.sin(_SUN_AZIMUTH)) * np.tan(zenith)
        direct = (1 + facing) / np.sqrt(1 + east**2 + south**2)
        return np.asarray(np.clip(_SKY + (1 - _SKY) * direct, 0.18, 1.7))

    @cached_property
    def shore(self) -> np.ndarray:
        """Pixels from the nearest shore, positive on water."""
        inside = self.land.inside.get("water")
        if inside is None:
            return np.full(len(self.land.pixels), -_FAR, np.float32)
        return np.clip(self.distance_from_zero(inside, _GENTLE), -_FAR, _FAR)

    def gradient(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Change per pixel towards east and south, central differences."""
        size = self.land.pixels.size
        grid = values.reshape(-1, size, size)
        south, east = np.gradient(grid, axis=(1, 2))
        return east.ravel(), south.ravel()

    def distance_from_zero(self, values: np.ndarray, least: float) -> np.ndarray:
        """Pixels to the zero line of a field, signed; `least` bounds its steepness per pixel from below."""
        return np.asarray(values / np.maximum(np.hypot(*self.gradient(values)), np.float32(least)))


def draw(key: np.ndarray, name: str) -> np.ndarray:
    """A uniform number in [0, 1) per key for the purpose `name`, float32."""
    return high_bits(child_key(key, stream(name)))


def step(value: np.ndarray, threshold: float, width: float) -> np.ndarray:
    """0 below the threshold, 1 above, a ramp of `width` between."""
    return np.clip((value - threshold) / width + 0.5, 0.0, 1.0)


__all__ = ["Scene", "draw", "sigmoid", "step"]
