"""Weights and scores of a mixture of runs, on samples of their stored predictions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sdm.data.splits import VALIDATION
from sdm.evaluation.decoding import parse_decoder
from sdm.evaluation.ensembles import least_log_loss
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.mixtures import mixture, require_same_surveys, samples_f1
from sdm.runs import Run
from sdm.ui.cache.datasets import dataset
from sdm.ui.cache.memo import memo
from sdm.ui.cache.predictions import sample, sample_f1


def _samples(key: str, runs: Sequence[Run], split: str) -> list[LabelledPredictions] | None:
    """The samples of the same surveys; None where one run has stored nothing, RunError for other surveys."""
    found = [one for run in runs if (one := sample(key, run, split)) is not None]
    if len(found) < len(runs):
        return None
    require_same_surveys(runs, [one.sites for one in found], split)
    return found


@memo(32, "Fitting the weights …")
def best_weights(key: str, runs: tuple[Run, ...]) -> np.ndarray | None:
    """float64 (R,): the weights of least log loss on validation surveys; None where not all have stored them."""
    found = _samples(key, runs, VALIDATION)
    return None if found is None else least_log_loss(found[0].truth, [each.probabilities for each in found])


def scores(
    key: str, runs: Sequence[Run], weights: Sequence[float], split: str, decoder: str
) -> list[float | None]:  # fmt: skip
    """samples-F1 on `split` of each of `runs`, and last of their mean by `weights`; None where a run has stored
    nothing. RunError for damaged predictions, and for those of other surveys."""
    members = [sample_f1(key, run, split, decoder) for run in runs]
    counted = [(run, weight) for run, weight in zip(runs, weights, strict=True) if weight > 0]
    found = _samples(key, [run for run, _ in counted], split)
    if found is None:
        return [*members, None]
    mean = mixture([weight for _, weight in counted], [each.probabilities for each in found])
    return [*members, samples_f1(found[0].truth, mean, parse_decoder(decoder))]


def surveys(key: str, runs: Sequence[Run], split: str) -> tuple[int, int]:
    """Surveys of `split` that are counted, and those whose species are known."""
    data, scheme = dataset(key), runs[0].card.scheme
    known = int(data.targets.known[data.rows(split, scheme)].sum())
    found = (sample(key, run, split) for run in runs)
    return max((len(each) for each in found if each is not None), default=0), known
