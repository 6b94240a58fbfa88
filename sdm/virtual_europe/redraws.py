"""Labels of surveys drawn anew: other history, site, observer, occurrence and detection at the same place."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from sdm.virtual_europe.occurrence import attentions, detection, loadings, mean_detection
from sdm.virtual_europe.truth import Truth

LEAST = 1e-3  # species less likely than that at all surveys are drawn as a number only


class Redraws:
    """Draws of the labels of surveys `rows` of a truth, `draws` of each; the surveys share their random numbers.

    `species` (s,) are the columns of the truth that are drawn one by one, `rest` (n,) is the expected number of
    all others.
    """

    def __init__(self, truth: Truth, rows: np.ndarray, draws: int, rng: np.random.Generator) -> None:
        marginal = truth.probabilities[rows].astype(np.float64)
        self.species = np.flatnonzero(marginal.max(axis=0) >= LEAST)
        self.marginal, total = marginal[:, self.species], marginal.sum(axis=1)
        self.rest = np.maximum(total - self.marginal.sum(axis=1), 0)
        count = len(truth.species_id)
        chance = np.clip(self.marginal / mean_detection(count)[self.species], 1e-12, 1 - 1e-12)
        self._level = ndtri(chance)
        shared = loadings(count)[:, self.species]
        own = np.sqrt(1 - (shared**2).sum(axis=0))
        self._latent = rng.standard_normal((draws, len(shared))) @ shared
        self._latent += own * rng.standard_normal(self._latent.shape)
        seen = detection(count, attentions(rng, draws))[:, self.species]
        self._seen = rng.random(seen.shape) < seen
        self._others = rng.random(draws)

    def labels(self, survey: int) -> tuple[np.ndarray, np.ndarray]:
        """(draws, s) bool, and (draws,) number of further species; no draw is empty."""
        present = (self._latent < self._level[survey]) & self._seen
        others = np.floor(self.rest[survey] + self._others)
        empty = ~present.any(axis=1) & (others == 0)
        if present.shape[1]:
            present[empty, self.marginal[survey].argmax()] = True
        return present, others


class IndependentRedraws(Redraws):
    """The same with history, site and observer known: species are then recorded independently of each other."""

    def __init__(self, truth: Truth, rows: np.ndarray, draws: int, rng: np.random.Generator) -> None:
        marginal = truth.oracle[rows].astype(np.float64)
        self.species = np.flatnonzero(marginal.max(axis=0) >= LEAST)
        self.marginal, total = marginal[:, self.species], marginal.sum(axis=1)
        self.rest = np.maximum(total - self.marginal.sum(axis=1), 0)
        self._level, self._latent = self.marginal, rng.random((draws, len(self.species)))
        self._seen = np.ones(self._latent.shape, bool)
        self._others = rng.random(draws)
