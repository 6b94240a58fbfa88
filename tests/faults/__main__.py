"""`python -m tests.faults [KIND ...]`: every kind of fault, or those named, tried from a seed, and a table of what
came of it. Exit status 1 when anything failed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from tests.faults import Outcome
from tests.faults.registry import KINDS
from tests.faults.visits import soak


def main(words: Sequence[str] | None = None) -> int:
    """Try the kinds; the exit status."""
    options = _options(words)
    outcomes = []
    for name in options.kinds or KINDS:
        kind = KINDS[name]
        run = partial(soak, hours=options.hours) if name == "soak" else kind.run
        outcomes.append(run(options.seed, max(1, round(kind.tried * options.scale))))
        print(_row(outcomes[-1]), flush=True)
    if options.markdown:
        options.markdown.write_text("\n".join(_table(outcomes)) + "\n")
    failed = [problem for one in outcomes for problem in one.failed]
    print(*failed, sep="\n", file=sys.stderr)
    return int(bool(failed))


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
