"""A random split shares more with training than blocks do, over the same surveys."""

from __future__ import annotations

from sdm.virtual_europe.measures.leaks import folds_of, leak_statements, shared_with_nearest
from sdm.virtual_europe.measures.sample import sample

PLOTS = 300


def test_every_survey_is_validated_once() -> None:
    here = sample(0, PLOTS)
    table = shared_with_nearest(here, folds_of(here))
    assert (table.groupby("scheme")["row"].nunique() == PLOTS).all()
    assert len(table) == 3 * PLOTS
    means = table.groupby("scheme")[["km", "sorensen"]].mean()
    assert means["km"].idxmax() == "block" and means["km"].idxmin() == "random"
    assert means.loc["random", "sorensen"] > means.loc["block", "sorensen"]


def test_two_statements() -> None:
    assert [row.unit for row in leak_statements(0, PLOTS)] == ["", "share"]
