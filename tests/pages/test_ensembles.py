"""An ensemble, and a run read by a calibration and thresholds per species, on every page that shows models."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sdm.data.open import open_dataset
from sdm.evaluation.decoding import SPECIES_THRESHOLDS
from sdm.evaluation.ensembles import make_ensemble
from sdm.evaluation.run_decoding import decoder_of
from sdm.evaluation.run_model import predict_or_recall
from sdm.runs import Run
from sdm.runs.records import Calibration
from sdm.ui.components import runs
from tests.datasets import SPECIES
from tests.pages.screen import Open

PAGES = ("predict", "species", "training", "confusion", "scores")


@pytest.fixture
def home(tmp_path: Path, trained: Path, stores: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The trained runs, one of them read otherwise, and the mean of two."""
    folder = Path(shutil.copytree(trained, tmp_path / "runs"))
    network = Run.open(folder / "multilabel-mlp")
    thresholds = tuple(np.linspace(0.3, 0.6, SPECIES).tolist())
    calibration = Calibration("temperature", 1.7)
    card = replace(network.card, decoder=SPECIES_THRESHOLDS, thresholds=thresholds, calibration=calibration)
    card.write(network.path / "card.json")
    members = [Run.open(folder / name) for name in ("multilabel-mlp", "multilabel-country")]
    make_ensemble(folder / "both", members, [0.4, 0.6], open_dataset(stores["multilabel"]))
    monkeypatch.setattr(runs, "HOMES", (folder,))
    return folder


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("run", ["both", "multilabel-mlp"])
def test_every_page_shows_it(opened: Open, stores: dict[str, Path], home: Path, page: str, run: str) -> None:
    assert (home / run).is_dir()
    app = opened(stores["multilabel"], page=page, survey="118", models=run, run=run)
    assert not app.exception


@pytest.mark.parametrize("run", ["both", "multilabel-mlp"])
def test_predict_says_what_the_run_says(opened: Open, stores: dict[str, Path], home: Path, run: str) -> None:
    asked = Run.open(home / run)
    data = open_dataset(stores["multilabel"])
    found = predict_or_recall(asked, data, np.array([data.row_of(118)])).probabilities
    count = decoder_of(asked.card).decode(found).nnz
    app = opened(stores["multilabel"], page="predict", survey="118", models=run, decoder="validated")
    text = " ".join(element.value for element in app.markdown)
    assert f"**{count}** species by `{asked.card.decoder}`" in text
