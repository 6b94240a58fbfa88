"""Kinds of faults that tests of their own try already: named here, run as they are, and counted."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.browser.server import ROOT
from tests.faults import Outcome


@dataclass(frozen=True)
class Selection:
    """The folders and files of tests, and about how many seconds of a processor they take."""

    tests: tuple[str, ...]
    seconds: float


SELECTIONS = {
    "properties": Selection((
        "tests/evaluation/metrics", "tests/evaluation/decoding", "tests/evaluation/test_calibration.py",
        "tests/evaluation/test_conformal.py", "tests/evaluation/confusion", "tests/geo",
        "tests/maps/test_tiles.py", "tests/analysis/test_formula.py", "tests/analysis/test_neighbours.py",
        "tests/rasters/test_group_splits.py",
    ), 50),
    "broken-states": Selection(("tests/pages/test_every_page.py", "tests/pages/test_hostile_titles.py"), 200),
    "browser": Selection(("tests/browser/test_every_page.py",), 300),
    "races": Selection((
        "tests/test_staging.py", "tests/runs/test_lock.py", "tests/test_jobs.py", "tests/test_processes.py",
        "tests/training/test_interrupted.py",
    ), 60),
    "supply": Selection(("tests/test_supply.py",), 5),
}  # fmt: skip


def selection(name: str, seed: int) -> Outcome:
    """Run the tests of a kind, properties from `seed`."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        report = Path(home) / "report.xml"
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", *SELECTIONS[name].tests, "-q", "-p", "no:cacheprovider",
             f"--hypothesis-seed={seed}", f"--junit-xml={report}"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if not report.exists():
            return Outcome(name, 0, 0, (ended.stdout[-300:] + ended.stderr[-300:],), time.monotonic() - begun)
        cases = list(ElementTree.parse(report).iter("testcase"))
    ran = [case for case in cases if case.find("skipped") is None]
    failed = [case for case in ran if case.find("failure") is not None or case.find("error") is not None]
    names = tuple(f"{case.get('classname')}.{case.get('name')}" for case in failed)
    return Outcome(name, len(ran), len(ran) - len(failed), names, time.monotonic() - begun)
