"""Every writing command on a disk that is full, or that becomes read-only, while it writes; then run again."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from tests.faults import Outcome
from tests.faults.commands import WRITING, Command, prepare, write_inputs
from tests.faults.forked import Refusal, run_command
from tests.faults.kills import Undisturbed, holds_whole, state, strays, undisturbed
from tests.faults.trials import Trials

MESSAGES = 1000  # bytes: what a command prints goes to a file too, which must have room
CHEAP = tuple(one for one in WRITING if not one.dear)
BAD_INPUT = 2  # the exit status that goes with one line on what is wrong


def full_disks(
    seed: int = 0, tried: int = 60, read: Path | None = None, commands: Sequence[Command] = CHEAP
) -> Outcome:
    """Refuse what a command writes from a moment on, `tried` times in all, `commands` in turn, which `read` what
    `write_inputs` wrote.

    Survived: it ends with one line on what is wrong, without a traceback; the folder holds the old state or the
    new one; run again with room it succeeds, gives what an undisturbed one does, and leaves no stray.
    """
    random, trials = np.random.default_rng(seed), Trials("full-disks")
    with tempfile.TemporaryDirectory() as home:
        read = read or write_inputs(Path(home) / "read", commands)
        whole = {one.name: undisturbed(one, read, Path(home) / one.name) for one in commands[:tried]}
        for i in range(tried):
            one, folder = commands[i % len(commands)], Path(home) / str(i)
            refusal = _refusal(i + i // len(commands), random, whole[one.name], Path(home) / one.name)
            with trials.one(f"{one.name}, {refusal}"):
                problems = [*_refused(one, refusal, whole[one.name], read, folder)]
                assert not problems, problems[0]
            shutil.rmtree(folder, ignore_errors=True)
    return trials.outcome()


def _refusal(turn: int, random: np.random.Generator, whole: Undisturbed, folder: Path) -> Refusal:
    """By length, by a full disk, by a read-only one, in turn."""
    operation = 1 + int(random.random() * whole.ended.operations)
    longest = max(path.stat().st_size for path in (folder / "here").rglob("*") if path.is_file())
    return (
        Refusal(bytes=max(MESSAGES, int(random.random() * longest))),
        Refusal(number=errno.ENOSPC, operation=operation),
        Refusal(number=errno.EROFS, operation=operation),
    )[turn % 3]


def _refused(one: Command, refusal: Refusal, whole: Undisturbed, read: Path, folder: Path) -> Iterator[str]:
    """Run the command in a new folder with the refusal, then without; what is wrong."""
    here = folder / "here"
    words = prepare(one, read, here)
    ended = run_command(words, here, refusal)
    left = state(here)
    if ended.code not in (0, BAD_INPUT) or "Traceback" in ended.printed:
        yield f"exit status {ended.code}: {ended.printed[-200:]}"
    if ended.left_processes:
        yield "processes live on"
    if not one.resumes and left not in (whole.before, whole.after):
        yield f"neither the old nor the new state: {sorted(dict(left.items() ^ whole.after.items()))[:3]}"
    done = left == whole.after != whole.before or holds_whole(here)
    again = run_command(words, here)
    if again.code != 0 and not (again.code == BAD_INPUT and done):
        yield f"run again, exit status {again.code}: {again.printed[-200:]}"
    if state(here) != whole.after:
        yield "run again, it gives something else"
    if strays(here):
        yield f"strays after it was run again: {strays(here)[:3]}"
