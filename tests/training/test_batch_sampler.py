"""Which surveys, and which random values, each step gets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.errors import TrainingError
from sdm.runs import TrainingOptions
from sdm.training.batch_sampler import BatchSampler, own_shares, repeat_factors, share, shifts, turns
from tests.datasets import DATASETS, multilabel


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 200), st.integers(1, 64), st.integers(1, 5), st.integers(0, 9))
def test_every_survey_is_seen_once_an_epoch(surveys: int, batch_size: int, processes: int, epoch: int) -> None:
    order = BatchSampler(TrainingOptions("landsat-mlp", batch_size=batch_size), surveys)
    seen = [
        share(order.batch(epoch, step), rank, processes)
        for step in range(order.steps)
        for rank in range(processes)
    ]
    assert sorted(np.concatenate(seen).tolist()) == list(range(surveys))


def test_epochs_and_seeds_have_orders_of_their_own() -> None:
    config, other = TrainingOptions("landsat-mlp"), TrainingOptions("landsat-mlp", seed=1)
    orders = {tuple(BatchSampler(c, 64).batch(epoch, 0)) for c in (config, other) for epoch in (0, 1)}
    assert len(orders) == 4


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(1, 5), min_size=1, max_size=60), st.integers(0, 9))
def test_surveys_come_as_often_as_asked(times: list[float], epoch: int) -> None:
    asked = np.array(times)
    order = BatchSampler(TrainingOptions("landsat-mlp", batch_size=7), len(asked), asked)
    seen = np.concatenate([order.batch(epoch, step) for step in range(order.steps)])
    counts = np.bincount(seen, minlength=len(asked))
    scaled = asked * order.length / asked.sum()
    assert len(seen) == order.length == round(asked.sum())
    assert (np.abs(counts - scaled) < 2).all()
    assert seen.tolist() == np.concatenate([order.batch(epoch, step) for step in range(order.steps)]).tolist()


def test_repeats_follow_their_mean_over_epochs() -> None:
    asked = np.array([1.0, 1.3, 2.5, 1.2])
    order = BatchSampler(TrainingOptions("landsat-mlp", batch_size=6), 4, asked)
    counts = np.mean([np.bincount(order.batch(epoch, 0), minlength=4) for epoch in range(2000)], axis=0)
    np.testing.assert_allclose(counts, asked, atol=0.05)


def test_surveys_with_rare_species_come_more_often() -> None:
    targets = multilabel().targets
    times = repeat_factors(targets, 0.2)
    assert times.max() == times[13] == pytest.approx(np.sqrt(0.2 * 19))  # species 6: once in 19 known surveys
    assert times[7] == times[11] == 1  # no species; unknown
    # Above the prevalence no species is rare.
    assert (repeat_factors(targets, 0.01) == 1).all()
    classes = repeat_factors(DATASETS["multiclass"]().targets, 1.0)
    np.testing.assert_allclose(classes[[0, 3]], [np.sqrt(19 / 5), np.sqrt(19 / 4)], rtol=1e-6)
    with pytest.raises(TrainingError, match="regression"):
        repeat_factors(DATASETS["regression"]().targets, 0.1)


def test_shifts_and_shares_are_functions_of_the_step_within_their_limits() -> None:
    config = TrainingOptions("fusion-series", shift_years=3, mixup=0.4)
    by = shifts(config, 5000, 1, 2)
    assert set(by) == set(range(-3, 4))
    assert by.tolist() == shifts(config, 5000, 1, 2).tolist() != shifts(config, 5000, 1, 3).tolist()
    own = own_shares(config, 5000, 1, 2)
    assert 0.5 <= own.min() < own.max() == 1
    assert np.mean(own < 1) == pytest.approx(0.4, abs=0.03)


def test_turns_are_a_function_of_the_step() -> None:
    config = TrainingOptions("resnet18-patch")
    assert turns(config, 50, 1, 2).tolist() == turns(config, 50, 1, 2).tolist() != turns(config, 50, 1, 3).tolist()
