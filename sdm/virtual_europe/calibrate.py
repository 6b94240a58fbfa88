"""Fit of the intercepts of `flora.csv`, run once: `python -m sdm.virtual_europe.calibrate`.

The species are given shares of plots along a log-normal rank curve, in the order of their frequency classes. The
plots are those of surveys and of all Europe's land alike, so that species of regions with few surveys are not made
rare where they live. The validated world is frozen: this is run only with a new `sdm.data.worlds.VERSION`.
"""

from __future__ import annotations

import csv

import numpy as np
from scipy.special import ndtri

from sdm.geo.grid import land_cells
from sdm.geo.hashing import combine, stream, uniform
from sdm.geo.tables import read_rows
from sdm.virtual_europe import flora
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.occurrence import AREA_EXPONENT, mean_detection
from sdm.virtual_europe.place import COVERS, Places
from sdm.virtual_europe.sampling import draw
from sdm.virtual_europe.visits import STANDARD_AREA

MIDDLE, SPREAD = -3.85, 1.1  # mean and standard deviation of log shares of plots, over the named species
SCARCE = {
    1: 3.0,
    2: 3.0,
    3: 2.5,
    8: 1.6,
    9: 1.6,
}  # by warmth number: times the share, as few plots have that climate
COMMONEST = 0.36  # of training surveys too
CEILING = (0.85, 0.86, 0.88, 0.90, 0.92, 0.94)  # highest probability at a good place, by class
GOOD = 3.4  # log-odds between a good place and the best one thinkable: five niches, each a width off
SEED = 20_250  # a world of its own: the shipped seeds are not fitted to
_BARE = ("water", "snow and ice", "arable", "built-up")  # left out of the land
_PARTS = (0.45, 0.2, 0.35)  # weights of training-like surveys, far-test-like ones, and land


def sample() -> tuple[list[Places], list[np.ndarray]]:
    """Places to fit on and areas of their plots: training-like, far-test-like, and evenly over land."""
    surveyed = [draw("train", np.arange(2500), SEED), draw("far", np.arange(1200), SEED)]
    cells = land_cells(0.5)
    chosen = combine(SEED, np.arange(len(cells.lon))).argsort()[:2000]
    land = places(cells.lon[chosen], cells.lat[chosen], 2019, SEED)
    land = land[~np.isin(land.centre, [COVERS.index(name) for name in _BARE])]
    areas = [surveys.visits.area for surveys in surveyed]
    return [*(surveys.places for surveys in surveyed), land], [*areas, areas[0][: len(land)]]


def _good(species: flora.Species) -> float:
    """Log-odds without intercept at a good place: amid the species' favourite cover, not far off its optima."""
    favourite = flora.AFFINITY[max(species.affinity)]
    summer_dry = 1.5 if species.ellenberg[0] == 9 else 0.4 if species.ellenberg[0] == 8 else 0.0
    return 1.5 * favourite + summer_dry + 5.6 * species.coastal - GOOD


def shares(rows: list[dict[str, str]]) -> np.ndarray:
    """Share of plots of each species: log-normal by rank, classes of frequency in order, chance within one."""
    key = combine(np.array([stream(row["name"]) for row in rows]))
    rank = np.argsort(np.argsort(np.array([int(row["frequency"]) for row in rows]) + uniform(key, "share")))
    scarce = np.array([SCARCE.get(int(row["warmth"]), 1.0) for row in rows])
    return np.minimum(scarce * np.exp(MIDDLE + SPREAD * ndtri((rank + 0.5) / len(rows))), COMMONEST)


def _intercept(odds: np.ndarray, size: np.ndarray, weight: np.ndarray, share: float, highest: float) -> float:
    """Shift of the log-odds (N,), at most `highest`, that makes the weighted mean chance `share`.

    `size` (N,) are the plots' relative numbers of individuals.
    """
    low, high = -40.0, 40.0
    for _ in range(40):
        middle = (low + high) / 2
        chance = -np.expm1(-size * np.logaddexp(0, odds + middle))
        low, high = (middle, high) if np.sum(weight * chance) < share else (low, middle)
    return float(min(low, highest))


def main() -> None:
    """Rewrite the column `intercept` of the flora."""
    parts, areas = sample()
    odds = np.concatenate([flora.log_odds(part) for part in parts])
    odds = odds - np.array([species.intercept for species in flora.flora()])
    size = (np.concatenate(areas) / STANDARD_AREA) ** AREA_EXPONENT
    weight = np.concatenate([np.full(len(part), w / len(part)) for part, w in zip(parts, _PARTS, strict=True)])
    rows = read_rows("flora", flora.TABLES)
    wanted, most = (share / mean_detection(len(rows)) for share in (shares(rows), COMMONEST))
    training = slice(0, len(parts[0]))
    for column, row in enumerate(rows):
        species = flora.flora()[column]
        ceiling = CEILING[species.frequency]
        highest = np.log(ceiling / (1 - ceiling)) - _good(species)
        own = odds[:, column]
        common = _intercept(own[training], size[training], weight[training] / _PARTS[0], most[column], highest)
        row["intercept"] = f"{_intercept(own, size, weight, wanted[column], common):.3f}"
    with (flora.TABLES / "flora.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
