"""Predict, the mixture under Together: weights of links, and the command that keeps it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from sdm.runs import Run
from sdm.runs.records import Calibration
from sdm.ui.components import runs
from sdm.ui.components.linked import box_key
from sdm.ui.predict import mixture
from tests.pages.screen import Open, html

MLP, COUNTRY = "multilabel-mlp", "multilabel-country"
MIX = {"page": "predict", "survey": "118", "predict_view": "agreement"}


@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize("weight", ["9" * 5000, "1000", "½", "0x10", " "])
def test_a_weight_of_a_link_that_is_none_counts_as_none(
    opened: Open, stores: dict[str, Path], weight: str
) -> None:
    link = {f"weight_{MLP}": weight, f"weight_{COUNTRY}": weight}
    app = opened(stores["multilabel"], **MIX, **link)
    app.multiselect(box_key("models")).set_value([MLP, COUNTRY]).run()
    assert not app.exception
    assert [slider.value for slider in app.slider] == [50, 50]


@pytest.fixture
def home(tmp_path: Path, trained: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs of one's own to change."""
    folder = Path(shutil.copytree(trained, tmp_path / "runs"))
    monkeypatch.setattr(runs, "HOMES", (folder,))
    return folder


def test_predictions_of_other_surveys_are_not_mixed(opened: Open, stores: dict[str, Path], home: Path) -> None:
    path = home / MLP / "predictions" / "test_near.npz"
    found = Run.open(home / MLP).predictions("test_near")
    assert found.dense is not None
    replace(
        found, source=found.source[1:], survey_id=found.survey_id[1:], dense=found.dense[1:], scores=None
    ).write(path)  # fmt: skip
    app = opened(stores["multilabel"], **MIX)
    assert not app.exception
    assert "predictions of other surveys" in html(app)


def test_the_order_of_stored_surveys_does_not_matter(opened: Open, stores: dict[str, Path], home: Path) -> None:
    before = html(opened(stores["multilabel"], **MIX))
    found = Run.open(home / MLP).predictions("test_near")
    assert found.dense is not None
    back = np.arange(len(found))[::-1]
    replace(
        found, source=found.source[back], survey_id=found.survey_id[back], dense=found.dense[back]
    ).write(home / MLP / "predictions" / "test_near.npz")  # fmt: skip
    st.cache_resource.clear()
    table = '<table class="agree">'
    assert html(opened(stores["multilabel"], **MIX)).split(table)[1:] == before.split(table)[1:]


def test_a_run_in_the_way_of_a_member_is_told(
    opened: Open, stores: dict[str, Path], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = tmp_path / "checkpoints"
    shutil.copytree(home / COUNTRY, shipped / COUNTRY)
    card = Run.open(home / COUNTRY).card
    replace(card, calibration=Calibration("temperature", 2.0)).write(home / COUNTRY / "card.json")
    monkeypatch.setattr(runs, "HOMES", (shipped, home))
    monkeypatch.setattr(mixture, "PROJECT", tmp_path)
    app = opened(stores["multilabel"], **MIX)
    assert not app.exception
    assert "another run has this name" in html(app)
    assert not app.code
    scores = html(opened(stores["multilabel"], page="scores"))
    assert f"Hidden by a shipped run</b><span>{COUNTRY}" in scores
    shutil.copy(shipped / COUNTRY / "card.json", home / COUNTRY / "card.json")
    assert opened(stores["multilabel"], **MIX).code[0].value.startswith("python -m sdm ensemble runs/mixture ")
    assert "Hidden by" not in html(opened(stores["multilabel"], page="scores"))
