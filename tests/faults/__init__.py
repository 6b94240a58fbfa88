"""Faults on purpose: one module per kind, each with a function that tries it so many times from a seed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What became of one kind of fault: how often it was tried and survived, what failed, and how long it took.

    `unprotected`: of those that survived, how many changed values in a file whose format has no checksum; `notes`:
    figures that belong to it.
    """

    kind: str
    tried: int
    survived: int
    failed: tuple[str, ...]
    seconds: float
    unprotected: int = 0
    notes: tuple[str, ...] = ()
