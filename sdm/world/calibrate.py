"""Fits the intercepts of `flora.csv`, once: `python -m sdm.world.calibrate`.

Each species is given the share of PA surveys its frequency class stands for, over training and far test alike; the
judged world is frozen, so this is run only together with a new `WORLD_VERSION`.
"""

from __future__ import annotations

import csv

import numpy as np

from sdm.world import flora
from sdm.world.noise import combine, normal, stream
from sdm.world.place import Places
from sdm.world.sampling import draw
from sdm.world.soil import sigmoid

SHARES = (0.0012, 0.0046, 0.032, 0.125, 0.31, 0.55)  # of surveys, by frequency class
SPREAD = 0.55  # log spread of species within a class
CEILING = 0.93  # probability no species exceeds on the 99.9th percentile of the sample
SEED = 20_250  # a world of its own: the shipped seeds are not fitted to


def sample() -> tuple[Places, Places]:
    """Training-like and far-test-like surveys to fit on."""
    return draw("train", np.arange(6000), SEED).places, draw("far", np.arange(4000), SEED).places


def _intercept(odds: np.ndarray, weight: np.ndarray, share: float) -> float:
    """Shift of the log-odds (N,) that makes the weighted mean probability `share`, by bisection."""
    low, high = -40.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.sum(weight * sigmoid(odds + middle)) < share else (low, middle)
    ceiling = np.log(CEILING / (1 - CEILING)) - np.quantile(odds, 0.999)
    return float(min(low, ceiling))


def main() -> None:
    """Rewrite the column `intercept` of the flora."""
    train, far = sample()
    odds = np.concatenate([flora.log_odds(train), flora.log_odds(far)])
    odds = odds - np.array([species.intercept for species in flora.flora()])
    weight = np.concatenate([np.full(len(train), 0.6 / len(train)), np.full(len(far), 0.4 / len(far))])
    with flora.NAMED.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    for column, row in enumerate(rows):
        jitter = normal(combine(stream(row["name"]), np.zeros(1, np.int64)), "share")[0]
        share = SHARES[int(row["frequency"])] * np.exp(SPREAD * jitter * (row["frequency"] not in "45"))
        row["intercept"] = f"{_intercept(odds[:, column], weight, share):.3f}"
    with flora.NAMED.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
