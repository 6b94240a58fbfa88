"""Runs that change, break or vanish while their answers are kept: what is shown follows, or says why it cannot."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sdm.data.open import open_dataset
from sdm.evaluation.run_evaluation import remeasure
from sdm.runs import Run
from sdm.ui.cache.keys import run_stamp
from sdm.ui.components import runs
from sdm.ui.components.linked import box_key
from sdm.ui.predict import VIEWS
from tests.datasets import SPECIES
from tests.pages.screen import Open, html

MLP, COUNTRY = "multilabel-mlp", "multilabel-country"
PREDICT = {"page": "predict", "survey": "118", "models": MLP}


@pytest.fixture
def home(tmp_path: Path, trained: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs of one's own to change."""
    folder = Path(shutil.copytree(trained, tmp_path / "runs"))
    monkeypatch.setattr(runs, "HOMES", (folder,))
    return folder


@pytest.mark.parametrize("view", ["calibration", "set-size"])
def test_predictions_stored_later_are_seen(opened: Open, stores: dict[str, Path], home: Path, view: str) -> None:
    run = Run.open(home / MLP)
    for split in ("test_near", "test_far"):
        (run.path / "predictions" / f"{split}.npz").unlink()
    shown = html(opened(stores["multilabel"], **PREDICT, predict_view=view))
    assert "near" not in shown
    remeasure(run, open_dataset(stores["multilabel"]), ["test_near"])
    shown = html(opened(stores["multilabel"], **PREDICT, predict_view=view))
    assert "near" in shown


def test_a_decoder_stored_later_is_seen(opened: Open, stores: dict[str, Path], home: Path) -> None:
    run = Run.open(home / MLP)
    opened(stores["multilabel"], **PREDICT, predict_view="set-size")
    replace(run.card, decoder="threshold:0.42").write(run.path / "card.json")
    shown = html(opened(stores["multilabel"], **PREDICT, predict_view="set-size"))
    assert '<th scope="row">threshold:0.42<small>' in shown


def test_stamps_differ_with_what_they_stand_for(home: Path) -> None:
    run = Run.open(home / MLP)
    before = run_stamp(run)
    assert run_stamp(Run.open(home / MLP)) == before
    replace(run.card, thresholds=(0.5,) * SPECIES).write(run.path / "card.json")
    assert run_stamp(run) != before
    assert run_stamp(Run.open(home / MLP)) != run_stamp(run)
    shutil.rmtree(run.path)
    assert run_stamp(run)[-2:] == (0, 0)


@pytest.mark.parametrize("content", [None, b"nothing"])
def test_training_surveys_that_cannot_be_read(
    opened: Open, stores: dict[str, Path], home: Path, content: bytes | None
) -> None:
    path = home / MLP / "train_ids.npz"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    app = opened(stores["multilabel"], **PREDICT)
    assert not app.exception
    assert "its training surveys cannot be read" in html(app)
    assert '<table class="ranking">' in html(app)


def test_a_run_is_at_hand_as_soon_as_its_card_is_written(home: Path, tmp_path: Path) -> None:
    before = runs.inventory()
    assert runs.inventory() is before
    shutil.copytree(home / MLP, tmp_path / "later")
    (tmp_path / "later").rename(home / "later")
    assert set(runs.finished_runs()) == {*before.finished, "later"}
    (home / "later" / "card.json").unlink()
    assert runs.inventory().unfinished == ("later",)
    shutil.rmtree(home / "later")
    assert set(runs.finished_runs()) == set(before.finished)


@pytest.fixture
def deleted(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of a run goes away after a page has looked for runs."""
    runs.inventory()
    stamp = runs.homes_stamp(runs.HOMES)
    monkeypatch.setattr(runs, "homes_stamp", lambda _: stamp)
    shutil.rmtree(home / MLP)


@pytest.mark.usefixtures("deleted")
@pytest.mark.parametrize("view", VIEWS)
def test_a_run_deleted_meanwhile_on_predict(opened: Open, stores: dict[str, Path], view: str) -> None:
    app = opened(stores["multilabel"], page="predict", survey="118", predict_view=view)
    app.multiselect(box_key("models")).set_value([MLP, COUNTRY]).run()
    assert not app.exception


@pytest.mark.usefixtures("deleted")
@pytest.mark.parametrize("page", ["scores", "confusion", "species"])
def test_a_run_deleted_meanwhile_elsewhere(opened: Open, stores: dict[str, Path], page: str) -> None:
    assert not opened(stores["multilabel"], page=page, run=MLP).exception


def test_runs_that_can_no_longer_be_compared(opened: Open, stores: dict[str, Path], home: Path) -> None:
    assert "Not settled against" in html(opened(stores["multilabel"], page="scores"))
    for name in (MLP, COUNTRY):
        shutil.rmtree(home / name / "predictions")
        replace(Run.open(home / name).card, seconds=1.0).write(home / name / "card.json")
    app = opened(stores["multilabel"], page="scores")
    assert not app.exception
    assert "cannot be compared" in html(app)
