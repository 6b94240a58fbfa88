"""What stays is left out of collections; what became garbage meanwhile goes."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from sdm.ui.cache.garbage import settle


class Node:
    """Part of a circle, which only a collection frees."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.freeze()


def test_settled_objects_are_left_out_until_they_are_garbage() -> None:
    circle = Node()
    left = weakref.ref(circle)
    settle()
    before = gc.get_freeze_count()
    assert before > 1000
    del circle
    gc.collect()
    assert left() is not None  # it was left out
    settle()
    assert left() is None
