"""Runs and figures, as the tests of the page Training ask for them."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from sdm.runs import DataSource, Run, RunConfig, TrainingOptions
from sdm.runs.folder import CONFIG
from tests.datasets import multilabel


def begun(folder: Path, **settings: object) -> Run:
    """A run that was asked for and has not begun."""
    config = RunConfig(TrainingOptions("landsat-mlp", **settings), DataSource.of(multilabel()))  # type: ignore[arg-type]
    config.write(folder / CONFIG)
    return Run.open(folder)


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def drawn(app: AppTest) -> list[str]:
    """The figures, as JSON."""
    return [str(chart.proto.spec) for chart in app.get("plotly_chart")]


def sound(app: AppTest) -> AppTest:
    assert not app.exception
    return app
