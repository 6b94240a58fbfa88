"""What a figure of speed is: the same work the usual way and ours, checked equal, then timed in turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

REPETITIONS = 7
IN_A_ROW = 5

Work = Callable[[], object]


def seconds(work: Work) -> float:
    """How long `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def seconds_in_a_row(work: Work) -> float:
    """Mean of IN_A_ROW calls: work of milliseconds else pays for what the other side left in the caches."""
    return seconds(lambda: [work() for _ in range(IN_A_ROW)]) / IN_A_ROW


@dataclass(frozen=True)
class Target:
    """What is to be reached: so many times the usual way, or ours within so many seconds."""

    value: float
    kind: Literal["ratio", "seconds"] = "ratio"

    def __str__(self) -> str:
        return f">= {self.value:g}x" if self.kind == "ratio" else f"<= {self.value:g} s"


@dataclass(frozen=True)
class Figure:
    """One row of the table. `usual` and `ours` are medians in `unit` (seconds or bytes); `usual` is None where
    nothing is compared. `usual_way` and `note` say how it was done."""

    title: str
    ours: float
    usual: float | None = None
    usual_way: str = ""
    target: Target | None = None
    note: str = ""
    unit: Literal["s", "B"] = "s"

    @property
    def ratio(self) -> float | None:
        """How many times as much the usual way takes."""
        return None if self.usual is None else self.usual / self.ours

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None without one."""
        if self.target is None:
            return None
        if self.target.kind == "seconds":
            return self.ours <= self.target.value
        return self.ratio is not None and self.ratio >= self.target.value


@dataclass(frozen=True)
class Comparison:
    """Work to be timed by `clock`. `equal()` raises AssertionError unless both sides come to the same; without it
    their results are compared, numbers to a relative tolerance of `rtol`."""

    title: str
    usual_way: str
    usual: Work
    ours: Work
    equal: Callable[[], None] | None = None
    target: Target | None = None
    note: str = ""
    repetitions: int = REPETITIONS
    clock: Callable[[Work], float] = seconds
    rtol: float = 0.0

    def check(self) -> None:
        """AssertionError unless both sides come to the same."""
        if self.equal is not None:
            self.equal()
        else:
            np.testing.assert_allclose(self.ours(), self.usual(), rtol=self.rtol)  # type: ignore[arg-type]


def compare(comparison: Comparison) -> Figure:
    """Median seconds of both sides, by turns, once they are seen to agree (which warms both); AssertionError
    where they do not."""
    try:
        comparison.check()
    except AssertionError as problem:
        problem.add_note(f"{comparison.title}: the two sides do not come to the same")
        raise
    clock = comparison.clock
    each = [(clock(comparison.usual), clock(comparison.ours)) for _ in range(comparison.repetitions)]
    usual, ours = np.median(each, axis=0)
    return Figure(
        comparison.title, float(ours), float(usual), comparison.usual_way, comparison.target, comparison.note
    )
