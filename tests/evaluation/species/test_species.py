"""One species: records, curve, responses, confusions, examples, on data with a known answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.metrics import average_precision_score, precision_recall_curve

from sdm.data.dataset import Dataset
from sdm.errors import UnknownNameError
from sdm.evaluation.confusion.outcomes import outcomes
from sdm.evaluation.confusion.pair_null import pair_null
from sdm.evaluation.confusion.presence import Presence
from sdm.evaluation.labelled_predictions import label
from sdm.evaluation.species import confused
from sdm.evaluation.species.against_background import NOT_TOLD
from sdm.evaluation.species.occurrences import by_country, by_split, class_labels, column_of, recorded_at
from sdm.evaluation.species.quality import (
    MEASURES,
    example_surveys,
    measures,
    measures_by_split,
    precision_recall,
    tss_threshold,
)
from sdm.evaluation.species.response import BINS, MISSING, fit_bins, response, strength, telling
from sdm.evaluation.species.threshold import at_threshold, best_threshold
from sdm.modalities import ENVIRONMENT, ENVIRONMENT_VARIABLES
from sdm.runs.predictions import TOP, Predictions, pack
from tests.datasets import multiclass, multilabel

ELEVATION = [predictor.name for predictor in ENVIRONMENT_VARIABLES].index("Elevation")
LAND_COVER = [predictor.name for predictor in ENVIRONMENT_VARIABLES].index("LandCover-1")


def frame(recorded: list[int], probability: list[float]) -> pd.DataFrame:
    values = {"row": np.arange(len(recorded)), "recorded": np.array(recorded, bool)}
    return pd.DataFrame({**values, "probability": np.array(probability, np.float32)})


def predictions(dataset: Dataset, probability: np.ndarray, source: str | None = None) -> Predictions:
    sites = dataset.sites
    names = sites["source"].to_numpy() if source is None else np.full(len(sites), source)
    return pack(names, sites["survey_id"].to_numpy(), probability, None, None)


def test_records_per_split_and_country() -> None:
    data = multilabel()
    table = by_split(data, 3).set_index("split")
    assert table.loc["train", ["surveys", "recorded"]].tolist() == [11, 2]
    assert table.loc["test_far", "share"] == 1
    assert by_country(data, 3)["recorded"].sum() == recorded_at(data.targets, 3, np.arange(20)).sum()


def test_where_nobody_wrote_down_absences_there_is_no_share() -> None:
    data = multilabel()
    data.sites["split_block"] = np.where(np.arange(20) < 10, "po", "train")
    table = by_split(data, 0).set_index("split")
    assert np.isnan(table.loc["po", "share"])
    assert np.isfinite(table.loc["train", "share"])


def test_an_unknown_species_is_refused() -> None:
    assert column_of(multilabel().targets, 700) == 4
    with pytest.raises(UnknownNameError, match="no such species"):
        column_of(multilabel().targets, 4)


@pytest.mark.parametrize("make", [multilabel, multiclass])
def test_scored_puts_truth_beside_prediction(make: type[multilabel]) -> None:
    data = make()
    width = data.targets.width
    probability = np.random.default_rng(0).random((20, width)).astype(np.float32)
    table = label(data, predictions(data, probability)).species(1)
    assert 11 not in table["row"].tolist()  # its target is not known
    assert len(table) == 19
    assert np.allclose(table["probability"], probability[table["row"], 1], atol=1e-3)
    assert np.array_equal(table["recorded"], recorded_at(data.targets, 1, table["row"].to_numpy()))


def test_predictions_of_other_surveys_are_left_out() -> None:
    data = multilabel()
    assert label(data, predictions(data, np.zeros((20, 7), np.float32), "elsewhere")).species(1).empty


def test_where_only_tops_were_kept_true_species_keep_their_probability(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    probability = (random.random((6, TOP + 40)) / 10).astype(np.float32)
    truth = csr_matrix(random.random(probability.shape) < 0.1)
    monkeypatch.setattr("sdm.runs.predictions.MOST_DENSE", 1)
    stored = pack(np.full(6, "a"), np.arange(6), probability, truth, None)
    assert stored.truncated
    for column in range(0, probability.shape[1], 17):
        expected = stored.rows(np.arange(6))[:, column]
        assert np.allclose(stored.column(column), expected)


def test_the_curve_is_that_of_scikit_learn() -> None:
    random = np.random.default_rng(2)
    probability = random.random(200).round(2)
    table = frame((random.random(200) < probability).astype(int).tolist(), probability.tolist())
    curve = precision_recall(table)
    precision, recall, threshold = precision_recall_curve(table["recorded"], table["probability"])
    assert np.allclose(curve["precision"][::-1], precision[:-1][-len(curve) :])
    assert np.allclose(curve["recall"][::-1], recall[:-1][-len(curve) :])
    assert np.allclose(curve["threshold"][::-1], threshold[-len(curve) :])
    found = measures(table, 0.5)
    expected = average_precision_score(table["recorded"], table["probability"])
    assert found["average-precision"] == pytest.approx(expected)
    assert found.keys() == MEASURES.keys() and np.isfinite([*found.values()]).all()
    few = measures(frame([1] * 4 + [0] * 9, np.linspace(0, 1, 13).tolist()), 0.5)
    assert np.isnan([*few.values()]).all()


def test_the_threshold_of_tss_is_chosen_on_other_surveys() -> None:
    validation = frame([1] * 5 + [0] * 5, [0.9, 0.8, 0.7, 0.6, 0.2, 0.5, 0.4, 0.3, 0.1, 0.1])
    assert tss_threshold(validation) == pytest.approx(0.6)
    elsewhere = frame([1] * 5 + [0] * 5, [0.9, 0.8, 0.5, 0.5, 0.5, 0.7, 0.1, 0.1, 0.1, 0.1])
    assert measures(elsewhere, tss_threshold(validation))["tss"] == pytest.approx(2 / 5 - 1 / 5)
    assert np.isnan(tss_threshold(validation[1:]))
    assert np.isnan(measures(elsewhere, float("nan"))["tss"])
    threshold, table = measures_by_split({"validation": validation, "test_far": elsewhere, "test": elsewhere[:3]})
    assert threshold == tss_threshold(validation)
    assert table["split"].tolist() == ["validation", "test_far", "test"]
    assert table["presences"].tolist() == [5, 5, 3] and table["surveys"].tolist() == [10, 10, 3]
    assert table["tss"].tolist()[:2] == [pytest.approx(0.8), pytest.approx(0.2)] and np.isnan(table["tss"].iloc[2])
    assert np.isnan(measures_by_split({"test_far": elsewhere}).table["tss"].iloc[0])


def test_the_threshold_is_that_of_best_f1_and_scores_elsewhere() -> None:
    validation = frame([1, 1, 0, 0], [0.9, 0.6, 0.5, 0.1])
    assert best_threshold(precision_recall(validation)) == pytest.approx(0.6)
    found = at_threshold(frame([1, 0, 1, 0], [0.7, 0.65, 0.5, 0.1]), 0.6)
    assert (found.predicted, found.hits, found.recorded, found.surveys) == (2, 1, 2, 4)
    assert found.f1 == 0.5
    assert found.precision[1] < 0.5 < found.precision[2]


def test_a_species_that_is_nowhere_has_no_curve() -> None:
    table = frame([0, 0, 0], [0.2, 0.1, 0.3])
    assert precision_recall(table).empty
    assert np.isnan(best_threshold(precision_recall(table)))
    found = at_threshold(table, float("nan"))
    assert found.predicted == 0
    assert np.isnan(found.f1)
    assert np.isnan(found.recall[0])


def environment(count: int = 800) -> np.ndarray:
    random = np.random.default_rng(3)
    values = random.random((count, len(ENVIRONMENT_VARIABLES))).astype(np.float32) * 100
    values[:, LAND_COVER] = random.integers(1, 4, count)
    values[:, 0] = np.nan
    values[: count // 2, 1] = np.nan
    return values


def test_responses_count_every_survey_once() -> None:
    values = environment()
    bins = fit_bins(values)
    recorded = values[:, ELEVATION] > 50
    table = response(bins, ELEVATION, recorded, recorded.astype(np.float32))
    assert len(table) == BINS
    assert table["surveys"].sum() == 800
    assert table["surveys"].max() - table["surveys"].min() <= 2
    assert table["share"].tolist()[:3] == [0, 0, 0]
    assert table["share"].tolist()[-3:] == [1, 1, 1]
    assert np.allclose(table["predicted"], table["share"])
    assert (table["low"].to_numpy()[1:] >= table["high"].to_numpy()[:-1]).all()
    assert (bins.code[0] == MISSING).all()
    assert response(bins, 0, recorded).empty
    assert response(bins, 1, recorded)["surveys"].sum() == 400


def test_class_codes_are_bins_with_a_name() -> None:
    values = environment()
    table = response(fit_bins(values), LAND_COVER, values[:, LAND_COVER] == 2)
    assert table["middle"].tolist() == [1, 2, 3]
    assert table["share"].tolist() == [0, 1, 0]
    assert table["label"].iloc[0] == "evergreen needleleaf forest"


def test_many_equal_values_make_fewer_bins() -> None:
    values = environment()
    values[:700, ELEVATION] = 0
    table = response(fit_bins(values), ELEVATION, np.ones(800, bool))
    assert 1 < len(table) < BINS
    assert table["surveys"].sum() == 800
    assert (table["surveys"] > 0).all()


def test_strength_finds_what_decides() -> None:
    values = environment()
    found = strength(fit_bins(values), values[:, ELEVATION] > 50)
    assert int(np.nanargmax(found)) == ELEVATION
    assert found[ELEVATION] > 0.9
    assert np.isnan(found[0])
    assert np.nanmax(np.delete(found, ELEVATION)) < 0.05
    assert not strength(fit_bins(values), np.zeros(800, bool))[1:].any()


def test_telling_predictors_are_numbers_of_several_tables() -> None:
    order = telling(np.where(np.arange(len(ENVIRONMENT_VARIABLES)) == 5, np.nan, 0.5))
    assert 5 not in order
    assert all(ENVIRONMENT_VARIABLES[place].kind == "number" for place in order)
    assert len({ENVIRONMENT_VARIABLES[place].table for place in order}) == 5


def test_environment_is_binned_in_its_unit() -> None:
    ph = [predictor.name for predictor in ENVIRONMENT_VARIABLES].index("Soilgrid-phh2o")
    values = environment()
    table = response(fit_bins(values), ph, np.ones(800, bool))
    assert table["high"].max() == pytest.approx(ENVIRONMENT.to_physical(values)[:, ph].max())


def test_confusions_around_one_species() -> None:
    truth = csr_matrix(np.array([[1, 0, 0]] * 6 + [[0, 1, 0]] * 5 + [[0, 0, 1]] * 4 + [[1, 1, 1]] * 3))
    predicted = csr_matrix(np.array([[0, 1, 0]] * 6 + [[1, 0, 0]] * 5 + [[0, 0, 1]] * 4 + [[1, 1, 1]] * 3))
    classes = pd.DataFrame({"class_id": [1, 2, 3], "name": ["a", "b", "c"]})
    judged = outcomes(truth, predicted)
    pairs = confused.around(judged, classes, 0)
    assert pairs[["role", "missed_name", "predicted_name", "surveys"]].to_numpy().tolist() == [
        ["missed", "a", "b", 6],
        ["predicted", "b", "a", 5],
    ]
    assert pairs["lift"].tolist() == [18 * 6 / (6 * 6), 18 * 5 / (5 * 5)]
    assert confused.around(judged, classes, 2).empty
    both = confused.together([judged, judged])
    assert confused.around(both, classes, 0)["surveys"].tolist() == [12, 10]


def test_species_tested_against_all_others_in_both_roles() -> None:
    """Of 200 surveys with the same probabilities, a and b stand in for each other at 60; c errs alone."""
    truth, predicted = np.zeros((200, 3), int), np.zeros((200, 3), int)
    truth[:30, 0] = predicted[:30, 1] = truth[30:60, 1] = predicted[30:60, 0] = 1
    truth[60:90, 2] = predicted[90:120, 2] = 1
    judged = outcomes(csr_matrix(truth), csr_matrix(predicted))
    classes = pd.DataFrame({"class_id": [1, 2, 3], "name": ["a", "b", "c"]})
    even = Presence(csr_matrix(np.full((200, 3), 0.5)), np.zeros(200), np.ones(3))
    null = pair_null(judged, np.arange(3), even)
    tests = confused.tests_around(judged, null, classes, 0)
    assert tests.tests == 4  # two others, two roles
    assert tests.discoveries[["role", "missed_name", "predicted_name"]].to_numpy().tolist() == [
        ["missed", "a", "b"],
        ["predicted", "b", "a"],
    ]
    assert confused.tests_around(judged, null, classes, 2).discoveries.empty


def test_examples_are_the_most_telling_with_pictures_first() -> None:
    table = frame([1, 1, 1, 1, 0, 0, 0], [0.9, 0.8, 0.2, 0.1, 0.95, 0.7, 0.3])
    pictured = np.array([False, True, True, True, True, True, True])
    found = example_surveys(table, 0.5, pictured, count=2)
    assert found.groupby("group", sort=False)["row"].apply(list).to_dict() == {
        "hit": [1, 0],
        "miss": [3, 2],
        "false alarm": [4, 5],
    }
    assert example_surveys(table, float("nan"), pictured).empty


def test_labels_tell_records_and_stay_distinct():
    classes = pd.DataFrame({"class_id": [3, 1, 2], "name": ["Poa", "Abies alba", "Poa"]})
    assert class_labels(classes) == {1: "Abies alba · 1", 2: "Poa · 2", 3: "Poa · 3"}
    told = class_labels(classes, np.array([1, 1200, 1]))
    assert told == {1: "Abies alba · 1,200 records", 2: "Poa · 1 record · 2", 3: "Poa · 1 record · 3"}


def test_records_of_few_species_are_measured_against_the_background():
    records = frame([1] * 8 + [0] * 4, [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, *[0.99] * 4])
    plots = frame([1, 0] * 8, [0.9, 0.1] * 8)
    background = np.arange(100, 110), np.array([0.85] + [0.1] * 9)
    threshold, table = measures_by_split({"validation": records, "test": plots}, background)
    first, second = table.to_dict("records")
    assert (first["presences"], first["surveys"]) == (8, 18)
    assert first["auc"] == pytest.approx((8 * 9 + 1) / 80)
    assert threshold == pytest.approx(0.2) and first["tss"] == pytest.approx(0.9)
    assert all(np.isnan(first[name]) for name in NOT_TOLD) and second["average-precision"] == 1
