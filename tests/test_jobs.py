"""Work in the background: it ends, fails kindly, can be stopped, and runs once."""

from __future__ import annotations

import threading

import pytest

from sdm.errors import DataError
from sdm.jobs import RECENT_SECONDS, Job, Jobs, Pace, Progress, Report

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


def test_of_ended_jobs_only_the_latest_are_remembered() -> None:
    jobs, go = Jobs(most=2), threading.Event()
    running = jobs.start("running", lambda _: go.wait(PATIENCE))
    for name in ("a", "b", "c"):
        jobs.start(name, lambda _: 1).wait(PATIENCE)
    assert jobs.get("running") is running
    assert jobs.get("a") is None
    assert (last := jobs.get("c")) is not None
    assert last.result == 1
    go.set()


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
        (Progress(2, 4, seconds=100.0, recent=(1, 5.0)), 0.5, 10.0),
    ],
)
def test_the_time_left_is_that_of_the_present_pace(progress: Progress, share: float, left: float | None) -> None:
    assert (progress.share, progress.seconds_left) == (share, left)


def test_the_time_left_follows_the_recent_pace() -> None:
    pace = Pace()
    for second in range(1, 31):  # a step a second, then a step in ten
        pace.report(float(second), second)
    assert pace.recent(30.0) == (20, RECENT_SECONDS)
    pace.report(40.0, 31)
    pace.report(50.0, 32)
    assert pace.recent(50.0) == (2, 20.0)
    assert Progress(32, 59, seconds=50.0, recent=pace.recent(50.0)).seconds_left == 270.0


def test_a_pace_falls_while_nothing_is_reported_and_starts_anew_with_another_count() -> None:
    pace = Pace(window=10.0)
    pace.report(5.0, 10)
    assert pace.recent(5.0) == (10, 5.0)
    assert pace.recent(12.0) == (10, 12.0)
    pace.report(13.0, 1)
    assert pace.recent(14.0) == (0, 1.0)


def test_the_time_left_of_a_job_moves_with_the_clock() -> None:
    seconds, left = [0.0], []

    def work(report: Report) -> None:
        for done in range(1, 28):
            seconds[0] += 10.0
            report(done, 27, "cells")
            left.append(job.progress.seconds_left)
            seconds[0] += 5.0 if done == 13 else 0.0
            if done == 13:
                left.append(job.progress.seconds_left)

    begun = threading.Event()
    job = Job(lambda report: (begun.wait(PATIENCE), work(report))[1], "grid", clock=lambda: seconds[0])
    begun.set()
    assert job.wait(PATIENCE) == "done"
    assert left[0] == 260.0
    assert left[12:14] == [140.0, 175.0]  # five seconds later without a report: slower than it seemed
    assert left[-1] == 0.0
    assert len(set(left)) > 20
