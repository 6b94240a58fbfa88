"""The app as a visitor meets it: a server of its own, and Chromium that reaches nothing else."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
# What V8 optimises in the background, and collects often in a small space, pays off on long visits only: a page
# that is looked at once takes a sixth less processor time without.
BRIEF_VISITS = "--js-flags=--no-maglev --no-turbofan --min-semi-space-size=64 --max-semi-space-size=64"
START_SECONDS, STOP_SECONDS = 180, 20


def chromium() -> str | None:
    """The path of Debian's Chromium, or of Google's."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(*data: Path, root: Path = ROOT) -> Iterator[str]:
    """The app on `data`; yields its address."""
    port = free_port()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(root / "app.py"), "--server.port", str(port)],
            cwd=root, stdout=log, stderr=log,
            env={**os.environ, "SDM_DATA": os.pathsep.join(map(str, data)), "OMP_WAIT_POLICY": "PASSIVE"},
        )  # fmt: skip
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.2)
    raise RuntimeError("the app did not start")


@contextlib.contextmanager
def browsing(*flags: str) -> Iterator[Browser]:
    """Chromium with `flags` and without any name resolution: every request to another host fails."""
    with sync_playwright() as playwright:
        args = ["--no-sandbox", ONLY_HERE, *flags]
        browser = playwright.chromium.launch(executable_path=chromium(), args=args)
        try:
            yield browser
        finally:
            browser.close()
