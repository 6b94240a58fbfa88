"""Garbage, looked for among what is new: Streamlit collects it after every run of a page, among all objects.

What outlives a collection is left out of the next ones. Once a minute all is looked at again, so that what became
garbage later goes too.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Mapping

EVERY_SECONDS = 60.0
OLDEST = 2  # the generation of a full collection


def settle() -> None:
    """Look at all objects once, and leave those that stay out of later collections."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def leave_out(phase: str, info: Mapping[str, int]) -> None:
    """Of `gc.callbacks`: what a full collection has looked at is left out of the next one."""
    if phase == "stop" and info["generation"] == OLDEST:
        gc.freeze()


def keep_settled() -> None:
    """Leave out after every collection what outlives it, and settle now and once a minute while pages run."""
    if leave_out not in gc.callbacks:
        gc.callbacks.append(leave_out)

    def again() -> None:
        while True:
            settle()
            done = _collections()
            while _collections() == done:
                time.sleep(EVERY_SECONDS)

    threading.Thread(target=again, name="garbage", daemon=True).start()


def _collections() -> int:
    """Full collections of the process until now, one or more per run of a page."""
    return int(gc.get_stats()[OLDEST]["collections"])
