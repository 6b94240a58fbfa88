"""Several processes learn what one does."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate.state import AcceleratorState
from safetensors.numpy import load_file

from sdm.training import train
from tests.datasets import multilabel
from tests.training.small import CPU, small

ROOT = Path(__file__).resolve().parents[2]
FIRST = """
import sys
from pathlib import Path
from sdm.training import train
from tests.datasets import multilabel
from tests.training.small import CPU, small
train(multilabel(), Path(sys.argv[1]), small("landsat-mlp", epochs=3, batch_size=4, weights="float32"), CPU)
"""


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """What torchrun gives the first of two processes; this one is the second."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shared = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2"}
    for name, value in {**shared, "RANK": "1", "LOCAL_RANK": "1"}.items():
        monkeypatch.setenv(name, value)
    yield {**os.environ, "RANK": "0", "LOCAL_RANK": "0", "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()
    AcceleratorState._reset_state(reset_partial_state=True)


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="gloo under torchrun")
def test_two_processes_learn_what_one_does(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The last batch holds three of the eleven surveys: the shares are uneven and must be weighed."""
    options = small("landsat-mlp", epochs=3, batch_size=4, weights="float32")
    one = train(multilabel(), tmp_path / "one", options, CPU)
    environment = request.getfixturevalue("environment")
    first = subprocess.Popen(
        [sys.executable, "-c", FIRST, str(tmp_path / "two")], cwd=ROOT, env=environment, stderr=subprocess.PIPE
    )
    two = train(multilabel(), tmp_path / "two", options, CPU)
    _, problems = first.communicate(timeout=300)
    assert first.returncode == 0, problems.decode()
    ours, theirs = (load_file(run.path / "weights.safetensors") for run in (one, two))
    for name, value in ours.items():
        np.testing.assert_allclose(theirs[name], value, atol=1e-5)
    np.testing.assert_allclose(two.history()["train_loss"], one.history()["train_loss"], atol=1e-5)
    np.testing.assert_allclose(two.history()["validation_loss"], one.history()["validation_loss"], atol=1e-5)
