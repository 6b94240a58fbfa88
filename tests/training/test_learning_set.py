"""What is learnt from presence-only records, groups, near species and pseudo-labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sdm.data.dataset import Dataset
from sdm.errors import TrainingError
from sdm.evaluation.run_model import open_model, predict_with
from sdm.runs import Run
from sdm.runs.training_options import TrainingOptions
from sdm.training import pseudo_labels as module
from sdm.training import train
from sdm.training.learning_set import learning_rows, learning_set
from sdm.training.pseudo_labels import pseudo_labels
from sdm.training.runtime import Runtime
from sdm.training.task import make_task
from tests.datasets import DATASETS, multilabel, with_inputs
from tests.training.small import CPU, small

RECORDS = np.arange(5, 12)  # of what was training; 3 keeps no file


@pytest.fixture
def data() -> Dataset:
    """Training surveys 0 to 4, of which 3 has no file; records 5 to 11, of which 6 has none either."""
    whole = multilabel("environment", "landsat")
    sites = whole.sites.copy()
    sites.loc[RECORDS, "source"] = "PO-train"
    for scheme in whole.schemes:
        sites.loc[RECORDS, f"split_{scheme}"] = "po"
    for name in whole.modalities:
        whole = with_inputs(whole, name, np.arange(len(whole)) != 6)
    return replace(whole, sites=sites)


def options(**changes: object) -> TrainingOptions:
    return small("environment-mlp", **changes)


def test_rows_are_surveys_records_or_both(data: Dataset) -> None:
    train_rows = np.arange(5)
    known = [row for row in RECORDS if data.targets.known[row] and row != 6]
    for records, expected in (("presence-absence", [*range(5)]), ("presence-only", known),
                              ("both", [*range(5), *known])):  # fmt: skip
        rows, notes = learning_rows(data, train_rows, options(records=records))
        assert rows.tolist() == expected
        assert len(notes) == (records != "presence-absence")
    assert "1 of 6 presence-only records" in notes[0]
    everywhere, notes = learning_rows(data, train_rows, TrainingOptions("location-mlp", records="presence-only"))
    assert 6 in everywhere and not notes


def test_data_without_records_or_without_their_inputs_are_refused(data: Dataset) -> None:
    with pytest.raises(TrainingError, match="no presence-only record to learn from"):
        make_task(multilabel("environment"), options(records="both"))
    with pytest.raises(TrainingError, match="no presence-only record has an input"):
        values = {name: array.copy() for name, array in data.reader.arrays.items()}
        values["landsat"][RECORDS] = np.nan
        lacking = replace(data, reader=replace(data.reader, arrays=values))
        make_task(lacking, small("landsat-mlp", records="both"))


def test_absences_of_records_count_or_say_nothing(data: Dataset) -> None:
    rows = np.array([0, 4, 8, 10])
    own = data.targets.values[rows].toarray()
    counted = learning_set(data, rows, options(records="both")).labels(np.arange(4))
    np.testing.assert_array_equal(counted["labels"], own)
    assert (counted["weight"] == 1).all()
    silent = learning_set(data, rows, options(records="both", background="none")).labels(np.arange(4))
    np.testing.assert_array_equal(silent["labels"], own)
    np.testing.assert_array_equal(silent["weight"], [np.ones(7), np.ones(7), *own[2:]])


def test_groups_and_near_species_are_counted(data: Dataset) -> None:
    near = data.sites.assign(lon=np.where(data.sites.index < 3, 5.0, data.sites["lon"]), lat=50.0)
    close = replace(data, sites=near)
    made = learning_set(close, np.arange(5), options(group=1))
    assert len(made.dataset) == 3
    assert "5 surveys in 3 groups of positions to 1 decimal; 2 of them with one member" in made.notes[0]
    soft = learning_set(close, np.arange(5), options(soft_labels="42"))
    assert soft.notes[0].startswith("3 of 5 surveys share their position to 4 decimals")
    own = close.targets.values[:3].toarray()
    np.testing.assert_allclose(
        soft.labels(np.array([0]))["labels"][0], np.where(own[0], 1, 0.95 * own.max(axis=0))
    )
    graded = learning_set(close, np.arange(5), options(target="graded"))
    np.testing.assert_allclose(graded.labels(np.array([0]))["labels"][0], np.where(own[0], 4, 3 * own.max(axis=0)))
    assert "no presence-only record" in graded.notes[-1]
    assert learning_set(close, np.arange(5), options()).labels is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"soft_labels": "near"}, "soft_labels are no decimals"),
        ({"target": "graded", "mixup": 0.4}, "no mixture of two grades"),
        ({"view": "single-label", "records": "both"}, "cannot be joined in a view"),
        ({"view": "single-label", "target": "graded"}, "cannot be joined in a view"),
    ],
)
def test_what_does_not_go_together(data: Dataset, changes: dict[str, object], says: str) -> None:
    with pytest.raises(TrainingError, match=says):
        make_task(data, options(**changes))


def test_other_targets_and_baselines_are_refused(data: Dataset, tmp_path: Path) -> None:
    for kind in ("multiclass", "regression"):
        for changes in ({"group": 1}, {"target": "graded"}):
            with pytest.raises(TrainingError, match="sets of species"):
                make_task(DATASETS[kind]("environment"), options(**changes))
    with pytest.raises(TrainingError, match="as they were recorded"):
        train(data, tmp_path / "counts", small("country-frequency", soft_labels="1"), CPU)
    with pytest.raises(TrainingError, match="cannot learn grades"):
        train(data, tmp_path / "grades", small("country-frequency", target="graded"), CPU)


def test_pseudo_labels_leave_the_middle_open(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_of = small("landsat-mlp", epochs=1, records="both")
    teacher = train(data, tmp_path / "teacher", asked_of, CPU)
    rows = np.array([0, 5, 8, 10])
    chosen = data.take(rows)
    asked = predict_with(open_model(teacher), teacher.card.statistics, chosen, np.arange(1, 4))
    values = asked.predictions.matrix()
    low, high = np.quantile(values, [0.3, 0.7])
    monkeypatch.setattr(module, "ABSENT", low)
    monkeypatch.setattr(module, "PRESENT", high)
    labels = learning_set(data, rows, asked_of, teacher).labels(np.arange(4))
    made = pseudo_labels(teacher, chosen, np.arange(1, 4))
    assert made.present[[0]].nnz == made.unsure[[0]].nnz == 0
    recorded = chosen.targets.values.toarray() > 0
    np.testing.assert_array_equal(labels["labels"][0], recorded[0])
    assert (labels["weight"][0] == 1).all()
    np.testing.assert_array_equal(labels["labels"][1:] > 0, recorded[1:] | (values > high))
    open_ = (values >= low) & (values <= high) & ~recorded[1:]
    np.testing.assert_array_equal(labels["weight"][1:] == 0, open_)
    assert open_.any()
    with pytest.raises(TrainingError, match="for presence-only records"):
        learning_set(data, np.arange(4), options(), teacher)


def test_a_training_says_what_it_joined_and_how_it_was_made(data: Dataset, tmp_path: Path) -> None:
    said: list[str] = []
    teacher = train(data, tmp_path / "teacher", options(), CPU)
    run = train(
        data, tmp_path / "run", options(records="both", background="none", epochs=1),
        Runtime("cpu", warn=said.append), None, tmp_path / "teacher", tmp_path / "teacher",
    )  # fmt: skip
    assert any("have no input of the model" in text for text in said)
    assert any(text.startswith("pseudo-labels:") for text in said)
    assert any("starts from teacher, the head of all 7 classes" in text for text in said)
    words = run.card.reproduce
    assert "--from teacher --pseudo-labels teacher" in words and "--records both --background none" in words
    assert set(run.train_ids) == {"PA-train", "PO-train"}
    assert Run.open(run.path).card.statistics == teacher.card.statistics


def test_a_run_of_grades_predicts_probabilities_of_species(data: Dataset, tmp_path: Path) -> None:
    run = train(data, tmp_path / "run", options(records="both", target="graded"), CPU)
    assert (run.card.kind, run.card.learnt_kind) == ("multilabel", "graded")
    values = run.predictions("validation").matrix()
    assert values.shape[1] == 7
    assert ((values >= 0) & (values <= 1)).all()
    assert "samples-f1" in run.card.scores["validation"]
