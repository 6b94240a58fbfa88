"""Pages on monthly series: the dossier of a pixel against its class and the one predicted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sdm.data.open import open_dataset
from sdm.data.store import write_store
from sdm.runs import TrainingOptions
from sdm.training import Runtime, train
from sdm.ui.components import runs
from tests.datasets import TREE_SERIES, monthly
from tests.pages.screen import Open


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Series as a store, with the dates of each pixel; beside it a run that has learnt them all by heart."""
    folder = tmp_path_factory.mktemp("trees")
    data = monthly()
    months = " ".join(f"2022-{month:02d}-15" for month in range(1, 9))
    write_store(replace(data, sites=data.sites.assign(dates=months)), folder / "trees")
    frequent = TrainingOptions("class-frequency")
    train(open_dataset(folder / "trees"), folder / "runs" / "frequent", frequent, Runtime("cpu"))
    return folder


@pytest.fixture(autouse=True)
def with_runs(trees: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "HOMES", (trees / "runs",))


@pytest.mark.parametrize(("view", "charts"), [("overview", 1), (TREE_SERIES, 2)])
def test_the_months_of_a_pixel_stand_against_those_of_its_class(
    opened: Open, trees: Path, view: str, charts: int
) -> None:
    app = opened(trees / "trees", survey="45", view=view)
    assert not app.exception and len(app.get("plotly_chart")) == charts
    assert "15 Feb" in app.get("plotly_chart")[-1].proto.spec


def test_the_class_predicted_instead_is_drawn_too(opened: Open, trees: Path) -> None:
    """The baseline predicts one class everywhere: row 44 is of the second class and in validation."""
    app = opened(trees / "trees", survey="45", view=TREE_SERIES, monthly_bands="NDVI")
    assert "predicted by frequent" in app.get("plotly_chart")[0].proto.spec
    other = opened(trees / "trees", survey="45", view=TREE_SERIES, monthly_bands="NDVI", compared_group="4")
    assert "predicted by" not in other.get("plotly_chart")[0].proto.spec
    assert "ever_coni" in other.get("plotly_chart")[0].proto.spec
