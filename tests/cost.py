"""What a test costs: seconds of processor time, its own and those of processes it started and waited for.

The end of a run lists the tests that cost more than they should. No test fails for it: a busy machine counts more.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

import pytest

MOST_SECONDS = 2.0  # of a test that is not marked as one of `FREE`
FREE = ("slow", "browser", "process")
SPENT = "processor seconds"


def seconds() -> float:
    """Processor time of this process so far."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def dear(reports: Iterable[pytest.TestReport]) -> list[tuple[float, str]]:
    """Seconds and names of tests over `MOST_SECONDS` that are not marked as `FREE`, dearest first."""
    spent = [
        (float(value), report.nodeid)
        for report in reports if not any(name in report.keywords for name in FREE)
        for name, value in report.user_properties if name == SPENT
    ]  # fmt: skip
    return sorted((one for one in spent if one[0] > MOST_SECONDS), reverse=True)
