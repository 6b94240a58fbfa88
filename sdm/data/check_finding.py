"""One line of what `check` found."""

from __future__ import annotations

from dataclasses import dataclass

OK, NOTE, MISSING, WRONG = "ok", "note", "missing", "wrong"


@dataclass(frozen=True)
class Finding:
    """`count` things of `of`, with a `level` of "ok", "note", "missing" or "wrong"."""

    level: str
    subject: str
    count: int
    of: int | None = None
    detail: str = ""
