"""Surveys as circles that tell what they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sdm.geo.distance import SiteIndex
from sdm.maps.click_map import changing_layer
from sdm.maps.colours import colouring
from sdm.maps.nearby import circles
from tests.datasets import DATASETS, multilabel


def test_each_tells_what_it_is_and_how_it_is_named() -> None:
    first, second = circles(multilabel(), np.array([2, 11]), colouring(multilabel(), "split"))
    assert (first.lon, first.lat, first.survey) == (6.0, 50.4, "PA-train/102")
    assert first.words == "survey 102 · Denmark · 2019 · 1 species"
    assert second.words == "survey 111 · Netherlands · 2018"  # nothing is known of its species
    assert first.colour == "#0072B2"


@pytest.mark.parametrize("kind", list(DATASETS))
def test_every_kind_of_target_has_them(kind: str) -> None:
    data = DATASETS[kind]()
    assert len(circles(data, np.arange(len(data)), colouring(data, "target"))) == len(data)


def test_names_stay_text() -> None:
    data = multilabel()
    hostile = replace(data, sites=data.sites.assign(country="</script><img src=x onerror=alert(1)>"))
    drawn = changing_layer("", None, "light", circles(hostile, np.arange(3), colouring(hostile, "split")))
    scripts = [str(child._template.module.script(child, {})) for child in drawn._children.values()]
    assert any("survey 102" in script for script in scripts)
    assert not any("<" in script for script in scripts)


def test_the_nearest_come_first() -> None:
    index = SiteIndex.of(multilabel().sites)
    assert index.around(5.1, 50.0, 3).tolist() == [0, 1, 2]
    assert len(index.around(5.1, 50.0, 500)) == 20
    assert SiteIndex.of(multilabel().sites[:0]).around(5.1, 50.0, 3).tolist() == []
