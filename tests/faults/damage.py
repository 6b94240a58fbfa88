"""Ways in which the bytes of a file go wrong, drawn from a random generator."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

HEAD = 1024  # bytes, where headers are


def flip(raw: bytes, random: np.random.Generator) -> bytes:
    """Another byte at one place; every other time among the first ones."""
    changed = bytearray(raw)
    changed[_place(raw, random)] ^= int(random.integers(1, 256))
    return bytes(changed)


def cut(raw: bytes, random: np.random.Generator) -> bytes:
    """The end is missing."""
    return raw[: int(random.integers(len(raw)))]


def insert(raw: bytes, random: np.random.Generator) -> bytes:
    """Bytes too many at one place."""
    at = _place(raw, random)
    return raw[:at] + random.bytes(int(random.integers(1, 64))) + raw[at:]


def drop(raw: bytes, random: np.random.Generator) -> bytes:
    """Bytes too few at one place."""
    at = _place(raw, random)
    return raw[:at] + raw[at + int(random.integers(1, 64)) :]


def blank(raw: bytes, random: np.random.Generator) -> bytes:
    """A block of zeros, as a disk leaves that lost a sector."""
    at = int(random.integers(len(raw)))
    length = min(int(random.integers(1, 4096)), len(raw) - at)
    return raw[:at] + bytes(length) + raw[at + length :]


def repeat(raw: bytes, random: np.random.Generator) -> bytes:
    """A part that comes twice."""
    first, last = sorted(random.integers(len(raw) + 1, size=2).tolist())
    return raw[:last] + raw[first:]


def scatter(raw: bytes, random: np.random.Generator) -> bytes:
    """Many other bytes."""
    for _ in range(int(random.integers(2, 40))):
        raw = flip(raw, random)
    return raw


Damage = Callable[[bytes, np.random.Generator], bytes]
DAMAGES: tuple[Damage, ...] = (flip, cut, insert, drop, blank, repeat, scatter)


def damaged(raw: bytes, random: np.random.Generator) -> bytes:
    """`raw` with one of these damages."""
    return DAMAGES[int(random.integers(len(DAMAGES)))](raw, random)


def _place(raw: bytes, random: np.random.Generator) -> int:
    return int(random.integers(min(len(raw), HEAD) if random.random() < 0.5 else len(raw)))
