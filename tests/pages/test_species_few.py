"""The page of a species on records of one species alone: measured against the background."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from sdm.data.open import open_dataset
from sdm.data.splits import VALIDATION
from sdm.evaluation.ensembles import make_ensemble
from sdm.evaluation.run_evaluation import evaluate
from sdm.evaluation.run_model import predict_or_recall
from sdm.exports import odmap
from sdm.exports.subject import subject_of
from sdm.occurrences.build import import_occurrences
from sdm.occurrences.options import OccurrenceFiles
from sdm.runs import Run
from sdm.training.fold_runs import fold_score
from sdm.ui.components import runs
from tests.inference.gridded import quick_run
from tests.occurrences.tables import tables
from tests.pages.screen import Open, everything, html


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with records of one species, background sites, and a run trained on them."""
    folder = tmp_path_factory.mktemp("few")
    made = tables(300)
    one = made.records[made.records["scientificName"] == "Planta h"]
    one.to_csv(folder / "records.csv", index=False)
    made.background.to_csv(folder / "background.csv", index=False)
    import_occurrences(OccurrenceFiles(folder / "records.csv", folder / "background.csv"), folder / "wet")
    quick_run(open_dataset(folder / "wet"), folder / "runs" / "forest")
    return folder


def test_records_stand_against_the_background(home: Path) -> None:
    data, run = open_dataset(home / "wet"), Run.open(home / "runs" / "forest")
    found = subject_of(data, run, "1").measures
    row = found.table.set_index("split").loc[VALIDATION]
    background = np.flatnonzero((data.sites["source"] == "background").to_numpy())
    held, others = (
        predict_or_recall(run, data, rows).probabilities[:, 0].astype(np.float16)
        for rows in (data.rows(VALIDATION), background)
    )
    expected = roc_auc_score(np.r_[np.ones(len(held)), np.zeros(len(others))], np.r_[held, others])
    assert row["auc"] == pytest.approx(expected, abs=1e-6) and 0.5 < row["auc"] < 1
    assert np.isfinite([row["tss"], row["boyce"], found.threshold]).all()
    protocol = odmap.protocol(subject_of(data, run, "1")).set_index(["topic", "element"])["value"]
    assert "maximal TSS" in protocol[("Threshold selection", "Threshold selection")]
    told = protocol[("Performance statistics", "Performance on validation data")]
    assert f"{len(held)} records against {len(others)} background sites" in told and "AUC" in told
    assert np.isnan(row["average-precision"]) and np.isnan(row["calibration-slope"])


def test_nothing_is_shown_that_needs_absence(opened: Open, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "HOMES", (home / "runs",))
    app = opened(home / "wet", page="species", species="1", area="surveys")
    assert not app.exception
    said, shown = " ".join(everything(app)), html(app)
    assert "Records of fewer than 5 species tell nothing of where a species is absent" in said
    assert "AUC" in shown and "F1 there" not in shown and "Recall there" not in shown
    assert "Precision and recall" not in said and "Most confused with" not in said
    assert "shares would tell nothing and are left out" in said
    figures = " ".join(element.proto.spec for element in app.get("plotly_chart"))
    assert "predicted" in figures and "recorded at" not in figures


def test_the_card_says_of_validation_what_the_page_of_the_species_does(home: Path, tmp_path: Path) -> None:
    data, run = open_dataset(home / "wet"), Run.open(home / "runs" / "forest")
    row = subject_of(data, run, "1").measures.table.set_index("split").loc[VALIDATION]
    told = run.card.scores[VALIDATION]
    for name in ("auc", "tss", "boyce"):
        assert told[name].value == pytest.approx(row[name], abs=1e-6)
        assert evaluate(run, data, VALIDATION)[name].value == pytest.approx(told[name].value, abs=1e-9)
    score = fold_score(run, data)
    assert (score.auc, score.tss) == (pytest.approx(told["auc"].value), pytest.approx(told["tss"].value))
    twins = [Run.open(Path(shutil.copytree(run.path, tmp_path / name))) for name in ("one", "two")]
    both = make_ensemble(tmp_path / "both", twins, [0.5, 0.5], data)
    assert both.card.scores[VALIDATION]["auc"].value == pytest.approx(told["auc"].value, abs=2e-3)
