"""What stays is left out of collections; what became garbage meanwhile goes."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from sdm.ui.cache.garbage import leave_out, settle


class Node:
    """Part of a circle, which only a collection frees."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    if leave_out in gc.callbacks:
        gc.callbacks.remove(leave_out)
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


def test_what_outlives_a_collection_is_left_out_of_the_next() -> None:
    gc.callbacks.append(leave_out)
    gc.collect()
    circle, garbage = Node(), weakref.ref(Node())
    gc.collect()
    assert garbage() is None
    assert len(gc.get_objects(generation=2)) < 1000  # as many as a collection looks at again
    left = weakref.ref(circle)
    del circle
    settle()
    assert left() is None
