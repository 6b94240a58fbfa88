"""Views: the same surveys asked another question."""

from __future__ import annotations

import pytest

from sdm.data.views import VIEWS, single_label, view_of
from sdm.errors import DataError, UnknownNameError
from tests.datasets import multilabel, regression


def test_one_row_per_survey_and_species() -> None:
    dataset = multilabel()
    view = single_label(dataset)
    labels = dataset.targets.values.toarray()
    pairs = [
        (100 + row, column)
        for row in range(20) if dataset.targets.known[row]
        for column in range(7) if labels[row, column]
    ]  # fmt: skip
    assert list(zip(view.sites["survey_id"], view.targets.values, strict=True)) == pairs
    assert view.targets.kind is VIEWS["single-label"].kind
    assert view.targets.known.all()
    assert set(view.sites.loc[view.rows("validation"), "survey_id"]) == {112, 113, 114}
    last = len(view) - 1
    patch, base = (d.reader.read("patch", d.rows("test_far")[-1:]) for d in (view, dataset))
    assert (patch == base).all()
    assert view.row_of(119) <= last


def test_only_sets_of_species_have_one() -> None:
    with pytest.raises(DataError, match="multilabel"):
        single_label(regression())
    with pytest.raises(UnknownNameError, match="single-label"):
        view_of("po")
