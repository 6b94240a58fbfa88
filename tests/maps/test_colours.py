"""Colour coding of sites by their class: one colour each, the rarest grey where there are too many."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.data.dataset import TargetKind, Targets
from sdm.maps import colours
from sdm.maps.class_colours import class_colours
from tests.rasters.coast import CODES, coast


def test_each_class_has_the_colour_of_the_class_map() -> None:
    data = coast()
    by_class = colours.colouring(data, "target")
    assert by_class.labels == ("unknown", *CODES) and len(set(by_class.colours)) == len(CODES) + 1
    assert dict(zip(by_class.labels[1:], by_class.colours[1:], strict=True)) == class_colours(data.targets).colour
    assert np.array_equal(by_class.code - 1, np.asarray(data.targets.values))


def test_more_classes_than_codes(monkeypatch) -> None:
    monkeypatch.setattr(colours, "MOST_CODES", 2)
    classes = pd.DataFrame({"class_id": [1, 2, 3], "name": ["a", "b", "c"]})
    values, known = np.array([2, 2, 0, 0, 1]), np.array([True, True, True, True, True])
    made = colours._by_class(Targets(TargetKind.MULTICLASS, classes, values, known))
    assert made.labels == ("other", "a", "c") and made.code.tolist() == [2, 2, 1, 1, 0]
