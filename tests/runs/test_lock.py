"""One process trains in a folder, and others can tell which."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sdm.errors import TrainingError
from sdm.runs import TrainingOptions
from sdm.runs.lock import LOCK, holder, holding
from sdm.training import Runtime, train
from tests.datasets import multilabel

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import runpy, sys, time
from pathlib import Path
lock = runpy.run_path("sdm/runs/lock.py")  # the package would import torch
with lock["holding"](Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_holder_is_known_while_it_holds(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    with holding(tmp_path / "run"):
        assert holder(tmp_path / "run") == os.getpid()
        with pytest.raises(TrainingError, match="another process is training here"), holding(tmp_path / "run"):
            pass
        assert holder(tmp_path / "run") == os.getpid()
    assert holder(tmp_path / "run") is None
    assert not (tmp_path / "run").exists()


def test_what_is_in_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with holding(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["config.json"]


def test_a_killed_holder_locks_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    assert holder(tmp_path) == process.pid
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (tmp_path / LOCK).exists()
    assert holder(tmp_path) is None
    with holding(tmp_path):
        assert holder(tmp_path) == os.getpid()


def test_nobody_trains_where_another_does(tmp_path: Path) -> None:
    config = TrainingOptions("landsat-mlp", epochs=1)
    with holding(tmp_path / "run"), pytest.raises(TrainingError, match="another process"):
        train(multilabel(), tmp_path / "run", config, Runtime(device="cpu"))
    assert train(multilabel(), tmp_path / "run", config, Runtime(device="cpu")).finished
    assert holder(tmp_path / "run") is None
