"""Errors of models of pixels: listed and mapped by site, in words of pixels, beside what needs no model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sdm.data.dataset import TargetKind
from sdm.data.open import open_dataset
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from sdm.ui.components import runs
from tests.pages.screen import Open, everything, html, words
from tests.rasters.coast import write_coast


@pytest.fixture(scope="module")
def coasts(tmp_path_factory: pytest.TempPathFactory) -> dict[TargetKind, Path]:
    folder = tmp_path_factory.mktemp("coasts")
    return {
        kind: write_coast(folder / kind.value, kind) for kind in (TargetKind.MULTICLASS, TargetKind.REGRESSION)
    }


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, coasts: dict[TargetKind, Path]) -> Path:
    """A small network per target kind, that of classes under two split schemes."""
    folder = tmp_path_factory.mktemp("runs")
    quick = Runtime(device="cpu")
    types, lime = (open_dataset(place) for place in coasts.values())
    for scheme in ("random", "block", "site"):
        train(types, folder / f"mlp-{scheme}", TrainingOptions("pixel-mlp", scheme=scheme, epochs=2), quick)
    train(lime, folder / "lime", TrainingOptions("lime-mlp", epochs=2), quick)
    return folder


@pytest.fixture(autouse=True)
def at_hand(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "HOMES", (trained,))


def test_pixels_of_one_site_are_listed(opened: Open, coasts: dict[TargetKind, Path]) -> None:
    app = opened(coasts[TargetKind.MULTICLASS], page="confusion", run="mlp-block", level="main_type")
    assert not app.exception
    every = open_dataset(coasts[TargetKind.MULTICLASS]).sites
    listed = app.dataframe[-1].value
    most = every.loc[every["split_block"] == "validation", "source"].value_counts()
    assert len(listed) == most.max()
    assert set(app.session_state["listed_site_box"].split()) <= set(most.index)
    other = opened(coasts[TargetKind.MULTICLASS], page="confusion", run="mlp-block", listed_site=most.index[-1])
    assert not other.exception
    assert len(other.dataframe[-1].value) == most.min()


def test_numbers_stand_beside_mean_and_random_guess(opened: Open, coasts: dict[TargetKind, Path]) -> None:
    app = opened(coasts[TargetKind.REGRESSION], page="confusion", run="lime")
    assert not app.exception
    assert "Mean of training" in html(app)
    assert "andom guess, 1 to " in html(app)
    assert "surveys" not in words(app).lower()


def test_split_schemes_stand_side_by_side(opened: Open, coasts: dict[TargetKind, Path]) -> None:
    app = opened(coasts[TargetKind.MULTICLASS], page="scores", scores_section="schemes")
    assert not app.exception
    assert len(app.get("plotly_chart")) == 1
    assert "Split at random" in html(app)
    alone = opened(coasts[TargetKind.REGRESSION], page="scores", scores_section="schemes")
    assert not alone.exception
    assert "--scheme" in html(alone)


@pytest.mark.parametrize(("run", "fall"), [("mlp-site", True), ("mlp-block", False)])
def test_a_run_is_scored_site_by_site(opened: Open, coasts: dict[TargetKind, Path], run: str, fall: bool) -> None:
    board = f"multiclass-{run.removeprefix('mlp-')}"
    app = opened(coasts[TargetKind.MULTICLASS], page="scores", run=run, board=board)
    assert not app.exception
    assert "Scores at each site" in html(app)
    assert ("never saw" in html(app)) == fall


VIEWS: list[tuple[str, dict[str, str]]] = [
    ("explore", {"survey": "1", "view": "neighbours"}), ("explore", {"at": "69, 12"}),
    ("predict", {"survey": "1", "predict_view": "agreement"}), ("species", {}), ("training", {}),
    ("confusion", {}), ("scores", {}), ("scores", {"scores_section": "schemes"}), ("about", {}),
]  # fmt: skip


@pytest.mark.parametrize(("page", "query"), VIEWS, ids=lambda value: value if isinstance(value, str) else "")
def test_no_page_speaks_of_surveys_and_species(
    opened: Open, coasts: dict[TargetKind, Path], page: str, query: dict[str, str]
) -> None:
    app = opened(coasts[TargetKind.MULTICLASS], page=page, **query)
    assert not app.exception
    wrong = re.compile(r"(?i).{0,60}(?<![\w/.=-])(species|surveys?)(?![\w/=-]).{0,40}")
    menu = {"Species", "A simulated mountain"}
    found = {hit[0] for text in everything(app) if text not in menu for hit in wrong.finditer(text)}
    assert not {text for text in found if "Tree species: monthly" not in text}
