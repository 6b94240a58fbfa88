"""Predict, the domain-gap demonstration: models of other data, and of several kinds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sdm.data.store import write_store
from sdm.ui.components.linked import box_key
from sdm.ui.predict import VIEWS
from tests.datasets import multilabel
from tests.pages.screen import Open, html

KINDS = ("multilabel-mlp", "multiclass-mlp", "regression-mlp")


@pytest.fixture
def gap(opened: Open, tmp_path: Path) -> AppTest:
    """A survey of species that no run knows."""
    data = multilabel()
    classes = data.targets.classes.assign(class_id=data.targets.classes["class_id"] + 1)
    other = replace(data, targets=replace(data.targets, classes=classes), name="other")
    return opened(write_store(other, tmp_path / "other").place, page="predict", survey="105", domain_gap="true")


@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("first", KINDS)
def test_models_of_several_kinds_do_not_answer_together(gap: AppTest, first: str, view: str) -> None:
    others = [name for name in KINDS if name != first]
    gap.multiselect(box_key("models")).set_value([first, *others]).run()
    gap.segmented_control(box_key("predict_view")).set_value(view).run()
    assert not gap.exception
    assert f"Left out: {', '.join(others)}." in html(gap)
    assert "Predicted values" not in html(gap)


@pytest.mark.usefixtures("with_runs")
def test_models_of_one_kind_do(gap: AppTest) -> None:
    gap.multiselect(box_key("models")).set_value(["multilabel-mlp", "multilabel-country"]).run()
    gap.segmented_control(box_key("predict_view")).set_value("agreement").run()
    assert not gap.exception
    assert "Left out:" not in html(gap)
    assert "shared with multilabel-mlp" in html(gap)
