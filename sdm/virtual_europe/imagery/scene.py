"""Inputs of the painters of one patch: the site, its relief, its parcels and its random fields."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from sdm.virtual_europe.imagery.fields import (
    CENTRE,
    CENTRE_INDEX,
    COLUMNS,
    HEIGHT,
    PATCHES,
    PIXEL,
    REGION,
    ROWS,
    SIZE,
    draw_fields,
    stream,
)
from sdm.virtual_europe.imagery.parcels import Parcels, cut_blocks
from sdm.virtual_europe.imagery.season import soil_spectra, summer_drought, sward_spectra
from sdm.virtual_europe.place import COVERS, Places

_LANDSCAPE, _YEAR = 1, 3  # purposes of the random streams
_DEGREE = 100_000  # positions are told apart to a metre
_LEVEL = 0.7  # degrees; flatter land shows no shading


@dataclass(frozen=True)
class Site:
    """One place as plain numbers (see `Places` for units), with its drought, soil and sward of the summer."""

    lon: float
    lat: float
    key: int
    elevation: float
    slope: float
    aspect: float
    coast: float
    moisture: float
    reaction: float
    sand: float
    nutrients: float
    disturbance: float
    parcel: float
    roads: float
    centre: int
    cover: np.ndarray  # (15,)
    drought: float
    soil: np.ndarray  # (4,) reflectance x 10,000
    sward: np.ndarray  # (4,)

    @property
    def ground(self) -> int:
        """Key of the landscape: the position alone, so that it outlasts the year of the survey."""
        east, north = round((self.lon + 180.0) * _DEGREE), round((self.lat + 90.0) * _DEGREE)
        return east << 32 | north

    def share(self, cover: str) -> float:
        """Share of `cover` in the surroundings, 0..1."""
        return float(self.cover[COVERS.index(cover)])


def sites(places: Places) -> Iterator[Site]:
    """The places one by one."""
    drought = summer_drought(places)
    columns = {f.name: getattr(places, f.name).tolist() for f in fields(Site) if hasattr(places, f.name)}
    columns |= {
        "cover": places.cover,
        "drought": drought.tolist(),
        "soil": soil_spectra(places)[:, :4],
        "sward": sward_spectra(places, drought)[:, :4],
    }
    for values in zip(*columns.values(), strict=True):
        yield Site(**dict(zip(columns, values, strict=True)))


@dataclass(frozen=True)
class Scene:
    """Inputs of the painters; arrays per pixel are flat, (4096,), row by row from the north-west."""

    site: Site
    random: np.random.Generator  # draws the lasting landscape
    yearly: np.random.Generator  # draws what passes: season, crops, mowing, the sensor
    fields: np.ndarray  # (6, 4096), rows named in fields.py
    height: np.ndarray  # m above the survey
    shade: np.ndarray  # sunlight relative to level ground
    parcels: Parcels
    seaward: np.ndarray  # pixels towards the sea or the lee
    season: float  # 0 mid May .. 1 mid September

    def noise(self, field: int, at: np.ndarray) -> np.ndarray:
        """One of the random fields at the pixels `at`, (n,)."""
        return self.fields[field].take(at)

    def per_parcel(self, at: np.ndarray) -> np.ndarray:
        """A uniform draw per parcel and year, spread to the pixels `at`."""
        return self.yearly.random(self.parcels.count, dtype=np.float32).take(self.parcels.ident.take(at))


def set_scene(site: Site) -> Scene:
    """Return the inputs of one patch, before any cover is placed."""
    random, yearly = stream(site.ground, _LANDSCAPE), stream(site.key, _YEAR)
    noise = draw_fields(random)
    height, shade = _relief(site, noise)
    season = float(np.clip(yearly.normal(0.5, 0.22), 0.0, 1.0))
    parcels = _field_pattern(site, random, noise[PATCHES])
    return Scene(site, random, yearly, noise, height, shade, parcels, _seaward(random), season)


def _seaward(random: np.random.Generator) -> np.ndarray:
    """Distance from the survey in a drawn direction, bent to a bay or a cape, pixels, (4096,)."""
    angle = random.uniform(0.0, 2 * np.pi)
    out = math.cos(angle) * (COLUMNS - CENTRE) + math.sin(angle) * (ROWS - CENTRE)
    along = math.cos(angle) * (ROWS - CENTRE) - math.sin(angle) * (COLUMNS - CENTRE)
    return out + random.uniform(-0.012, 0.012) * (along + random.uniform(-20.0, 20.0)) ** 2


def _relief(site: Site, noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Height above the survey (m) and sunlight relative to level ground."""
    tilt, towards = math.tan(math.radians(site.slope)), math.radians(site.aspect)
    east, north = (COLUMNS - CENTRE) * PIXEL, (CENTRE - ROWS) * PIXEL
    plane = -tilt * (east * math.sin(towards) + north * math.cos(towards))
    ridges = -np.abs(noise[HEIGHT] + 0.25 * noise[REGION])
    rough = (1.0 + 20.0 * tilt) * noise[HEIGHT] + 160.0 * tilt * ridges + 8.0 * tilt * noise[PATCHES]
    height = plane + rough
    level = site.slope < _LEVEL
    shade = np.ones_like(height) if level else _hillshade(height.reshape(SIZE, SIZE), site.lat).ravel()
    return height - height[CENTRE_INDEX], shade


def _hillshade(height: np.ndarray, lat: float) -> np.ndarray:
    """Direct sun at 10:30 in summer with some sky light, 1 on level ground."""
    zenith, azimuth = math.radians(min(max(lat - 12.0, 25.0), 58.0)), math.radians(150.0)
    to_south, to_east = np.gradient(height, PIXEL)
    facing = (to_south * math.cos(azimuth) - to_east * math.sin(azimuth)) * math.tan(zenith)
    direct = (1.0 + facing) / np.sqrt(1.0 + to_east**2 + to_south**2)
    return np.clip(0.15 + 0.85 * direct, 0.18, 1.7)


def _field_pattern(site: Site, random: np.random.Generator, bend: np.ndarray) -> Parcels:
    """Parcels of the size usual there; old small ones bend with the land, prairies are straight."""
    width = np.clip(site.parcel / PIXEL * random.uniform(0.55, 0.9), 4.0, 60.0)
    elongation = random.uniform(1.2, 3.0)
    wobble = random.uniform(0.0, 1.2) if site.parcel < 300.0 else 0.1
    size = np.clip(2.5 * width, 22.0, 70.0)
    return cut_blocks(random, size, width, width * elongation, wobble * bend)
