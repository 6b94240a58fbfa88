"""Garbage, looked for among what is new: Streamlit collects it after every run of a page, among all objects."""

from __future__ import annotations

import gc
import threading
import time

EVERY_SECONDS = 60.0
OLDEST = 2  # the generation of a full collection


def settle() -> None:
    """Leave what is there by now, after a last look at it, out of later collections."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def keep_settled() -> None:
    """Settle now and once a minute while pages run: libraries, data sets, models and figures stay for long. What
    became garbage after it had settled goes the next time."""

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
