"""Processes that share work and end with the one that started them, however it ends."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait


@contextmanager
def worker_processes(count: int) -> Iterator[ProcessPoolExecutor]:
    """`count` processes that end with the block; when it ends with an error, at once.

    Each watches a pipe that nobody writes to: the system closes it also for a process that is killed.
    """
    context = multiprocessing.get_context("spawn")
    watched, held = context.Pipe(duplex=False)
    with watched, held, ProcessPoolExecutor(count, context, _end_with, (watched,)) as pool:
        try:
            yield pool
        except BaseException:
            held.close()
            pool.shutdown(cancel_futures=True)
            raise


def _end_with(watched: Connection) -> None:
    """In a worker: end as soon as the other end of the pipe is closed."""
    threading.Thread(target=_watch, args=(watched,), daemon=True).start()


def _watch(watched: Connection) -> None:
    wait([watched])
    os._exit(1)
