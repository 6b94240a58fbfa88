"""Work in the background: it ends, fails kindly, can be stopped, and runs once."""

from __future__ import annotations

import threading

from sdm.errors import DataError
from sdm.inference.jobs import Jobs, Progress

PATIENCE = 30.0


def test_a_job_ends_and_tells_how_far_it_is() -> None:
    told = []

    def work(tell: Progress) -> None:
        tell(0.5)
        told.append(job.share)
        tell(7.0)

    ready = threading.Event()

    def waiting(tell: Progress) -> None:
        ready.wait(PATIENCE)
        work(tell)

    job = Jobs().start("a", waiting)
    ready.set()
    assert job.wait(PATIENCE) == "done"
    assert told == [0.5]
    assert job.share == 1.0


def test_a_job_can_be_stopped() -> None:
    begun = threading.Event()

    def work(tell: Progress) -> None:
        while True:
            begun.set()
            tell(0.1)

    job = Jobs().start("a", work)
    begun.wait(PATIENCE)
    job.cancel()
    assert job.wait(PATIENCE) == "cancelled"


def test_a_name_runs_once_at_a_time_and_again_later() -> None:
    jobs, go = Jobs(), threading.Event()
    first = jobs.start("a", lambda _: bool(go.wait(PATIENCE)))
    assert jobs.start("a", lambda _: None) is first
    assert jobs.start("b", lambda _: None) is not first
    go.set()
    first.wait(PATIENCE)
    assert jobs.start("a", lambda _: None) is not first


def test_known_and_unforeseen_errors_are_kept() -> None:
    def known(_: Progress) -> None:
        raise DataError("the tree is gone", remedy="Make it again.")

    def unforeseen(_: Progress) -> None:
        raise ZeroDivisionError

    jobs = Jobs()
    job = jobs.start("known", known)
    assert job.wait(PATIENCE) == "failed"
    assert str(job.error) == "the tree is gone. Make it again."
    job = jobs.start("unforeseen", unforeseen)
    assert job.wait(PATIENCE) == "failed"
    assert job.error is not None
    assert job.error.what == "the computation failed"
    assert jobs.get("unforeseen") is job
    assert jobs.get("never") is None
