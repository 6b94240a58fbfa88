"""Long work in the background of the app: one thread a job, with progress, cancellation and its error."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Literal

from sdm.errors import SdmError, ServiceError

log = logging.getLogger(__name__)

State = Literal["running", "done", "cancelled", "failed"]
Progress = Callable[[float], None]
"""Told the share that is done, 0..1; raises `Cancelled` when the work is no longer wanted."""

Work = Callable[[Progress], None]


class Cancelled(Exception):  # noqa: N818  no error: somebody changed their mind
    """The work is no longer wanted."""


class Job:
    """Work that runs once in a thread of its own."""

    def __init__(self, work: Work, name: str) -> None:
        self.state: State = "running"
        self.share = 0.0
        self.error: SdmError | None = None
        self._unwanted = threading.Event()
        self._work = work
        self._name = name
        self._thread = threading.Thread(target=self._run, name=f"job {name}", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._unwanted.set()

    def wait(self, seconds: float) -> State:
        """The state after the job has ended, or after `seconds`."""
        self._thread.join(seconds)
        return self.state

    def _tell(self, share: float) -> None:
        if self._unwanted.is_set():
            raise Cancelled
        self.share = min(max(share, 0.0), 1.0)

    def _run(self) -> None:
        try:
            self._work(self._tell)
            self.state = "done"
        except Cancelled:
            self.state = "cancelled"
        except SdmError as error:
            self.error, self.state = error, "failed"
        except Exception as error:
            log.exception("the job %s failed", self._name)
            self.error, self.state = ServiceError("the computation failed", where=self._name, got=error), "failed"


class Jobs:
    """The jobs of a process by name; a name runs at most once at a time."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def get(self, name: str) -> Job | None:
        """The last job of that name."""
        with self._lock:
            return self._jobs.get(name)

    def start(self, name: str, work: Work) -> Job:
        """The running job of that name, or a new one."""
        with self._lock:
            job = self._jobs.get(name)
            if job is None or job.state != "running":
                job = self._jobs[name] = Job(work, name)
            return job
