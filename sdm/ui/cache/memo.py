"""The one mechanism by which results are held between reruns."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

import streamlit as st

from sdm.ui.cache.keys import STAMPS, NoKeyError, hold, key_of

P = ParamSpec("P")
R = TypeVar("R")


class Memo(Generic[P, R]):
    """A function whose results are held; see `memo`."""

    def __init__(
        self, function: Callable[P, R], most: int | None, spinner: str | bool, seconds: float | None
    ) -> None:
        functools.update_wrapper(self, function)
        self._function = function
        self._not_counted = {
            place for place, name in enumerate(inspect.signature(function).parameters) if name[0] == "_"
        }

        def held(key: object, _make: Callable[[], R]) -> R:  # noqa: ARG001  Streamlit leaves out what begins with _
            result = _make()
            hold(result)
            return result

        held.__module__, held.__qualname__ = function.__module__, function.__qualname__  # its name among all
        self._held = st.cache_resource(
            show_spinner=spinner, max_entries=most, ttl=seconds, hash_funcs=STAMPS
        )(held)  # fmt: skip

    def __call__(self, *values: P.args, **named: P.kwargs) -> R:
        counted = [value for place, value in enumerate(values) if place not in self._not_counted]
        key: object
        try:
            key = key_of((counted, named))
        except NoKeyError:
            key = counted, named
        return self._held(key, lambda: self._function(*values, **named))

    def clear(self) -> None:
        """Forget all results."""
        self._held.clear()


def memo(
    most: int | None, spinner: str | bool = False, *, seconds: float | None = None
) -> Callable[[Callable[P, R]], Memo[P, R]]:
    """Hold the results of a function for all sessions of the process, the `most` recent; two callers with the same
    arguments compute once.

    Results are shared and must never be changed. Arguments are compared by value, or by what `STAMPS` makes of
    them: of runs and logs the state of their files, so that nothing computed of an older one is returned. Those
    whose names begin with _ do not count. `spinner` is shown while computing. After `seconds` a result is computed
    anew.
    """
    return lambda function: Memo(function, most, spinner, seconds)
