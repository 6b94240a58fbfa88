"""The confusion page at competition size (simulated): 11,255 species, 20,000 surveys, stored tops alone."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from streamlit.testing.v1 import AppTest

from benchmarks.simulated import simulated_sets
from sdm.data.dataset import ArrayReader, Dataset, Targets
from sdm.data.store import write_store
from sdm.runs import Predictions, Run, TrainingOptions
from sdm.runs.top_classes import TOP, TopClasses
from sdm.training import Runtime, train
from sdm.ui.components import runs
from sdm.ui.components.linked import box_key
from tests.datasets import multilabel, sites
from tests.pages.screen import Open

ROUNDS = 5
RUN = "country"


def many(targets: Targets, truth: csr_matrix) -> Dataset:
    """As many surveys and species as `truth`, all of validation."""
    count, species = truth.shape
    places = sites().iloc[np.full(count, 12)].reset_index(drop=True)
    random = np.random.default_rng(0)
    places = places.assign(survey_id=np.arange(count), lon=random.uniform(0, 20, count))
    genus = np.arange(species) // 6
    classes = pd.DataFrame(
        {
            "class_id": np.arange(species),
            "name": [f"Planta simulata{i}" for i in range(species)],
            "genus": [f"Planta{i}" for i in genus],
            "family": [f"Plantaceae{i}" for i in genus // 12],
        }
    )
    filled = replace(targets, classes=classes, values=truth, known=np.ones(count, bool))
    return replace(
        multilabel(), sites=places, targets=filled, modalities=(), reader=ArrayReader({}), fingerprint="many-1"
    )


def tops(truth: csr_matrix, given: csr_matrix) -> Predictions:
    """Those `given` are most probable, after them species in order."""
    count, species = truth.shape
    index = np.empty((count, TOP), np.int32)
    for row in range(count):
        first = given.indices[given.indptr[row] : given.indptr[row + 1]]
        index[row] = np.concatenate([first, np.setdiff1d(np.arange(TOP + len(first)), first)])[:TOP]
    probability = np.tile(np.linspace(0.9, 0, TOP) ** 6, (count, 1)).astype(np.float16)
    no_truth = csr_matrix(truth.shape, dtype=np.float32)
    kept = TopClasses(index, probability, np.zeros(count, np.float32), no_truth)
    return Predictions(np.full(count, "PA-train"), np.arange(count), species, None, kept, None, truncated=True)


@pytest.fixture(scope="module")
def competition(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Store and folder of runs."""
    folder = tmp_path_factory.mktemp("competition")
    config = TrainingOptions("country-frequency")
    run = train(multilabel(), folder / "runs" / RUN, config, Runtime(device="cpu"))
    truth, given = simulated_sets()
    data = many(multilabel().targets, truth)
    ids = tuple(range(truth.shape[1]))
    card = replace(run.card, class_ids=ids, class_names=tuple(map(str, ids)), decoder="top-k:25", inputs={})
    card.write(run.path / "card.json")
    for name in run.splits():
        (run.path / "predictions" / f"{name}.npz").unlink()
    tops(truth, given).write(run.path / "predictions" / "validation.npz")
    assert Run.open(run.path).card.width == truth.shape[1]
    return write_store(data, folder / "store").place, folder / "runs"


@pytest.fixture
def page(opened: Open, competition: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    store, home = competition
    monkeypatch.setattr(runs, "HOMES", (home,))
    app = opened(store, page="confusion")
    assert not app.exception
    yield app


def seconds(act: object) -> float:
    """Processor time of the quickest of a few."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        act()  # type: ignore[operator]
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.slow
@pytest.mark.parametrize("view", ["species", "pairs", "matrix"])
def test_each_interaction_answers_within_a_second(page: AppTest, view: str) -> None:
    page.segmented_control(box_key("confusion_view")).set_value(view).run()
    places = iter(range(100, 200))
    assert seconds(lambda: page.selectbox(box_key("predicted")).select_index(next(places)).run()) < 1
    assert not page.exception


@pytest.mark.slow
def test_first_answer_within_a_gigabyte(page: AppTest) -> None:
    import streamlit as st

    st.cache_resource.clear()
    tracemalloc.start()
    try:
        page.run()
        assert tracemalloc.get_traced_memory()[1] < 1e9
    finally:
        tracemalloc.stop()
    assert not page.exception
