"""Every writing command is killed at moments drawn from a seed, and run again."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.faults import Outcome
from tests.faults.commands import WRITING, Command, prepare, write_inputs
from tests.faults.forked import Ended, Kill, run_command

SIGNALS = (signal.SIGKILL, signal.SIGTERM)
TERMINATED = (128 + signal.SIGTERM, -signal.SIGTERM)
VOLATILE = {"seconds", "milliseconds", "digest"}  # in JSON: they depend on the clock
CHEAP = 5  # turns more than those of dear commands
STRAYS = (".part-*", ".*.building", ".*.lock")
State = dict[str, str]


@dataclass(frozen=True)
class Undisturbed:
    """A command that nobody killed: the files before and after it, and how it ended."""

    before: State
    after: State
    ended: Ended


def kills(number: int = 100, seed: int = 0, commands: Sequence[Command] = WRITING) -> tuple[Outcome, ...]:
    """Kill the `commands` in turn, `number` times in all, cheap ones more often; one outcome per command.

    By SIGKILL and SIGTERM in turn, before an operation on files or at a moment, also in turn. Survived: nothing
    half done stands under a final name, no process lives on, and the same command run again succeeds, gives what
    an undisturbed one does, and leaves no stray.
    """
    random = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        read = write_inputs(Path(folder) / "read", commands)
        turns = [*commands, *CHEAP * [one for one in commands if not one.dear]]
        counts = Counter(one.name for one in islice(cycle(turns), number))
        return tuple(kills_of(one, counts[one.name], random, read, Path(folder) / one.name) for one in commands)


def kills_of(one: Command, number: int, random: np.random.Generator, read: Path, folder: Path) -> Outcome:
    """Kill one command `number` times."""
    begun, failed = time.monotonic(), list[str]()
    whole = undisturbed(one, read, folder / "whole")
    for i in range(number):
        share, at_operation = float(random.random()), i // 2 % 2 == 0
        kill = Kill(
            SIGNALS[(i + len(one.name)) % 2],
            operation=1 + int(share * whole.ended.operations) if at_operation else None,
            seconds=None if at_operation else share * whole.ended.seconds,
        )
        problems = [*killed(one, kill, whole, read, folder / str(i))]
        failed += [f"{one.name}, {kill.signal.name} at {share:.3f}: {problem}" for problem in problems[:1]]
    shutil.rmtree(folder)
    return Outcome(f"killed: {one.name}", number, number - len(failed), tuple(failed), time.monotonic() - begun)


def undisturbed(one: Command, read: Path, folder: Path) -> Undisturbed:
    """Run the command in a new folder."""
    here = folder / "here"
    words = prepare(one, read, here)
    before = state(here)
    ended = run_command(words, here)
    assert ended.code == 0, ended.printed
    assert not strays(here)
    return Undisturbed(before, state(here), ended)


def killed(one: Command, kill: Kill, whole: Undisturbed, read: Path, folder: Path) -> Iterator[str]:
    """Run the command in a new folder, kill it, and run it again; what is wrong."""
    here = folder / "here"
    words = prepare(one, read, here)
    ended = run_command(words, here, kill)
    if ended.left_processes:
        yield "processes live on"
    left = state(here)
    if not one.resumes and left not in (whole.before, whole.after):
        changed = dict(left.items() ^ whole.after.items())
        yield f"neither the old nor the new state: {sorted(changed)[:3]}"
    if kill.signal == signal.SIGTERM and ended.code not in (0, *TERMINATED):
        yield f"exit status {ended.code}: {ended.printed[-300:]}"
    done = left == whole.after or holds_whole(here)
    again = run_command(words, here)
    if again.code != 0 and not (again.code == 2 and done):
        yield f"run again, exit status {again.code}: {again.printed[-300:]}"
    if state(here) != whole.after:
        yield "run again, it gives something else"
    if strays(here):
        yield f"strays after it was run again: {strays(here)[:3]}"
    shutil.rmtree(folder)


def holds_whole(here: Path) -> bool:
    """Whether work that was interrupted is whole: the next command completes it, and then it is there."""
    return any(here.rglob(".part-*/whole"))


def strays(here: Path) -> list[str]:
    """What is left of work that was interrupted."""
    return [str(path.relative_to(here)) for pattern in STRAYS for path in here.rglob(pattern)]


def state(here: Path) -> State:
    """File -> digest of what is in it, but for times; without strays."""
    files = (path for path in sorted(here.rglob("*")) if path.is_file())
    named = ((path.relative_to(here), path) for path in files)
    return {
        name.as_posix(): hashlib.sha256(_content(path)).hexdigest()
        for name, path in named if not any(part.startswith(".") for part in name.parts)
    }  # fmt: skip


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix == ".json":
        return json.dumps(_timeless(json.loads(content))).encode()
    if path.name in ("history.csv", "batches.csv"):
        return pd.read_csv(path).drop(columns="seconds").to_csv().encode()
    if path.suffix == ".gpkg":
        return re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", b"", content)
    return content


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _timeless(of_key) for key, of_key in value.items() if key not in VOLATILE}
    return [_timeless(one) for one in value] if isinstance(value, list) else value
