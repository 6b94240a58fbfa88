"""Pages say which surveys lack what a model sees, before it learns and before it predicts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sdm.data.store import write_store
from sdm.ui.state import Key
from tests.datasets import multilabel, with_inputs
from tests.pages.screen import Open

Store = Callable[..., Path]


@pytest.fixture
def gaps(tmp_path: Path) -> Store:
    """A store whose surveys have Landsat at these rows alone."""

    def make(*rows: int) -> Path:
        return write_store(
            with_inputs(multilabel(), "landsat", np.isin(np.arange(20), rows)), tmp_path / "gaps"
        ).place

    return make


def test_a_model_of_an_input_that_nobody_has_is_not_offered(opened: Open, gaps: Store) -> None:
    app = opened(gaps(13), page="training", training_section="train")
    assert not app.exception
    offered = app.selectbox(Key.TRAIN_MODEL).options
    assert offered and not [title for title in offered if "Landsat" in title]
    assert not app.warning


def test_little_is_a_warning_before_the_training(opened: Open, gaps: Store) -> None:
    app = opened(gaps(2, 13, 15), page="training", training_section="train")
    app.selectbox(Key.TRAIN_MODEL).set_value("landsat-mlp").run()
    (warning,) = app.warning
    assert "1 of 11" in warning.value and "1 of 3" in warning.value
    app.selectbox(Key.TRAIN_MODEL).set_value("environment-mlp").run()
    assert not app.warning


@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize(("rows", "named"), [((15,), "116, 117"), ((), "")])
def test_a_list_names_its_surveys_without_input(
    opened: Open, gaps: Store, rows: tuple[int, ...], named: str
) -> None:
    app = opened(gaps(2, 13, *rows), page="predict", predict_section="list")
    app.file_uploader(Key.SURVEY_FILE).set_value(("list.csv", b"surveyId\n115\n116\n117\n", "text/csv")).run()
    app.selectbox(Key.BATCH_MODEL).set_value("multilabel-mlp").run()
    assert not app.exception
    begin = [button for button in app.button if button.key == "batch_begin"]
    if rows:
        assert named in app.warning[0].value and begin
    else:
        assert app.error and not begin
