"""Phenology of each cover: shares of green plants, dry plants and ground through the year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.virtual_europe.imagery.spectra import MATERIALS
from sdm.virtual_europe.place import COVERS

SOIL, SWARD = "soil", "sward"  # ground and green that depend on the place, see season.py


@dataclass(frozen=True)
class Phenology:
    """One cover: a mixture of green plants, dry or leafless ones, and ground, modulated by season and snow.

    `closure` is the share of the ground that plants hide, `evergreen` the share of them green all year, `thirst`
    how far drought turns the rest dry, `start` the temperature (°C) at which half of it is green,
    `mast` the share of snow that stays hidden under tall plants, and `unrest` how much of the green mowing,
    grazing, harvest and weather can take in a summer.
    """

    green: str
    dry: str
    ground: str
    closure: float
    evergreen: float
    thirst: float
    start: float
    mast: float
    unrest: float


STATES: dict[str, Phenology] = {
    "broadleaf forest": Phenology("broadleaf", "broadleaf bare", SOIL, 0.95, 0.05, 0.15, 9.0, 0.45, 0.08),
    "conifer forest": Phenology("conifer", "pine", SOIL, 0.95, 0.9, 0.05, 4.0, 0.75, 0.06),
    "shrub": Phenology("evergreen shrub", "broadleaf bare", SOIL, 0.75, 0.55, 0.35, 6.5, 0.3, 0.15),
    "dry grassland": Phenology("poor grass", "straw", SOIL, 0.9, 0.3, 0.8, 5.5, 0.0, 0.4),
    "meadow": Phenology(SWARD, "hay", SOIL, 0.97, 0.5, 0.7, 4.5, 0.0, 0.7),
    "arable": Phenology("winter cereal", "stubble", SOIL, 0.95, 0.05, 0.2, 6.0, 0.0, 0.25),
    "vineyard and orchard": Phenology("vine", "broadleaf bare", SOIL, 0.55, 0.1, 0.1, 10.0, 0.0, 0.25),
    "wetland": Phenology("sedge", "sedge straw", "algal water", 0.85, 0.15, 0.1, 9.0, 0.0, 0.25),
    "heath": Phenology("heather", "bog moss", "peat", 0.9, 0.5, 0.4, 6.0, 0.05, 0.15),
    "alpine sward": Phenology("alpine grass", "straw", "gneiss", 0.8, 0.1, 0.2, 5.5, 0.0, 0.25),
    "rock and scree": Phenology("alpine grass", "straw", "limestone", 0.15, 0.1, 0.3, 6.0, 0.0, 0.15),
    "snow and ice": Phenology("alpine grass", "straw", "glacier ice", 0.0, 0.0, 0.0, 9.0, 0.0, 0.0),
    "sand and dune": Phenology("dune grass", "straw", "dry sand", 0.6, 0.2, 0.4, 6.0, 0.0, 0.2),
    "water": Phenology("algal water", "clear water", "clear water", 0.3, 0.1, 0.0, 8.0, 0.6, 0.6),
    "built-up": Phenology(SWARD, "broadleaf bare", "concrete", 0.45, 0.25, 0.4, 5.5, 0.3, 0.15),
    "cut-over": Phenology("poor grass", "broadleaf bare", SOIL, 0.55, 0.1, 0.3, 6.0, 0.0, 0.3),
    "burnt": Phenology("poor grass", "char", "char", 0.3, 0.1, 0.4, 6.0, 0.0, 0.3),
    "site": Phenology("poor grass", "gravel", "gravel", 0.1, 0.1, 0.3, 6.0, 0.0, 0.2),
}
STATE_NAMES = tuple(STATES)
STATE_INDEX = {name: index for index, name in enumerate(STATE_NAMES)}
assert STATE_NAMES[: len(COVERS)] == COVERS

# Share of an arable parcel green in winter, spring, summer, autumn, and its green and dry materials.
CROPS = (
    ("winter cereal", "ripe cereal", (0.45, 0.95, 0.25, 0.35)),
    ("maize", "stubble", (0.05, 0.15, 0.95, 0.25)),
    ("beet", "stubble", (0.05, 0.35, 0.95, 0.55)),
    ("rape in flower", "stubble", (0.6, 0.9, 0.2, 0.45)),
    ("lush grass", "poor grass", (0.6, 0.9, 0.85, 0.75)),
)
CROP_GREEN = np.stack([MATERIALS[green] for green, _, _ in CROPS])
CROP_DRY = np.stack([MATERIALS[dry] for _, dry, _ in CROPS])
CROP_CURVE = np.array([curve for _, _, curve in CROPS], np.float32)


def column(name: str) -> np.ndarray:
    """One number of every state, in the order of STATE_NAMES."""
    return np.array([getattr(state, name) for state in STATES.values()], np.float32)


def material_of(state: np.ndarray, part: str, soil: np.ndarray, sward: np.ndarray) -> np.ndarray:
    """Reflectance x 10,000 of the `part` (green, dry or ground) of each place's state, (N, 6)."""
    names = [getattr(s, part) for s in STATES.values()]
    table = np.stack([MATERIALS.get(name, MATERIALS["loam"]) for name in names])
    spectra = table[state]
    for name, own in ((SOIL, soil), (SWARD, sward)):
        local = np.array([n == name for n in names])[state]
        spectra[local] = own[local]
    return spectra
