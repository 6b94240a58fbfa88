"""Predict, the mixture under Together: weights of links, and the command that keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.conftest import Open

MLP, COUNTRY = "multilabel-mlp", "multilabel-country"
MIX = {"page": "predict", "survey": "118", "answers": "Together"}


@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize("weight", ["9" * 5000, "1000", "½", "0x10", " "])
def test_a_weight_of_a_link_that_is_none_counts_as_none(
    opened: Open, stores: dict[str, Path], weight: str
) -> None:
    link = {f"weight_{MLP}": weight, f"weight_{COUNTRY}": weight}
    app = opened(stores["multilabel"], **MIX, **link)
    app.multiselect(key="models").set_value([MLP, COUNTRY]).run()
    assert not app.exception
    assert [slider.value for slider in app.slider] == [50, 50]
