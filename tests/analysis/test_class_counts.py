"""Counts add up to the known sites, at every level."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.analysis.class_counts import class_counts, values_by_class
from tests import datasets


@pytest.mark.parametrize("level", ["name", "main_type", "group"])
def test_every_known_site_is_counted_once(level: str) -> None:
    data = datasets.multiclass()
    for table in (class_counts(data, level), class_counts(data, level, scheme="block")):
        assert table["sites"].sum() == data.targets.known.sum()
        assert set(table["class"]) <= set(data.targets.classes[level])


def test_values_of_a_regression() -> None:
    data = datasets.regression()
    sites = data.sites.assign(main_type=np.where(np.arange(len(data)) % 2, "T4", "V1"))
    table = values_by_class(type(data)(**{**vars(data), "sites": sites}), "main_type")
    assert table["sites"].sum() == data.targets.known.sum() and set(table["class"]) == {"T4", "V1"}
    assert (table["value"] * 2 == (table["value"] * 2).round()).all()
    assert values_by_class(data, "main_type").empty and values_by_class(datasets.multiclass(), "region").empty
