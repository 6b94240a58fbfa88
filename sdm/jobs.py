"""Long work: how far it is, in the background of the app, stopped on request."""

from __future__ import annotations

import logging
import threading
import time
from bisect import bisect_right
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, Generic, Literal, TypeVar

from sdm.errors import SdmError, ServiceError

log = logging.getLogger(__name__)

T = TypeVar("T")
RECENT_SECONDS = 20.0  # by whose pace the remaining time is told
MOST_JOBS = 64  # of a process that are remembered
State = Literal["running", "done", "cancelled", "failed"]
Report = Callable[[int, int, str], object]
"""What long work calls as it goes, with steps done, steps in all (0: unknown) and what is being worked on.

It raises `Cancelled` when the work is no longer wanted.
"""


def no_report(_done: int, _total: int, _what: str) -> None:
    """A `Report` to nobody."""


def part_of(report: Report, before: int, every: int, name: str) -> Report:
    """What a part called `name` of longer work reports to, of whose `every` steps `before` come before the part.

    >>> part_of(lambda *told: print(told), 10, 30, "forests")(5, 20, "species 1 of 4")
    (15, 30, 'forests: species 1 of 4')
    """
    return lambda done, _total, what: report(before + done, every, f"{name}: {what}")


class Cancelled(Exception):  # noqa: N818  no error: somebody changed their mind
    """The work is no longer wanted."""


@dataclass(frozen=True)
class Progress:
    """How far work is after `seconds`: steps `done` of `total`, 0 where that is unknown.

    `recent`: steps done lately, and how many seconds they took; (0, …) where that is unknown.

    >>> Progress(1, 4, seconds=10.0).seconds_left, Progress(3, 9, seconds=60.0, recent=(2, 20.0)).seconds_left
    (30.0, 60.0)
    """

    done: int = 0
    total: int = 0
    what: str = ""
    seconds: float = 0.0
    recent: tuple[int, float] = (0, 0.0)

    @property
    def share(self) -> float:
        """0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At the recent pace; None before the first step, and where the number of steps is unknown."""
        steps, seconds = self.recent if self.recent[0] else (self.done, self.seconds)
        return max(self.total - self.done, 0) * seconds / steps if self.total and steps else None


class Pace:
    """The steps of the last `window` seconds, by a clock that starts with 0."""

    def __init__(self, window: float = RECENT_SECONDS) -> None:
        self.window = window
        self._reports: tuple[tuple[float, int], ...] = ((0.0, 0),)  # never changed: others read it meanwhile

    def report(self, seconds: float, done: int) -> None:
        """Note that `done` steps are done; fewer than before: something else is being counted."""
        before = self._before(seconds) if done >= self._reports[-1][1] else ()
        self._reports = (*before, (seconds, done))

    def recent(self, seconds: float) -> tuple[int, float]:
        """The steps since the last report before the window, and the time they took until now."""
        reports = self._before(seconds)
        return reports[-1][1] - reports[0][1], seconds - reports[0][0]

    def _before(self, seconds: float) -> tuple[tuple[float, int], ...]:
        """The reports of the window that ends at `seconds`, and the last one before it."""
        reports = self._reports
        old = bisect_right(reports, seconds - self.window, key=itemgetter(0))
        return reports[max(old - 1, 0) :]


class Job(Generic[T]):
    """Work that runs once in a thread of its own.

    No executor: the app would wait for its threads before it ends.
    """

    def __init__(
        self, work: Callable[[Report], T], name: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name, self._clock, self._begun, self._unwanted = name, clock, clock(), threading.Event()
        self._reported, self._pace = Progress(), Pace()
        self._future: Future[T] = Future()
        threading.Thread(target=self._run, args=(work,), name=f"job {name}", daemon=True).start()

    @property
    def progress(self) -> Progress:
        """How far it is by now: the remaining time is told anew also between two reports."""
        now = self._clock() - self._begun
        return replace(self._reported, seconds=now, recent=self._pace.recent(now))

    @property
    def state(self) -> State:
        """What has become of it."""
        if not self._future.done():
            return "running"
        error = self._future.exception()
        return "done" if error is None else "cancelled" if isinstance(error, Cancelled) else "failed"

    @property
    def result(self) -> T:
        """What the work gave; only for a job that is done."""
        return self._future.result()

    @property
    def error(self) -> SdmError | None:
        """Why it failed."""
        error = self._future.exception() if self._future.done() else None
        return error if isinstance(error, SdmError) else None

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._unwanted.set()

    def wait(self, seconds: float) -> State:
        """The state after the job has ended, or after `seconds`."""
        wait([self._future], seconds)
        return self.state

    def _report(self, done: int, total: int, what: str) -> None:
        if self._unwanted.is_set():
            raise Cancelled
        self._reported = Progress(done, total, what)
        self._pace.report(self._clock() - self._begun, done)

    def _run(self, work: Callable[[Report], T]) -> None:
        try:
            self._future.set_result(work(self._report))
        except (Cancelled, SdmError) as error:
            self._future.set_exception(error)
        except Exception as error:
            log.exception("the job %s failed", self.name)
            self._future.set_exception(ServiceError("the computation failed", where=self.name, got=error))


class Jobs:
    """The jobs of a process by name; a name runs at most once at a time.

    Beyond `most`, those that have ended are forgotten with their results, the oldest first.
    """

    def __init__(self, most: int = MOST_JOBS) -> None:
        self._jobs: dict[str, Job[Any]] = {}
        self._most = most
        self._lock = threading.Lock()

    def get(self, name: str) -> Job[Any] | None:
        """The last job of that name."""
        with self._lock:
            return self._jobs.get(name)

    def start(self, name: str, work: Callable[[Report], Any]) -> Job[Any]:
        """The running job of that name, or a new one."""
        with self._lock:
            job = self._jobs.get(name)
            if job is None or job.state != "running":
                self._jobs.pop(name, None)  # the newest comes last
                job = self._jobs[name] = Job(work, name)
                ended = [old for old, other in self._jobs.items() if other.state != "running"]
                for old in ended[: max(len(self._jobs) - self._most, 0)]:
                    del self._jobs[old]
            return job
