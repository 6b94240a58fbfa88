"""Dates of images as exports write them, as days since 1970; what is no date is UNKNOWN."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import numpy as np

UNKNOWN = np.iinfo(np.int32).min
FIRST, LAST = date(1972, 1, 1), date(2100, 1, 1)  # of satellite images; anything else is a mistake
_SOLID = re.compile(r"(?:^|.*?[_-])?((?:19|20)\d\d)(\d\d)(\d\d)(?:T\d{6}.*)?")  # 20220105, 1_20220105T023101_…
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ,].*)?")
_EPOCH = re.compile(r"-?\d{9,13}(?:\.\d+)?(?:[eE]\+?\d+)?|\d\.\d+[eE]\+?1[12]")  # milliseconds, system:time_start
_WORDS = ("%b %d, %Y", "%d %b %Y", "%B %d, %Y", "%d %B %Y", "%a %b %d %Y", "%b %d, %Y, %I:%M:%S %p")
LONGEST = 120  # characters of a date, or of the name of an image
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def read_dates(texts: Sequence[str]) -> np.ndarray:
    """int32 days since 1970 of the `texts` of one file, which tell together whether the day comes first."""
    first = day_first(texts)
    return np.array([read_date(text, day_first=first) for text in texts], np.int32)


def read_date(text: str, *, day_first: bool = False) -> int:
    """Days since 1970 of the date in `text`, UNKNOWN where it is none.

    >>> [read_date(text) for text in ("2022-01-05", "1/5/2022", "20220105T023101_20220105T023056_T52UCV", "soon")]
    [18997, 18997, 18997, -2147483648]
    >>> read_date("2022-02-30") == UNKNOWN, read_date("1641350000000"), read_date("5.1.2022", day_first=True)
    (True, 18997, 18997)
    """
    text = text.strip()
    if len(text) > LONGEST:
        return UNKNOWN
    try:
        day = _parse(text, day_first)
    except (ValueError, OverflowError, OSError):
        return UNKNOWN
    return day.toordinal() - _EPOCH_DAY if day is not None and FIRST <= day < LAST else UNKNOWN


def day_first(texts: Iterable[str]) -> bool:
    """Whether dates with the year last begin with the day: one of them has a first number above 12, or has dots.

    >>> day_first(["5/1/2022", "23/1/2022"]), day_first(["1/23/2022"])
    (True, False)
    """
    matches = (_YEAR_LAST.fullmatch(text.strip()) for text in texts)
    return any(int(match[1]) > 12 or "." in match[0][:3] for match in matches if match)


def _parse(text: str, first: bool) -> date | None:
    if match := _YEAR_FIRST.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _SOLID.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _YEAR_LAST.fullmatch(text):
        one, two = int(match[1]), int(match[2])
        return date(int(match[3]), *((two, one) if first else (one, two)))
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(float(text) / 1000, UTC).date()
    for form in _WORDS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None
