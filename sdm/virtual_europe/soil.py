"""Soils: reaction, texture and nutrients from parent rock, climate and relief."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from sdm.geo.noise import fractal, fractals
from sdm.geo.projections import laea_km
from sdm.geo.tables import read_columns


@dataclass(frozen=True)
class Soil:
    """pH in water; clay and sand as shares 0..1; nutrients 0 poor .. 1 rich; stones 0..1 by volume."""

    reaction: np.ndarray
    clay: np.ndarray
    sand: np.ndarray
    nutrients: np.ndarray
    stones: np.ndarray


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Logistic function, safe for large |x|."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)))


@lru_cache(maxsize=1)
def _outcrops() -> tuple[np.ndarray, ...]:
    """Centres x, y in km, half axes, cosines and sines of the turns, shifts of pH, sand, clay; (R,) each."""
    rock = read_columns("rocks", Path(__file__).with_name("tables"))
    turn = np.radians(rock["angle"])
    place = (*laea_km(rock["lon"], rock["lat"]), rock["length"], rock["breadth"], np.cos(turn), np.sin(turn))
    return *place, rock["reaction"], rock["sand"], rock["clay"]


def _parent(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shifts of pH, sand and clay by parent rock at (x, y) km; borders of outcrops are ragged."""
    bend_x, bend_y = fractals(x, y, ("outcrop x", "outcrop y"), 60, 4)
    bent_x, bent_y = x + 12 * bend_x, y + 12 * bend_y
    cx, cy, length, breadth, cos, sin, *effects = _outcrops()
    dx, dy = bent_x[:, None] - cx, bent_y[:, None] - cy
    along, across = (dx * cos + dy * sin) / length, (dy * cos - dx * sin) / breadth
    inside = np.exp(-((along**2 + across**2) ** 2))
    weight = np.maximum(inside.sum(axis=1) + 0.35, 1)
    ph, sand, clay = ((inside * effect).sum(axis=1) / weight for effect in effects)
    return ph, sand, clay


def soil(
    lon: np.ndarray, lat: np.ndarray, elevation: np.ndarray, slope: np.ndarray, temperature: np.ndarray,
    supply: np.ndarray,
) -> Soil:  # fmt: skip
    """Soil at degrees; `supply` is summer rain over summer evaporation (about 0.1 arid .. 2.5 perhumid)."""
    x, y = laea_km(lon, lat)
    rock_ph, rock_sand, rock_clay = _parent(x, y)
    leaching = np.log(np.clip(supply, 0.1, 3) / 0.6)
    podzol = sigmoid((4.5 - temperature) / 1.3)
    local = 0.32 * fractal(x, y, "soil ph", 30, 4, 0.7) + 0.28 * fractal(x, y, "soil ph local", 0.6, 3, 0.8)
    reaction = 6.25 - 0.62 * leaching - 0.75 * podzol + 1.15 * rock_ph + local
    reaction -= 0.12 * elevation / 1000
    sand = 0.42 + rock_sand + 0.14 * podzol + 0.10 * fractal(x, y, "sand", 45, 4, 0.7)
    sand = np.clip(sand, 0.06, 0.94)
    clay_share = 0.40 + 0.8 * rock_clay + 0.10 * fractal(x, y, "clay", 35, 4, 0.7) - 0.08 * podzol
    clay = (1 - sand) * np.clip(clay_share, 0.12, 0.8)
    reaction = np.clip(reaction - 0.9 * (sand - 0.42), 3.4, 8.5)
    fertile = -0.35 + 3.2 * (clay - 0.22) - 0.45 * np.abs(reaction - 6.8) - 0.5 * podzol
    fertile += 0.35 * rock_ph * (rock_clay > 0.05) - 0.035 * slope - 0.35 * elevation / 1000
    nutrients = sigmoid(1.5 * fertile + 0.6 + 0.45 * fractal(x, y, "nutrients", 4, 4, 0.8))
    stones = np.clip(0.04 + 0.018 * slope + 0.06 * elevation / 1000 + 0.05 * rock_sand, 0.01, 0.75)
    return Soil(reaction, clay, sand, nutrients, stones)
