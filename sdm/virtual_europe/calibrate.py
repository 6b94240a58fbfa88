"""Fit of the intercepts of `flora.csv`, run once: `python -m sdm.virtual_europe.calibrate`.

Each species is given the share of PA surveys its frequency class stands for, over training and far test alike; the
validated world is frozen, so this is run only together with a new `WORLD_VERSION`.
"""

from __future__ import annotations

import csv

import numpy as np

from sdm.geo.hashing import combine, normal, stream
from sdm.geo.tables import read_rows
from sdm.virtual_europe import flora
from sdm.virtual_europe.place import Places
from sdm.virtual_europe.sampling import draw
from sdm.virtual_europe.soil import sigmoid

SHARES = (0.0013, 0.0056, 0.029, 0.074, 0.165, 0.295)  # of surveys, by frequency class
SPREAD = 0.65  # log spread of species within a class
CEILING = (0.85, 0.86, 0.88, 0.90, 0.92, 0.94)  # highest probability at a good place, by class
GOOD = 3.4  # log-odds between a good place and the best one thinkable: five niches, each a width off
SEED = 20_250  # a world of its own: the shipped seeds are not fitted to


def sample() -> tuple[Places, Places]:
    """Training-like and far-test-like surveys to fit on."""
    return draw("train", np.arange(6000), SEED).places, draw("far", np.arange(4000), SEED).places


def _good(species: flora.Species) -> float:
    """Log-odds without intercept at a good place: amid the species' favourite cover, not far off its optima."""
    favourite = flora.AFFINITY[max(species.affinity)]
    summer_dry = 1.5 if species.ellenberg[0] == 9 else 0.4 if species.ellenberg[0] == 8 else 0.0
    return 1.5 * favourite + summer_dry + 3.5 * species.coastal - GOOD


def _intercept(odds: np.ndarray, weight: np.ndarray, share: float, highest: float) -> float:
    """Shift of the log-odds (N,), at most `highest`, that makes the weighted mean probability `share`."""
    low, high = -40.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.sum(weight * sigmoid(odds + middle)) < share else (low, middle)
    return float(min(low, highest))


def main() -> None:
    """Rewrite the column `intercept` of the flora."""
    train, far = sample()
    odds = np.concatenate([flora.log_odds(train), flora.log_odds(far)])
    odds = odds - np.array([species.intercept for species in flora.flora()])
    weight = np.concatenate([np.full(len(train), 0.6 / len(train)), np.full(len(far), 0.4 / len(far))])
    rows = read_rows("flora", flora.TABLES)
    for column, row in enumerate(rows):
        jitter = normal(combine(stream(row["name"]), np.zeros(1, np.int64)), "share")[0]
        share = SHARES[int(row["frequency"])] * np.exp(SPREAD * jitter * (row["frequency"] not in "45"))
        species = flora.flora()[column]
        ceiling = CEILING[species.frequency]
        highest = np.log(ceiling / (1 - ceiling)) - _good(species)
        row["intercept"] = f"{_intercept(odds[:, column], weight, share, highest):.3f}"
    with (flora.TABLES / "flora.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
