"""Every command that writes is killed, and run again."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.faults.commands import WRITING, Command, uncovered, write_inputs
from tests.faults.full_disks import full_disks
from tests.faults.kills import kills_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")
CASES = [pytest.param(one, marks=[pytest.mark.slow] if one.dear else [], id=one.name) for one in WRITING]

QUICK = tuple(one for one in WRITING if one.name in ("unpack", "pack", "import"))


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What commands read, once a test has written it."""
    return tmp_path_factory.mktemp("read")


def test_every_command_is_listed() -> None:
    assert not uncovered()


@pytest.mark.process
def test_a_command_on_a_full_disk_is_run_again(read: Path) -> None:
    outcome = full_disks(0, len(QUICK), write_inputs(read, QUICK), QUICK)
    assert not outcome.failed
    assert outcome.survived == outcome.tried == len(QUICK)


@pytest.mark.process
@pytest.mark.parametrize("one", CASES)
def test_a_killed_command_is_run_again(one: Command, read: Path, tmp_path: Path) -> None:
    random, inputs = np.random.default_rng(len(one.name)), write_inputs(read, [one])
    outcome = kills_of(one, 4 if one.dear else 1, random, inputs, tmp_path / "homes")
    assert not outcome.failed
    assert outcome.survived == outcome.tried > 0
