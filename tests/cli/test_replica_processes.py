"""Several replicas: what the proxy is told, and processes that are started again when they end."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sdm.cli import replica_processes
from sdm.cli.replica_processes import haproxy_configuration
from sdm.errors import SdmError

ROOT = Path(__file__).resolve().parents[2]


def test_every_replica_has_a_cookie_of_its_own() -> None:
    lines = re.findall(r"server (\w+) 127.0.0.1:(\d+) cookie (\w+)", haproxy_configuration(3, 8501, 8601))
    assert lines == [("r1", "8601", "r1"), ("r2", "8602", "r2"), ("r3", "8603", "r3")]


def test_the_file_in_the_documentation_is_the_one_of_four() -> None:
    text = (ROOT / "docs" / "deployment" / "haproxy.cfg").read_text(encoding="utf-8")
    assert text == haproxy_configuration(4, 8501, 8601)


def test_haproxy_takes_it(tmp_path: Path) -> None:
    haproxy = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
    if haproxy is None:
        pytest.skip("HAProxy is not installed")
    file = tmp_path / "haproxy.cfg"
    file.write_text(haproxy_configuration(2, 8501, 8601), encoding="utf-8")
    done = subprocess.run([haproxy, "-c", "-f", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_ends_later_is_started_again_what_ends_at_once_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica_processes, "AT_ONCE_SECONDS", 0.0)
    with replica_processes._running([["sleep", "60"]] if sys.platform != "win32" else [], {}) as processes:
        for process in processes:
            process.terminate()
            process._process.wait()
            process.start_again()
            assert process._process.poll() is None
            monkeypatch.setattr(replica_processes, "AT_ONCE_SECONDS", 60.0)
            process.terminate()
            process._process.wait()
            with pytest.raises(SdmError, match="does not start"):
                process.start_again()
        begun = time.monotonic()
    assert time.monotonic() - begun < replica_processes.STOP_SECONDS


def test_without_haproxy_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(SdmError, match="apt-get install haproxy"):
        replica_processes.serve(2, 8501, 8601)
