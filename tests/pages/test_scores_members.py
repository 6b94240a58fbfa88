"""Scores of one model: how it is read, and the members of an ensemble beside it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sdm.data.open import open_dataset
from sdm.evaluation.ensembles import make_ensemble
from sdm.runs import Run
from sdm.runs.records import Calibration
from sdm.ui.components import runs
from sdm.ui.scores.run_description import calibration, decoder
from tests.pages.screen import Open, html
from tests.sealed import edit

MLP, COUNTRY = "multilabel-mlp", "multilabel-country"


@pytest.fixture
def home(tmp_path: Path, trained: Path, stores: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The trained runs, and the mean of two."""
    folder = Path(shutil.copytree(trained, tmp_path / "runs"))
    members = [Run.open(folder / name) for name in (MLP, COUNTRY)]
    make_ensemble(folder / "both", members, [0.4, 0.6], open_dataset(stores["multilabel"]))
    monkeypatch.setattr(runs, "HOMES", (folder,))
    return folder


def test_members_stand_beside_the_ensemble(opened: Open, stores: dict[str, Path], home: Path) -> None:
    app = opened(stores["multilabel"], page="scores", run="both")
    assert not app.exception
    shown = html(app)
    assert shown.index("60.0\u202f%") < shown.index("40.0\u202f%")
    assert f'href="scores?data=multilabel&amp;run={MLP}"' in shown
    f1 = Run.open(home / MLP).card.scores["test_near"]["samples-f1"].value
    assert f">{f1:.3f}</td>" in shown
    assert "<b>the ensemble</b>" in shown


def test_a_member_that_is_gone_or_another_has_no_scores(opened: Open, stores: dict[str, Path], home: Path) -> None:
    shutil.rmtree(home / COUNTRY)
    other = {"method": "temperature", "temperature": 2.0, "given": [], "true": []}
    edit(home / MLP / "card.json", lambda card: card.update(calibration=other))
    app = opened(stores["multilabel"], page="scores", run="both")
    assert not app.exception
    assert "is not here" in html(app)
    assert "has changed since" in html(app)


def test_one_without_members_has_no_such_table(opened: Open, stores: dict[str, Path], home: Path) -> None:
    assert home.is_dir()
    app = opened(stores["multilabel"], page="scores", run=MLP)
    assert not any("Its members" in element.value for element in app.markdown)
    assert "<dt>Calibration</dt><dd>none</dd>" in html(app)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("top-k:25", "the 25 most probable (top-k:25)"),
        ("threshold:0.2", "all of at least 20\u202f% (threshold:0.2)"),
        ("richness", "as many as the probabilities add up to (richness)"),
        ("expected-f1", "as many as maximise the expected F1 (expected-f1)"),
        ("exact-f1", "as many as maximise the expected F1, computed exactly (exact-f1)"),
        ("simulated-f1:200", "as many as maximise the expected F1, by 200 random draws (simulated-f1:200)"),
    ],
)
def test_decoders_in_words(trained: Path, text: str, words: str) -> None:
    assert decoder(replace(Run.open(trained / MLP).card, decoder=text)) == words


@pytest.mark.parametrize(
    ("fitted", "words"),
    [
        (Calibration("temperature", 1.06), "temperature 1.06"),
        (Calibration("isotonic", 1.0, (0.0, 0.4, 1.0), (0.0, 0.5, 1.0)), "isotonic, through 3 points"),
    ],
)
def test_calibrations_in_words(trained: Path, fitted: Calibration, words: str) -> None:
    assert calibration(replace(Run.open(trained / MLP).card, calibration=fitted)) == words
