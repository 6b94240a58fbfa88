"""Every benchmark at a small size: both sides agree, and each figure is there. Nothing is asserted of times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pytest

from benchmarks import grouping, maps, metrics, modalities, pixel_training, pixels, serving, store, tables
from benchmarks.comparison import Figure
from benchmarks.simulated import simulated_sets

SMALL: dict[str, tuple[Callable[[], Iterator[Figure]], int]] = {
    "pixels": (partial(pixels.figures, patches=6), 1),
    "store": (partial(store.figures, surveys=300), 2),
    "modalities": (partial(modalities.figures, surveys=20), 2),
    "pixel_training": (partial(pixel_training.figures, pixels=300), 2),
    "tables": (partial(tables.figures, tables.Size(50, 200, 20, 300, 400)), 1),
    "grouping": (partial(grouping.figures, count=400), 1),
    "metrics": (partial(metrics.figures, surveys=300, species=80), 5),
    "maps": (partial(maps.figures, surveys=60), 2),
    "serving": (partial(serving.figures, users=[1, 3], requests=7), 4),
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.process] if name == "tables" else []) for name in SMALL]
)
def test_both_sides_agree(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (tables, store, pixel_training, grouping):  # each repetition starts processes, or trains
        monkeypatch.setattr(module, "REPETITIONS", 1)
    measure, count = SMALL[name]
    figures = list(measure())
    assert len(figures) == count
    assert all(figure.ours > 0 and figure.usual is not None and figure.usual_way for figure in figures)


def test_another_answer_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pixels, "quantile_normalise", lambda patch: np.zeros(patch.shape, np.float32))
    with pytest.raises(AssertionError):
        list(pixels.figures(patches=3))


def test_simulated_sets_are_sets() -> None:
    truth, predicted = simulated_sets(surveys=40, species=30)
    assert truth.shape == predicted.shape == (40, 30)
    assert set(truth.data) == set(predicted.data) == {1}
    assert truth.multiply(predicted).nnz > 0
