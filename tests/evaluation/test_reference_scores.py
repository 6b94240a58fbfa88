"""Reference scores: the best reachable score of the virtual Europe, and what a score is beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.evaluation.reference_scores import ReferenceScores, best_reachable, oracle
from sdm.virtual_europe.truth import open_truth


def test_best_reachable(tiny_tree: Path) -> None:
    truth = open_truth(tiny_tree)
    value, error = best_reachable(truth, np.arange(24))
    known, _ = oracle(truth, np.arange(24))
    assert 0.3 < value < known < 0.9
    assert 0 < error < 0.02
    assert np.isnan(best_reachable(open_truth(tiny_tree), np.arange(0))[0])


@pytest.mark.parametrize("best", [0.0, 0.2])
def test_without_room_nothing_is_measured(best: float) -> None:
    reference = ReferenceScores(0.2, best, 0.0)
    assert np.isnan(reference.skill(0.1))
    assert np.isnan(reference.share(0.1)) == (best == 0)
