"""A command in a process of its own, forked from one that has imported everything, and killed at a moment."""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import click

from sdm.cli import COMMANDS

REMOVALS = {"os.remove", "os.rmdir"}
WRITES = {"os.mkdir", "os.rename", *REMOVALS}
PATIENCE = 120.0  # seconds
LAZY = ("pyarrow.dataset", "pyogrio", "rasterio.features")  # imported by some commands


@dataclass(frozen=True)
class Kill:
    """A signal sent after so many seconds, or by the process itself before so many operations on files."""

    signal: signal.Signals
    seconds: float | None = None
    operation: int | None = None


@dataclass(frozen=True)
class Refusal:
    """The system refuses: files longer than so many `bytes`, as one that is full does, or with error `number` all
    operations on files from the one of number `operation` on; on a full disk files can still be removed."""

    bytes: int | None = None
    number: int = errno.EROFS
    operation: int | None = None

    def of(self, event: str, done: int) -> bool:
        """Whether the operation, the one of number `done`, is refused."""
        possible = self.number == errno.ENOSPC and event in REMOVALS
        return self.operation is not None and done >= self.operation and not possible


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code (minus the signal), operations on files (0 for a killed one), seconds, what
    it printed, and whether processes that it had started were alive seconds later."""

    code: int
    operations: int
    seconds: float
    printed: str
    left_processes: bool


@cache
def _forking() -> Any:
    context = get_context("forkserver")
    modules = dict.fromkeys(module for module, _ in COMMANDS.values())
    context.set_forkserver_preload(["tests.faults.commands", *modules, *LAZY])
    return context


def run_command(words: Sequence[str], here: Path, fault: Kill | Refusal | None = None) -> Ended:
    """Run `python -m sdm` with `words`, which works in the folder `here`."""
    receiver, sender = _forking().Pipe(duplex=False)
    output = here.with_name(f"{here.name}.txt")
    process = _forking().Process(target=_main, args=(list(words), here, output, sender, fault))
    kill = fault if isinstance(fault, Kill) else None
    process.start()
    sender.close()
    with receiver:
        receiver.recv()  # it begins
        begun = time.monotonic()
        if kill is not None and kill.seconds is not None:
            process.join(kill.seconds)
            if process.is_alive() and process.pid is not None:
                os.kill(process.pid, kill.signal)
        process.join(PATIENCE)
        seconds = time.monotonic() - begun
        if process.exitcode is None:
            process.kill()
            process.join()
        operations = receiver.recv() if process.exitcode is not None and process.exitcode >= 0 else 0
    assert process.exitcode is not None and process.pid is not None
    return Ended(process.exitcode, operations, seconds, output.read_text(), _outlived(process.pid))


def _main(words: list[str], here: Path, output: Path, sender: Connection, fault: Kill | Refusal | None) -> None:
    from sdm.cli import main
    from tests.faults.commands import small_worlds

    os.setsid()
    if isinstance(fault, Refusal) and fault.bytes is not None:
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_FSIZE, (fault.bytes, fault.bytes))
    done = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal done
        flags = arguments[2] if event == "open" else 0
        writes = event in WRITES or (isinstance(flags, int) and flags & os.O_CREAT)
        if writes and str(arguments[0]).startswith(str(here)):
            done += 1
            if isinstance(fault, Kill) and done == fault.operation:
                os.kill(os.getpid(), fault.signal)
            if isinstance(fault, Refusal) and fault.of(event, done):
                raise OSError(fault.number, os.strerror(fault.number), str(arguments[0]))

    with output.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        sys.stdout, sys.stderr = file, file
        sys.addaudithook(count)
        sender.send(None)
        try:
            with small_worlds():
                main(words, prog_name="sdm")
        except click.exceptions.Exit as end:
            sys.exit(end.exit_code)
        finally:
            sender.send(done)


def _outlived(group: int, seconds: float = 10.0) -> bool:
    """Whether a process of the `group` still lives after so long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.01)
    os.killpg(group, signal.SIGKILL)
    return True
