"""Processes that share work end with the one that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sdm.processes import worker_processes

ROOT = Path(__file__).resolve().parents[1]
SLEEP = """
import os, time
from sdm.processes import worker_processes
if __name__ == "__main__":
    with worker_processes(2) as pool:
        for pid in [pool.submit(os.getpid) for _ in range(2)]:
            print(pid.result(), flush=True)
        pool.submit(time.sleep, 60).result()
"""


def living(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_workers_end_with_a_killed_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", SLEEP], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    workers = [int(parent.stdout.readline()) for _ in range(2)]
    assert all(map(living, workers))
    parent.kill()
    assert parent.wait() == -signal.SIGKILL
    deadline = time.monotonic() + 10
    while any(map(living, workers)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(living, workers))


def test_an_error_does_not_wait_for_work_that_is_under_way() -> None:
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), worker_processes(1) as pool:
        assert pool.submit(abs, -1).result() == 1
        for _ in range(3):
            pool.submit(time.sleep, 60)
        raise KeyboardInterrupt
    assert time.monotonic() - begun < 30
