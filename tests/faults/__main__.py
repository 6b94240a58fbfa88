"""`python -m tests.faults [KIND ...]`: all kinds of faults, or those named, from a seed, two kinds at once, and a
table of what came of them. Exit status 1 when anything failed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from tests.faults import Outcome
from tests.faults.registry import KINDS, attempt

AT_ONCE = 2


def main(words: Sequence[str] | None = None) -> int:
    """Try the kinds, those that take longest first; the exit status."""
    options = _options(words)
    names = options.kinds or sorted(KINDS, key=lambda name: -KINDS[name].seconds)
    outcomes = []
    for outcome in _outcomes(names, options):
        outcomes.append(outcome)
        print(_row(outcome), *(f"    {note}" for note in outcome.notes), sep="\n", flush=True)
    outcomes.sort(key=lambda one: [*KINDS].index(one.kind))
    if options.markdown:
        options.markdown.write_text("\n".join(_table(outcomes)) + "\n")
    failed = [problem for one in outcomes for problem in one.failed]
    print(*failed, sep="\n", file=sys.stderr)
    return int(bool(failed))


def _outcomes(names: Sequence[str], options: argparse.Namespace) -> Iterator[Outcome]:
    """What came of each kind in a process of its own; of a single one in this."""
    counts = [max(1, round(KINDS[name].tried * options.scale)) for name in names]
    if len(names) == 1:
        yield attempt(names[0], options.seed, counts[0], options.hours)
        return
    with ProcessPoolExecutor(AT_ONCE, get_context("spawn"), max_tasks_per_child=1) as pool:
        waiting = [
            pool.submit(attempt, name, options.seed, count, options.hours)
            for name, count in zip(names, counts, strict=True)
        ]
        yield from (future.result() for future in as_completed(waiting))


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help="how often each is tried, times the usual number")
    parser.add_argument("--hours", type=float, default=0.0, help="how long the soak goes on at least")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table there")
    options = parser.parse_args(words)
    if unknown := set(options.kinds) - set(KINDS):
        parser.error(f"no such kind: {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
    return options


def _row(outcome: Outcome) -> str:
    counts = f"{outcome.tried:6} tried {outcome.survived:6} survived {len(outcome.failed):4} failed"
    plain = f" ({outcome.unprotected} unprotected)" if outcome.unprotected else ""
    return f"{outcome.kind:14} {counts} {outcome.seconds:7.1f} s{plain}"


def _table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "| kind | tried | survived | of these unprotected | failed | seconds |"
    yield "|---|---:|---:|---:|---:|---:|"
    for one in outcomes:
        counts = f"{one.tried:,} | {one.survived:,} | {one.unprotected or ''} | {len(one.failed)}"
        yield f"| {one.kind} | {counts} | {one.seconds:.0f} |"


if __name__ == "__main__":
    sys.exit(main())
