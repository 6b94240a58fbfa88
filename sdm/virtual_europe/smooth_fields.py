"""What is smooth about a place: relief, climate, soil, shares of covers, field size and roads, at any position."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from sdm.geo.coastline import coast_distance, is_land
from sdm.geo.noise import fractal
from sdm.geo.projections import laea_km
from sdm.geo.regions import town_density
from sdm.geo.relief import Relief, relief
from sdm.virtual_europe import cover as covers
from sdm.virtual_europe.normals import normals
from sdm.virtual_europe.place import COVERS
from sdm.virtual_europe.soil import Soil, sigmoid, soil

_AT_ONCE = 1024  # places whose intermediate arrays fit into the cache


@dataclass(frozen=True)
class Macro:
    """N places, arrays of length N; units as in `Places`, before what the cover does."""

    lon: np.ndarray
    lat: np.ndarray
    elevation: np.ndarray
    slope: np.ndarray
    aspect: np.ndarray
    coast: np.ndarray
    temperature: np.ndarray
    seasonality: np.ndarray
    precipitation: np.ndarray
    summer_rain: np.ndarray
    wetness: np.ndarray  # log-odds of soil water before the cover's effects
    reaction: np.ndarray
    clay: np.ndarray
    sand: np.ndarray
    nutrients: np.ndarray
    parcel: np.ndarray
    roads: np.ndarray

    def __len__(self) -> int:
        return len(self.lon)

    @property
    def moisture(self) -> np.ndarray:
        """Soil water of the growing season where no cover changes it, 0..1."""
        return sigmoid(self.wetness)


@dataclass(frozen=True)
class Landscape(Macro):
    """The same with the shares of covers in the landscape of each place."""

    cover: np.ndarray  # (N, len(COVERS)), rows sum to 1


def macro(lon: np.ndarray, lat: np.ndarray) -> Macro:
    """The smooth part of the land at degrees."""
    parts = [vars(_few(*some)[0]) for some in _runs(lon, lat)]
    return Macro(**{f.name: np.concatenate([part[f.name] for part in parts]) for f in fields(Macro)})


def landscape(lon: np.ndarray, lat: np.ndarray) -> Landscape:
    """The same with the covers, in half as much time again; the sea is water from shore to shore."""
    parts = []
    for some in _runs(lon, lat):
        here, site = _few(*some)
        cover = covers.mixture(site)
        cover[~is_land(*some)] = np.eye(len(COVERS))[COVERS.index("water")]
        parts.append(vars(here) | {"cover": cover})
    return Landscape(**{f.name: np.concatenate([part[f.name] for part in parts]) for f in fields(Landscape)})


def _runs(lon: np.ndarray, lat: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The places in runs of `_AT_ONCE`, one of none where there are none."""
    for start in range(0, max(len(lon), 1), _AT_ONCE):
        yield lon[start : start + _AT_ONCE], lat[start : start + _AT_ONCE]


def road_density(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """The roads of `macro` alone, in a third of the time, (N,)."""
    ground, (_, belt) = relief(lon, lat, coast_distance(lon, lat)), town_density(lon, lat)
    return _roads(lon, lat, belt, ground)


def water_supply(
    temperature: np.ndarray, seasonality: np.ndarray, precipitation: np.ndarray, summer_rain: np.ndarray
) -> np.ndarray:
    """Rain over potential evaporation of the growing season: about 0.1 arid, 0.8 balanced, 2.5 perhumid.

    Evaporation after Holdridge (1959): 58.93 mm per degree of the mean of monthly temperatures above 0 °C.
    """
    ratio = np.clip(-temperature / seasonality, -1, 1)
    warmth = (temperature * np.arccos(ratio) + seasonality * np.sqrt(1 - ratio**2)) / np.pi
    return np.asarray(precipitation * summer_rain / (0.72 * 58.93 * np.maximum(warmth, 0) + 80))


def _few(lon: np.ndarray, lat: np.ndarray) -> tuple[Macro, covers.Site]:
    """Places at degrees, and what their covers depend on."""
    coast = coast_distance(lon, lat)
    ground = relief(lon, lat, coast)
    climate = normals(lon, lat, coast, ground.elevation)
    supply = water_supply(climate.temperature, climate.seasonality, climate.precipitation, climate.summer_rain)
    earth = soil(lon, lat, ground.elevation, ground.slope, climate.temperature, supply)
    town, belt = town_density(lon, lat)
    site = covers.Site(
        lon, lat, ground.elevation, ground.slope, ground.hollow, coast, climate.temperature, climate.seasonality,
        climate.summer_rain, supply, town, earth,
    )  # fmt: skip
    here = Macro(
        lon=lon, lat=lat, elevation=ground.elevation, slope=ground.slope, aspect=ground.aspect, coast=coast,
        temperature=climate.temperature, seasonality=climate.seasonality, precipitation=climate.precipitation,
        summer_rain=climate.summer_rain, wetness=_wetness(lon, lat, ground, earth, supply),
        reaction=earth.reaction, clay=earth.clay, sand=earth.sand, nutrients=earth.nutrients,
        parcel=_parcel(lon, lat, ground, climate.seasonality, earth), roads=_roads(lon, lat, belt, ground),
    )  # fmt: skip
    return here, site


def _wetness(lon: np.ndarray, lat: np.ndarray, ground: Relief, earth: Soil, supply: np.ndarray) -> np.ndarray:
    x, y = laea_km(lon, lat)
    sun = np.cos(np.radians(ground.aspect - 190)) * np.sin(np.radians(ground.slope))
    wet = 1.35 * np.log(np.clip(supply, 0.05, 4)) + 0.45 * ground.hollow - 1.6 * sun
    return np.asarray(wet + 1.5 * (earth.clay - 0.25) + 0.4 * fractal(x, y, "wet", 0.5, 3, 0.9))


def _parcel(lon: np.ndarray, lat: np.ndarray, ground: Relief, seasonality: np.ndarray, earth: Soil) -> np.ndarray:
    x, y = laea_km(lon, lat)
    prairie = sigmoid((seasonality - 11.2) / 0.8) * earth.nutrients * sigmoid((lon - 20) / 4)
    log_size = np.log(150) + 1.1 * prairie - 0.045 * ground.slope + 0.4 * fractal(x, y, "parcel", 60, 4, 0.7)
    return np.asarray(np.clip(np.exp(log_size - 0.25 * np.exp(-(((lat - 41) / 4) ** 2))), 40, 600))


def _roads(lon: np.ndarray, lat: np.ndarray, belt: np.ndarray, ground: Relief) -> np.ndarray:
    x, y = laea_km(lon, lat)
    pull = -1.2 + 1.6 * np.minimum(belt, 1.6) + 0.8 * fractal(x, y, "roads", 6, 4, 0.8)
    return sigmoid(pull - 0.06 * ground.slope - ground.elevation / 1500)
