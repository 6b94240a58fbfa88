"""The truth lies beside the tree and fits it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.errors import DataError
from sdm.files import read_json, write_json
from sdm.virtual_europe.sampling import draw
from sdm.virtual_europe.simulate import simulate
from sdm.virtual_europe.truth import open_truth, truth_folder
from sdm.virtual_europe.write.records import survey_ids


def test_truth_fits_the_tree(tiny_tree: Path) -> None:
    truth = open_truth(tiny_tree)
    test = pd.read_csv(tiny_tree / "GLC25_PA_metadata_test.csv")
    train = pd.read_csv(tiny_tree / "GLC25_PA_metadata_train.csv")
    assert set(truth.survey_id) == set(test["surveyId"]) | set(train["surveyId"])
    assert truth.probabilities.shape == truth.oracle.shape == truth.labels.shape == (104, 394)
    assert truth.labels.sum(axis=1).min() >= 1
    expected = truth.probabilities.astype(float).sum()
    assert truth.labels.sum() == pytest.approx(expected, rel=0.25)


def test_truth_is_what_simulate_says(tiny_tree: Path) -> None:
    truth = open_truth(tiny_tree)
    drawn = draw("near", np.arange(12), 0)
    for number in (0, 7):
        row = int(np.flatnonzero(truth.survey_id == survey_ids("near", np.array([number])))[0])
        place, visit = drawn.places[np.array([number])], drawn.visits[np.array([number])]
        where = float(place.lon[0]), float(place.lat[0]), int(place.year[0])
        survey = simulate(*where, seed=0, area=float(visit.area[0]), observer=int(visit.observer[0]))
        np.testing.assert_allclose(survey.probabilities, truth.probabilities[row], atol=1e-3)
        assert survey.species.tolist() == sorted(truth.species_id[truth.labels[row].indices])


def test_truth_of_another_tree_is_refused(tiny_tree: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    world = read_json(tiny_tree / "world.json")
    write_json(copy / "world.json", {**world, "fingerprint": "0" * 16})
    with pytest.raises(DataError, match="no truth beside the tree"):
        open_truth(copy)
    shutil.copytree(truth_folder(tiny_tree), truth_folder(copy))
    with pytest.raises(DataError, match="belongs to another tree"):
        open_truth(copy)
    write_json(copy / "world.json", world)
    labels = truth_folder(copy) / "labels.npz"
    for damage in (b"damaged", labels.read_bytes()[:-30]):
        labels.write_bytes(damage)
        with pytest.raises(DataError, match="not a whole file"):
            open_truth(copy)
