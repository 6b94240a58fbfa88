"""Plain names of classes at every level."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.data.dataset import TargetKind, Targets
from sdm.rasters.class_titles import class_titles
from sdm.rasters.ecosystem_types import HIERARCHY, class_table


def targets(classes: pd.DataFrame, hierarchy: tuple[str, ...]) -> Targets:
    known = np.ones(1, bool)
    return Targets(TargetKind.MULTICLASS, classes, classes["class_id"].to_numpy()[:1], known, hierarchy)


def test_every_level_of_ecosystem_types_has_plain_names() -> None:
    classes = class_table(["T4-C-1", "V1-C-8"])
    titles = class_titles(targets(classes, HIERARCHY))
    assert set(titles) == {"T", "V", "T4", "V1", "T4-C-1", "V1-C-8"} and titles["T"] == "dry land"
    coarse = classes.assign(name=classes["main_type"]).drop(columns="title")
    assert class_titles(targets(coarse, HIERARCHY[:2])) == {n: titles[n] for n in ("T", "V", "T4", "V1")}


def test_other_classes_have_none() -> None:
    classes = pd.DataFrame({"class_id": [1, 2], "name": ["T4", "V1"], "group": ["T", "V"]})
    assert class_titles(targets(classes, ("group", "name"))) == {}  # one's own, that are called alike
