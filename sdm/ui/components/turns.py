"""Page runs take turns, so that thirty visitors who come at once do not slow each other down.

Python computes in one thread at a time: thirty pages at once are all finished at the end, and their threads spend
half of it handing over. In turns the first stand early and the last no later.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 3  # one computes, others read files or wait for a model
LONGEST_SECONDS = 1.0  # a page that takes longer goes on, and the next one begins


class Turns:
    """At most `at_once` at a time, first come first served; after `longest` seconds one no longer counts."""

    def __init__(self, at_once: int = AT_ONCE, longest: float = LONGEST_SECONDS) -> None:
        self._at_once = at_once
        self._longest = longest
        self._lock = threading.Lock()
        self._waiting: deque[threading.Condition] = deque()  # each wakes one thread
        self._begun: dict[int, float] = {}  # by thread

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it for the length of the block; a block within it is part of it."""
        me = threading.get_ident()
        if me in self._begun:
            yield
            return
        with self._lock:
            self._wait()
            self._begun[me] = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                del self._begun[me]
                self._call_next()

    def _wait(self) -> None:
        """Until all who came before have begun and there is room."""
        mine = threading.Condition(self._lock)
        self._waiting.append(mine)
        try:
            while self._waiting[0] is not mine or (seconds := self._seconds_until_free()) > 0:
                mine.wait(None if self._waiting[0] is not mine else seconds)
        finally:
            self._waiting.remove(mine)
            self._call_next()

    def _call_next(self) -> None:
        if self._waiting:
            self._waiting[0].notify()

    def _seconds_until_free(self) -> float:
        """0 where there is room, else how long until the next of those who have a turn no longer counts."""
        now = time.monotonic()
        left = [seconds for begun in self._begun.values() if (seconds := begun + self._longest - now) > 0]
        return 0.0 if len(left) < self._at_once else min(left)


PAGES = Turns()
"""Those of this process."""
