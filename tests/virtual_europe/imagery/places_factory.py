"""Hand-made places for tests: plausible lowland and mountain sites without the geography of Europe."""

from __future__ import annotations

import numpy as np

from sdm.virtual_europe.place import COVERS, Places

# What differs from a Danish lowland site on each cover.
_TRAITS: dict[str, dict[str, float]] = {
    "broadleaf forest": {},
    "conifer forest": {"reaction": 4.5, "nutrients": 0.3},
    "shrub": {"lat": 42.0, "lon": 12.0, "temperature": 14.5, "summer_rain": 0.3, "moisture": 0.25, "slope": 9.0},
    "dry grassland": {"lat": 46.0, "lon": 20.0, "moisture": 0.15, "nutrients": 0.2, "temperature": 11.0,
                      "precipitation": 500.0, "seasonality": 11.5},
    "meadow": {"nutrients": 0.8, "moisture": 0.6},
    "arable": {"disturbance": 0.9, "nutrients": 0.8, "moisture": 0.45},
    "vineyard and orchard": {"lat": 44.0, "lon": 5.0, "temperature": 13.5, "summer_rain": 0.4, "moisture": 0.3,
                             "parcel": 90.0},
    "wetland": {"moisture": 0.95},
    "heath": {"nutrients": 0.1, "sand": 0.85, "reaction": 4.0},
    "alpine sward": {"lat": 46.5, "lon": 9.0, "elevation": 2200.0, "slope": 22.0, "temperature": 0.5,
                     "precipitation": 1500.0},
    "rock and scree": {"lat": 46.5, "lon": 9.0, "elevation": 2600.0, "slope": 34.0, "temperature": -1.5,
                       "precipitation": 1600.0},
    "snow and ice": {"lat": 46.2, "lon": 8.0, "elevation": 3400.0, "slope": 18.0, "temperature": -6.0,
                     "precipitation": 1800.0},
    "sand and dune": {"coast": 0.3, "sand": 0.95, "nutrients": 0.1, "moisture": 0.2},
    "water": {"moisture": 1.0},
    "built-up": {"disturbance": 0.95, "roads": 0.9},
}  # fmt: skip
_LOWLAND = {
    "lon": 9.5, "lat": 55.8, "year": 2018, "elevation": 30.0, "slope": 1.0, "aspect": 200.0, "coast": 20.0,
    "temperature": 8.6, "seasonality": 8.2, "precipitation": 780.0, "summer_rain": 0.5, "moisture": 0.5,
    "reaction": 6.3, "clay": 0.15, "sand": 0.45, "nutrients": 0.5, "disturbance": 0.3, "parcel": 180.0,
    "roads": 0.4,
}  # fmt: skip
# The mixture of a Danish or Dutch countryside, and how often surveys stand on each cover there.
LOWLAND_MIX = {
    "broadleaf forest": 0.14, "conifer forest": 0.09, "shrub": 0.03, "dry grassland": 0.05, "meadow": 0.25,
    "arable": 0.22, "wetland": 0.08, "heath": 0.05, "sand and dune": 0.02, "water": 0.04, "built-up": 0.03,
}  # fmt: skip
_MOUNTAIN_MIX = {
    "conifer forest": 0.2,
    "alpine sward": 0.35,
    "rock and scree": 0.3,
    "snow and ice": 0.1,
    "meadow": 0.05,
}
_SOUTHERN_MIX = {"shrub": 0.25, "dry grassland": 0.25, "broadleaf forest": 0.2, "arable": 0.15, "built-up": 0.05,
                 "vineyard and orchard": 0.1}  # fmt: skip
_MIX_AROUND = dict.fromkeys(("alpine sward", "rock and scree", "snow and ice"), _MOUNTAIN_MIX) | dict.fromkeys(
    ("shrub", "vineyard and orchard"), _SOUTHERN_MIX
)


def places_on(cover: str, count: int, *, share: float = 0.6, seed: int = 0, **changes: float) -> Places:
    """`count` places standing on `cover`, which takes `share` of their surroundings."""
    return _build([cover] * count, share, seed, changes)


def lowland_places(count: int, seed: int = 0) -> Places:
    """Surveys as crowded in the lowlands of the north-west as the training set's."""
    random = np.random.default_rng(seed)
    names = list(LOWLAND_MIX)
    weights = np.array(list(LOWLAND_MIX.values()))
    return _build(list(random.choice(names, count, p=weights / weights.sum())), 0.45, seed, {"lat": 55.8})


def _build(covers: list[str], share: float, seed: int, changes: dict[str, float]) -> Places:
    random = np.random.default_rng(seed + 1)
    rows = [_LOWLAND | _TRAITS[cover] | changes for cover in covers]
    columns = {name: np.array([row[name] for row in rows], float) for name in _LOWLAND}
    count = len(covers)
    for name, low, high in (("moisture", 0.0, 1.0), ("nutrients", 0.0, 1.0), ("sand", 0.0, 0.95)):
        columns[name] = np.clip(columns[name] + random.normal(0, 0.1, count), low, high)
    columns["parcel"] *= np.exp(random.normal(0, 0.4, count))
    for axis in ("lon", "lat"):
        columns[axis] += random.uniform(-0.2, 0.2, count)
    columns["aspect"] = random.uniform(0, 360, count)
    centre = np.array([COVERS.index(cover) for cover in covers])
    mix = np.stack([_surroundings(cover, random) for cover in covers]) * (1.0 - share)
    mix[np.arange(count), centre] += share
    return Places(
        **{name: values for name, values in columns.items() if name != "year"},
        year=columns["year"].astype(int),
        key=random.integers(0, 2**63, count, dtype=np.uint64),
        cover=mix,
        centre=centre,
    )


def _surroundings(cover: str, random: np.random.Generator) -> np.ndarray:
    """A random mixture of the covers that lie around `cover`, (15,)."""
    usual = _MIX_AROUND.get(cover, LOWLAND_MIX)
    weight = np.array([usual.get(name, 0.0) for name in COVERS])
    mix = np.where(weight > 0, random.gamma(np.maximum(5.0 * weight, 0.01)), 0.0)
    return mix / mix.sum()
