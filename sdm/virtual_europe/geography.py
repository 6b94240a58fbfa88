"""`places`: all variables of a survey's place, a pure function of (seed, place, year)."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from sdm.errors import DataError
from sdm.geo.coastline import EAST, NORTH, SOUTH, WEST, coast_distance
from sdm.geo.hashing import place_key
from sdm.geo.noise import fractal
from sdm.geo.projections import laea_km
from sdm.geo.regions import town_density
from sdm.geo.relief import Relief, relief
from sdm.virtual_europe import cover as covers
from sdm.virtual_europe.normals import normals
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.soil import Soil, sigmoid, soil

_AT_ONCE = 4096  # places whose intermediate arrays fit into the cache
# What standing on a cover does to a plot, in the order of COVERS: soil water (log-odds), pH, nutrients,
# disturbance.
_CENTRE_EFFECTS = np.array([
    (0.3, -0.2, 0.05, 0.10),   # broadleaf forest
    (0.1, -0.6, -0.12, 0.10),  # conifer forest
    (-0.3, 0.0, -0.05, 0.15),  # shrub
    (-0.9, 0.3, -0.18, 0.22),  # dry grassland
    (0.5, 0.1, 0.12, 0.38),    # meadow
    (0.0, 0.2, 0.28, 0.86),    # arable
    (-0.4, 0.2, 0.15, 0.66),   # vineyard and orchard
    (2.1, -0.2, -0.02, 0.08),  # wetland
    (-0.1, -0.8, -0.28, 0.12), # heath
    (0.2, 0.0, -0.15, 0.10),   # alpine sward
    (-1.0, 0.1, -0.30, 0.30),  # rock and scree
    (0.5, 0.0, -0.40, 0.30),   # snow and ice
    (-1.3, 0.6, -0.28, 0.32),  # sand and dune
    (3.0, 0.2, 0.10, 0.05),    # water
    (-0.4, 0.4, 0.20, 0.90),   # built-up
])  # fmt: skip


def water_supply(
    temperature: np.ndarray, seasonality: np.ndarray, precipitation: np.ndarray, summer_rain: np.ndarray
) -> np.ndarray:
    """Rain over potential evaporation of the growing season: about 0.1 arid, 0.8 balanced, 2.5 perhumid.

    Evaporation after Holdridge (1959): 58.93 mm per degree of the mean of monthly temperatures above 0 °C.
    """
    ratio = np.clip(-temperature / seasonality, -1, 1)
    warmth = (temperature * np.arccos(ratio) + seasonality * np.sqrt(1 - ratio**2)) / np.pi
    return np.asarray(precipitation * summer_rain / (0.72 * 58.93 * np.maximum(warmth, 0) + 80))


def places(lon: np.ndarray, lat: np.ndarray, year: np.ndarray | int, seed: int) -> Places:
    """The places of N surveys, float64 arrays.

    `lon`, `lat` in degrees count to 1e-6. Sea and land outside Europe are answered too, without meaning.
    Raises `DataError` for positions outside the mapped window.
    """
    lon, lat = np.round(np.atleast_1d(lon).astype(float), 6), np.round(np.atleast_1d(lat).astype(float), 6)
    year = np.broadcast_to(np.asarray(year, np.int64), lon.shape)
    _check_window(lon, lat)
    starts = range(0, max(len(lon), 1), _AT_ONCE)
    parts = [_few(lon[i : i + _AT_ONCE], lat[i : i + _AT_ONCE], year[i : i + _AT_ONCE], seed) for i in starts]
    if len(parts) == 1:
        return parts[0]
    return Places(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Places)})


def _few(lon: np.ndarray, lat: np.ndarray, year: np.ndarray, seed: int) -> Places:
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
    cover = covers.mixture(site)
    centre = covers.standing(lon, lat, cover, seed)
    local = _local(lon, lat, ground, earth, supply, centre)
    return Places(
        lon=lon, lat=lat, year=year, key=place_key(seed, lon, lat, year), elevation=ground.elevation,
        slope=ground.slope, aspect=ground.aspect, coast=coast, temperature=climate.temperature,
        seasonality=climate.seasonality, precipitation=climate.precipitation, summer_rain=climate.summer_rain,
        clay=earth.clay, sand=earth.sand, cover=cover, centre=centre, **local,
        parcel=_parcel(lon, lat, ground, climate.seasonality, earth), roads=_roads(lon, lat, belt, ground),
    )  # fmt: skip


def _check_window(lon: np.ndarray, lat: np.ndarray) -> None:
    outside = ~((lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH))
    if outside.any():
        i = int(np.argmax(outside))
        raise DataError(
            "position outside the virtual Europe",
            expected=f"longitude {WEST:g}..{EAST:g}, latitude {SOUTH:g}..{NORTH:g}",
            got=f"({lon[i]:g}, {lat[i]:g})",
            remedy=f"Choose a place of latitude {SOUTH:g} to {NORTH:g} and longitude {WEST:g} to {EAST:g}.",
        )


def _local(
    lon: np.ndarray, lat: np.ndarray, ground: Relief, earth: Soil, supply: np.ndarray, centre: np.ndarray
) -> dict[str, np.ndarray]:
    """What the plot itself adds to its landscape: moisture, reaction, nutrients and disturbance."""
    x, y = laea_km(lon, lat)
    water, ph, rich, trampled = _CENTRE_EFFECTS[centre].T
    sun = np.cos(np.radians(ground.aspect - 190)) * np.sin(np.radians(ground.slope))
    moisture = 1.35 * np.log(np.clip(supply, 0.05, 4)) + water + 0.45 * ground.hollow - 1.6 * sun
    moisture += 1.5 * (earth.clay - 0.25) + 0.4 * fractal(x, y, "wet", 0.5, 3, 0.9)
    fine = fractal(x, y, "plot", 0.2, 2, 0.9)
    return {
        "moisture": sigmoid(moisture),
        "reaction": np.clip(earth.reaction + ph + 0.22 * fine, 3.2, 8.6),
        "nutrients": np.clip(earth.nutrients + rich + 0.06 * fractal(x, y, "rich", 0.3, 2, 0.9), 0, 1),
        "disturbance": np.clip(trampled + 0.10 * fractal(x, y, "use", 0.4, 2, 0.9), 0, 1),
    }


def _parcel(lon: np.ndarray, lat: np.ndarray, ground: Relief, seasonality: np.ndarray, earth: Soil) -> np.ndarray:
    x, y = laea_km(lon, lat)
    prairie = sigmoid((seasonality - 11.2) / 0.8) * earth.nutrients * sigmoid((lon - 20) / 4)
    log_size = np.log(150) + 1.1 * prairie - 0.045 * ground.slope + 0.4 * fractal(x, y, "parcel", 60, 4, 0.7)
    return np.asarray(np.clip(np.exp(log_size - 0.25 * np.exp(-(((lat - 41) / 4) ** 2))), 40, 600))


def _roads(lon: np.ndarray, lat: np.ndarray, belt: np.ndarray, ground: Relief) -> np.ndarray:
    x, y = laea_km(lon, lat)
    pull = -1.2 + 1.6 * np.minimum(belt, 1.6) + 0.8 * fractal(x, y, "roads", 6, 4, 0.8)
    return sigmoid(pull - 0.06 * ground.slope - ground.elevation / 1500)
