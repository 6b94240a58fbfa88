"""Problems of a file, by line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sdm.errors import DataError

_LINE = re.compile(r"^line (\d+)(?:: |, )(.*)$", re.DOTALL)
SHOWN = 5


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


def on_lines(lines: np.ndarray, what: str, values: np.ndarray) -> list[Problem]:
    """Return one problem per line; `what` holds one `{}` for the value."""
    return [Problem(int(line), what.format(value)) for line, value in zip(lines, values.tolist(), strict=True)]


def shortened(values: Iterable[object]) -> str:
    """Return the first few values and the number of the rest.

    >>> shortened([1, 2, 3]), shortened(range(8))
    ('1, 2, 3', '0, 1, 2, 3, 4 and 3 more')
    """
    texts = [str(value) for value in values]
    shown = ", ".join(texts[:SHOWN])
    return shown if len(texts) <= SHOWN else f"{shown} and {len(texts) - SHOWN} more"
