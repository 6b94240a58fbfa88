"""Progress bars on stderr, silent where it is no terminal; apart from scores (`output`), which load slowly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

from sdm.jobs import Report


@contextmanager
def progress_bar(unit: str, what: str = "") -> Iterator[Report]:
    """A bar that the work in the block moves; it starts anew when something else is being worked on."""
    bar: tqdm[Any] = tqdm(desc=what, unit=unit, unit_scale=unit == "B", disable=None, miniters=0)

    def report(done: int, total: int, what: str) -> None:
        if total != bar.total:
            bar.reset(total or None)
        bar.set_description(what, refresh=False)
        bar.update(max(done - bar.n, 0))

    with bar:
        yield report
