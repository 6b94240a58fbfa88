"""How numbers are written for people, everywhere alike: a comma between thousands, a thin gap before %, a true
minus, "–" for what is unknown. Files to save hold the full numbers."""

from __future__ import annotations

import re
from typing import Final

GAP: Final = "\u202f"  # narrow, and no line breaks there
PERCENT: Final = f"{GAP}%"
MINUS: Final = "−"
UNKNOWN: Final = "–"
SAME_PLURAL = ("species", "series")
# From how many seconds on a unit is used, its seconds, its name.
DURATIONS = ((2 * 86400, 86400, "days"), (2 * 3600, 3600, "h"), (120, 60, "min"), (float("-inf"), 1, "s"))
MAGNITUDES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def number(value: float, digits: int = 3) -> str:
    """`value` with sensible digits.

    >>> number(123.45), number(2792), number(-0.03217), number(float("nan"))
    ('123', '2,792', '−0.0322', '–')
    """
    if value != value:
        return UNKNOWN
    whole_digits = abs(value) >= 10 ** (digits - 1)
    return _minus(f"{value:,.0f}" if whole_digits else f"{value:.{digits}g}")


def whole(count: float) -> str:
    """A count with all its digits.

    >>> whole(2792), whole(31), whole(float("nan"))
    ('2,792', '31', '–')
    """
    return UNKNOWN if count != count else _minus(f"{count:,.0f}")


def fixed(value: float, decimals: int = 3) -> str:
    """`value` with as many decimals, so that a column of them can be compared.

    >>> fixed(0.075399995), fixed(-0.5, 2), fixed(float("nan"))
    ('0.075', '−0.50', '–')
    """
    return UNKNOWN if value != value else _minus(f"{value:,.{decimals}f}")


def signed(value: float, decimals: int = 3) -> str:
    """A difference, with its sign.

    >>> signed(0.0123), signed(-0.0123)
    ('+0.012', '−0.012')
    """
    return UNKNOWN if value != value else _minus(f"{value:+,.{decimals}f}")


def distance(km: float) -> str:
    """A distance, in metres where it is short.

    >>> distance(0.558), distance(30.6), distance(float("nan"))
    ('560 m', '31 km', '–')
    """
    if km != km:
        return UNKNOWN
    return f"{number(km, 2)} km" if km >= 1 else f"{number(float(f'{km * 1000:.2g}'))} m"


def percent(share: float, decimals: int | None = None) -> str:
    """A share with sensible digits, or with as many `decimals`; only nothing is "0 %", only all of it "100 %".

    >>> [percent(share).replace(GAP, " ") for share in (0.734, 0.0312, 0.0004, 0.0, float("nan"))]
    ['73 %', '3.1 %', '< 0.1 %', '0 %', '–']
    >>> [percent(share).replace(GAP, " ") for share in (0.996, 0.9996, 1)], percent(0.9996, 1).replace(GAP, " ")
    (['99.6 %', '> 99.9 %', '100 %'], '> 99.9 %')
    """
    if share != share:
        return UNKNOWN
    value = 100 * share
    if decimals is None:
        decimals = 1 if 0 < abs(value) < 9.95 or 99.5 <= value < 100 else 0
    least = 10.0**-decimals
    if 0 < value < least:
        return f"< {fixed(least, decimals)}{PERCENT}"
    if 100 - least < value < 100:
        return f"> {fixed(100 - least, decimals)}{PERCENT}"
    return f"{fixed(value, decimals)}{PERCENT}"


def share_of(part: float, total: float) -> float:
    """`part` of `total`, NaN for a share of nothing.

    >>> share_of(3, 4), share_of(0, 0)
    (0.75, nan)
    """
    return part / total if total else float("nan")


def percent_of(part: float, total: float) -> str:
    """The share of `part` in `total`, a dash for a share of nothing.

    >>> percent_of(1, 48).replace(GAP, " "), percent_of(0, 0)
    ('2.1 %', '–')
    """
    return percent(share_of(part, total))


def percentile_text(percentile: float) -> str:
    """A percentile (0 to 100); its ends are said in words, for nothing is lower than the lowest.

    >>> [percentile_text(value) for value in (0, 0.3, 34.2, 99.7, 100, float("nan"))]
    ['below all', 'below percentile 1', 'percentile 34', 'above percentile 99', 'above all', '–']
    """
    if percentile != percentile:
        return UNKNOWN
    if percentile in (0, 100):
        return "above all" if percentile else "below all"
    if not 1 <= percentile <= 99:
        return "below percentile 1" if percentile < 1 else "above percentile 99"
    return f"percentile {fixed(percentile, 0)}"


def compact(count: float) -> str:
    """A count with three digits.

    >>> compact(8923), compact(1193237), compact(42)
    ('8.92 k', '1.19 M', '42')
    """
    for size, unit in MAGNITUDES:
        if count >= size:
            return f"{number(count / size)} {unit}"
    return number(count)


def duration(seconds: float) -> str:
    """`seconds` in the unit that reads best.

    >>> duration(3.21), duration(90), duration(5400), duration(float("nan"))
    ('3.2 s', '90 s', '90 min', '–')
    """
    if seconds != seconds:
        return UNKNOWN
    unit, name = next((unit, name) for least, unit, name in DURATIONS if seconds >= least)
    return f"{number(seconds / unit, 2)} {name}"


def counted(count: int, noun: str) -> str:
    """How many there are, with their noun.

    >>> counted(1, "epoch"), counted(1200, "survey"), counted(2, "class"), counted(0, "species")
    ('1 epoch', '1,200 surveys', '2 classes', '0 species')
    """
    return f"{whole(count)} {noun if count == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Several of `noun`.

    >>> plural("country"), plural("patch"), plural("epoch"), plural("other species")
    ('countries', 'patches', 'epochs', 'other species')
    """
    if noun.endswith(SAME_PLURAL):
        return noun
    if re.search(r"(s|x|(?<!epo)ch|sh)$", noun):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if re.search(r"[^aeiou]y$", noun) else f"{noun}s"


def formatted(form: str, value: float) -> str:
    """`value` in a printf format, which may have a comma for those between thousands.

    >>> formatted("%.3g", -0.0321), formatted("%,d", -1234.0), formatted("%,.1f", 1234.56)
    ('−0.0321', '−1,234', '1,234.6')
    """
    if not form.startswith("%,"):
        return _minus(form % value)
    decimals = form.removeprefix("%,")
    return _minus(f"{value:,{'.0f' if decimals == 'd' else decimals}}")


def _minus(text: str) -> str:
    return text.replace("-", MINUS)
