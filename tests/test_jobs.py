"""Work in the background: it ends, fails kindly, can be stopped, and runs once."""

from __future__ import annotations

import threading

import pytest

from sdm.errors import DataError
from sdm.jobs import Job, Jobs, Progress, Report

PATIENCE = 30.0


def test_a_job_ends_with_a_result_and_tells_how_far_it_is() -> None:
    seen: list[float] = []
    ready = threading.Event()

    def work(report: Report) -> str:
        ready.wait(PATIENCE)
        report(1, 2, "cells")
        seen.append(job.progress.share)
        report(7, 2, "cells")
        return "found"

    job = Job(work, "a")
    assert (job.state, job.error, job.progress.share) == ("running", None, 0.0)
    ready.set()
    assert job.wait(PATIENCE) == "done"
    assert job.result == "found"
    assert seen == [0.5]
    assert (job.progress.share, job.progress.what) == (1.0, "cells")


def test_a_job_can_be_stopped() -> None:
    begun = threading.Event()

    def work(report: Report) -> None:
        while True:
            begun.set()
            report(1, 10, "")

    job = Jobs().start("a", work)
    begun.wait(PATIENCE)
    job.cancel()
    assert job.wait(PATIENCE) == "cancelled"
    assert job.error is None


def test_a_name_runs_once_at_a_time_and_again_later() -> None:
    jobs, go = Jobs(), threading.Event()
    first = jobs.start("a", lambda _: go.wait(PATIENCE))
    assert jobs.start("a", lambda _: None) is first
    assert jobs.start("b", lambda _: None) is not first
    go.set()
    first.wait(PATIENCE)
    assert jobs.start("a", lambda _: None) is not first


def test_known_and_unforeseen_errors_are_kept() -> None:
    def known(_: Report) -> None:
        raise DataError("the tree is gone", remedy="Make it again.")

    def unforeseen(_: Report) -> None:
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


@pytest.mark.parametrize(
    ("progress", "share", "left"),
    [
        (Progress(), 0.0, None),
        (Progress(3, 0, seconds=5.0), 0.0, None),
        (Progress(1, 4, seconds=10.0), 0.25, 30.0),
        (Progress(9, 4, seconds=10.0), 1.0, 0.0),
    ],
)
def test_the_time_left_is_that_of_the_present_pace(progress: Progress, share: float, left: float | None) -> None:
    assert (progress.share, progress.seconds_left) == (share, left)
