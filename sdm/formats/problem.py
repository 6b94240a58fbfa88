"""Problems of a file, by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from sdm.errors import DataError

_LINE = re.compile(r"^line (\d+)(?:: |, )(.*)$", re.DOTALL)
SHOWN = 5
MOST = 1000  # problems of a file that are kept


@dataclass(frozen=True)
class Problem:
    """A problem and its line; None where it concerns the whole file."""

    line: int | None
    what: str

    @staticmethod
    def of(error: DataError) -> Problem:
        """Return the problem of an error, its line read from the text.

        >>> Problem.of(DataError("line 4: no id", expected="a whole number", got="x"))
        Problem(line=4, what='no id; expected a whole number; got x')
        """
        match = _LINE.match(error.what)
        line, what = (int(match[1]), match[2]) if match else (None, error.what)
        parts = [f"{word} {said}" for word, said in (("expected", error.expected), ("got", error.got)) if said]
        return Problem(line, "; ".join([what, *parts]))

    def __str__(self) -> str:
        return self.what if self.line is None else f"line {self.line}: {self.what}"


@dataclass(frozen=True)
class Problems(Sequence[Problem]):
    """How many problems a file has, and the first MOST of them by line, those of the whole file last.

    A sequence of `first`; the others are not kept, for a file may hold millions of bad lines.
    """

    first: tuple[Problem, ...] = ()
    total: int = 0

    @staticmethod
    def of(problems: Iterable[Problem]) -> Problems:
        """All of `problems`."""
        every = sorted(problems, key=_by_line)
        return Problems(tuple(every[:MOST]), len(every))

    def __add__(self, other: Problems) -> Problems:
        first = sorted((*self.first, *other.first), key=_by_line)[:MOST]
        return Problems(tuple(first), self.total + other.total)

    def __len__(self) -> int:
        return len(self.first)

    @overload
    def __getitem__(self, index: int) -> Problem: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Problem, ...]: ...
    def __getitem__(self, index: int | slice) -> Problem | tuple[Problem, ...]:
        return self.first[index]


def _by_line(problem: Problem) -> tuple[bool, int]:
    return problem.line is None, problem.line or 0


def on_lines(lines: np.ndarray, what: str, values: np.ndarray) -> Problems:
    """One problem per line; `what` holds one `{}` for the value."""
    first = np.argsort(lines, kind="stable")[:MOST]
    pairs = zip(lines[first].tolist(), values[first].tolist(), strict=True)
    return Problems(tuple(Problem(line, what.format(value)) for line, value in pairs), len(lines))


def shortened(values: Iterable[object]) -> str:
    """Return the first few values and the number of the rest.

    >>> shortened([1, 2, 3]), shortened(range(8))
    ('1, 2, 3', '0, 1, 2, 3, 4 and 3 more')
    """
    texts = [str(value) for value in values]
    shown = ", ".join(texts[:SHOWN])
    return shown if len(texts) <= SHOWN else f"{shown} and {len(texts) - SHOWN} more"
