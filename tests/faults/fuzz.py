"""Coverage-guided fuzzing of what reads text and bytes: atheris goes on from each input that reaches new code."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.browser.server import ROOT
from tests.faults import Outcome

TARGETS = (
    "submission", "requests", "training_log", "table", "events", "series", "card", "arrays", "archive", "formula",
    "links",
)  # fmt: skip
"""Readers that `tests.faults.fuzz_target` knows."""
LONGEST_BYTES, PATIENCE_SECONDS, MOST_MB = 4096, 20, 4096
LEAST = 100  # inputs of a target: its valid ones, and some more


def fuzz(seed: int = 0, tried: int = 11_000) -> Outcome:
    """Read `tried` inputs in all, shared by the targets; nothing where atheris is not installed (off Linux).

    Survived: read, or an SdmError of one line, within PATIENCE_SECONDS.
    """
    begun, failed = time.monotonic(), list[str]()
    if importlib.util.find_spec("atheris") is None:
        print("fuzz: not tried, atheris is not installed", file=sys.stderr)
        return Outcome("fuzz", 0, 0, (), 0.0)
    names = TARGETS[: max(1, tried // LEAST)]
    runs = max(LEAST, tried // len(names))
    with tempfile.TemporaryDirectory() as home:
        ended = subprocess.run(
            [sys.executable, "-m", "tests.faults.fuzz_target", home, ",".join(names), f"-runs={runs}",
             f"-seed={seed + 1}", f"-max_len={LONGEST_BYTES}", "-len_control=0", f"-timeout={PATIENCE_SECONDS}",
             f"-rss_limit_mb={MOST_MB}"],
            cwd=ROOT, capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        for path in sorted(Path(home).glob("*/failures.txt")):
            failed += [f"{path.parent.name}: {line}" for line in path.read_text().splitlines()]
    if ended.returncode != 0:
        failed.append(f"exit status {ended.returncode}: {ended.stderr[-300:]}")
    count = runs * len(names)
    return Outcome("fuzz", count, count - len(failed), tuple(failed), time.monotonic() - begun)
