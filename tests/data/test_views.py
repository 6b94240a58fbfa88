"""Views: the same surveys asked another question."""

from __future__ import annotations

import pytest

from sdm.data.views import VIEWS, at_level, single_label, view_of
from sdm.errors import DataError, UnknownNameError
from tests.datasets import multiclass, multilabel, regression


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


def test_classes_of_a_coarser_level() -> None:
    data = multiclass()
    coarse = at_level(data, "main_type").targets
    assert coarse.classes["name"].tolist() == ["T4", "V1"]
    assert coarse.classes["class_id"].tolist() == [1, 3]  # the lowest of their members
    assert coarse.classes["group"].tolist() == ["T", "V"]
    assert coarse.hierarchy == ("group", "main_type")
    assert coarse.values.tolist() == (data.targets.values // 2).tolist()
    assert at_level(at_level(data, "main_type"), "main_type").targets is not data.targets
    assert at_level(data, "name") is data
    assert view_of("level:group").apply(data).targets.classes["name"].tolist() == ["T", "V"]
    with pytest.raises(DataError, match="group, main_type, name; got family"):
        at_level(data, "family")
    with pytest.raises(DataError, match="hierarchy"):
        at_level(multilabel(), "genus")
