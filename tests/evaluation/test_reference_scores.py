"""Reference scores: the best reachable score of the virtual Europe, and what a score is beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.data.open import open_dataset
from sdm.evaluation import reference_scores as module
from sdm.evaluation.best_reachable import best_reachable, oracle
from sdm.evaluation.reference_scores import LEAK, ReferenceScores, leak, reference_scores
from sdm.virtual_europe.held_out_labels import with_test_labels
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


def test_what_takes_long_is_kept_and_measured_anew_where_it_is_damaged(
    tiny_tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = with_test_labels(open_dataset(tiny_tree))
    first = reference_scores(data, "test_near", "block", tmp_path / "store")
    assert first is not None and first.best_error > 0 and first.oracle > first.best
    (stored,) = (tmp_path / "store").iterdir()
    measured: list[int] = []

    def again(*_values: object) -> tuple[float, float]:
        measured.append(1)
        return 0.5, 0.1

    monkeypatch.setattr(module, "best_reachable", again)
    other = reference_scores(data, "test_near", "random", tmp_path / "store")
    assert other is not None and (other.best, other.oracle_error) == (first.best, first.oracle_error)
    assert not measured
    stored.write_text('{"best": ')
    damaged = reference_scores(data, "test_near", "block", tmp_path / "store")
    assert damaged is not None and damaged.best == 0.5 and measured
    assert "0.5" in stored.read_text()


def test_a_score_above_the_best_reachable_is_a_leak() -> None:
    reference = ReferenceScores(0.2, 0.5, 0.001)
    assert leak(reference, 0.5, "validation", "random") == "" == leak(reference, np.nan, "validation", "random")
    assert leak(reference, 0.6, "validation", "random") == LEAK == leak(reference, 0.6, "test_near", "block")
    assert leak(reference, 0.6, "test_far", "block") not in ("", LEAK)
