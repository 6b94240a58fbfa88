"""Score by distance to training, on surveys of known distances."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.views import SINGLE_LABEL
from sdm.evaluation.distance_scores import (
    COLUMNS,
    EDGES_KM,
    distance_edges,
    distance_scores,
    shares_within,
    training_distances,
)
from sdm.evaluation.labelled_predictions import label
from sdm.runs import ModelCard, Predictions, Run
from sdm.runs.training_options import recipe
from sdm.training import Runtime, train
from tests.datasets import DATASETS, multilabel


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> ModelCard:
    folder = tmp_path_factory.mktemp("runs") / "country"
    run: Run = train(multilabel(), folder, recipe("country-frequency"), Runtime(device="cpu"))
    return replace(run.card, decoder="threshold:0.5")


def placed(*km: float) -> Dataset:
    """The surveys of multilabel(), those from 12 on so many km north of the last training survey."""
    data = multilabel()
    sites = data.sites.copy()
    last = sites.loc[11]
    sites.loc[12 : 11 + len(km), "lon"] = last["lon"]
    sites.loc[12 : 11 + len(km), "lat"] = last["lat"] + np.array(km) / 111.195
    return replace(data, sites=sites)


def test_distances_are_to_the_nearest_training_survey() -> None:
    data = placed(0.5, 2.0, 50.0)
    km = training_distances(data, "block")
    assert np.isnan(km[:12]).all()
    assert km[12:15] == pytest.approx([0.5, 2, 50], rel=1e-3)
    unplaced = data.sites.assign(lon=data.sites["lon"].where(data.sites.index != 13))
    assert np.isnan(training_distances(replace(data, sites=unplaced), "block")[13])
    shares = shares_within(data, "block", km)
    assert shares["validation"] == pytest.approx(1 / 3)
    assert shares["test_far"] == 0 and "train" not in shares


def test_each_bin_has_the_mean_of_its_surveys(card: ModelCard) -> None:
    """Right at the first and third survey, where nothing but the truth is probable, wrong at the second."""
    data = placed(0.5, 0.7, 50.0, 50.1)
    truth = data.targets.values.toarray()[12:16].astype(np.float32)
    truth[1] = 1 - truth[1]
    predictions = Predictions.of(data.sites.iloc[12:16], truth)
    labelled = label(data, predictions)
    km = training_distances(data, "block")
    table = distance_scores(data, card, {"validation": labelled}, km)
    assert tuple(table) == COLUMNS
    assert table[["low_km", "high_km", "surveys"]].to_numpy().tolist() == [[0, 1, 2], [30, 100, 2]]
    assert table["value"].tolist() == [0.5, 1]
    assert table["value_low"].isna().all(), "each bin is one square of the map"
    assert distance_scores(data, replace(card, view=SINGLE_LABEL), {"validation": labelled}, km).empty
    assert distance_scores(data, card, {"validation": labelled}, np.full(20, np.nan)).empty


def test_pixels_are_close_to_each_other() -> None:
    data = DATASETS["multiclass"]()
    assert distance_edges(data) == EDGES_KM
    pixels = replace(data, sites=data.sites.assign(block=0))
    assert distance_edges(pixels)[:3] == (0, 0.01, 0.03)
    assert pixels.targets.kind is TargetKind.MULTICLASS
