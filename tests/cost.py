"""What a test costs: seconds of processor time, its own and those of processes it started and waited for."""

from __future__ import annotations

import os

import pytest

MOST_SECONDS = 2.0  # of a test that is neither slow nor a walk in a browser, on a machine that does nothing else
BUSY = 2.5  # how many times as much a busy machine counts
FREE = ("slow", "browser")


def seconds() -> float:
    """Processor time of this process so far."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def too_dear(item: pytest.Item, spent: float) -> str | None:
    """Why a test may not cost that much; None when it may."""
    if any(item.get_closest_marker(name) for name in FREE) or spent <= MOST_SECONDS * BUSY:
        return None
    return (
        f"{spent:.1f} s of processor time: a test may take {MOST_SECONDS:g}, on a busy machine {BUSY:g} times as "
        "much. Use less data, share what is costly in a fixture, or mark it slow and run it where it counts."
    )
