"""From codes of polygons to classes: ecosystem types of NiN with their hierarchy, or the codes as they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from sdm.errors import UnknownNameError
from sdm.rasters.ecosystem_types import (
    GROUPS,
    HIERARCHY,
    PROBLEMS,
    class_table,
    ecosystem_type,
    level_title,
    parse_code,
)

BLANK = PROBLEMS["blank"]


@dataclass(frozen=True)
class Labelling:
    """`read` gives a code as the table of classes writes it, or "" and the reason; `classes` is that table."""

    read: Callable[[str], tuple[str, str]]
    classes: Callable[[Iterable[str]], pd.DataFrame]
    hierarchy: tuple[str, ...]


def labelling_of(codes: Iterable[str], level: str) -> Labelling:
    """How `codes` are read: as ecosystem types at `level` of HIERARCHY where any is one, else as they stand.

    >>> labelling_of(["T4-C-5", "water"], "main_type").read("t4-c-5"), labelling_of(["pine"], "name").read("pine")
    (('T4', ''), ('pine', ''))
    """
    if level not in HIERARCHY:
        raise UnknownNameError("unknown level of classes", expected=", ".join(HIERARCHY), got=level)
    if all(not parse_code(code).code for code in codes):
        return Labelling(_plain, plain_classes, ())
    depth = HIERARCHY.index(level)
    hierarchy = (*HIERARCHY[:depth], "name")
    return Labelling(lambda text: _at_level(text, level), lambda names: _classes(names, level), hierarchy)


def _plain(text: str) -> tuple[str, str]:
    return text.strip(), "" if text.strip() else BLANK


def plain_classes(names: Iterable[str]) -> pd.DataFrame:
    """The table of classes called `names` and nothing else: ids from 1 in alphabetical order."""
    ordered = sorted(set(names))
    return pd.DataFrame({"class_id": pd.RangeIndex(1, len(ordered) + 1).astype("int64"), "name": ordered})


def _at_level(text: str, level: str) -> tuple[str, str]:
    """The class at `level`; a main type alone is enough where nothing finer is asked for."""
    parsed = parse_code(text)
    if parsed.code:
        kind = ecosystem_type(parsed.code)
        return {"name": kind.code, "main_type": kind.main_type, "group": kind.group}[level], ""
    main = re.search(r"([TV])[\s_.:-]*0*([1-9]\d?)", text.upper())
    if parsed.problem == "incomplete" and level != "name" and main is not None:
        return main[1] if level == "group" else main[1] + main[2], ""
    return "", PROBLEMS[parsed.problem]


def _classes(names: Iterable[str], level: str) -> pd.DataFrame:
    """The table of classes: that of the ground types, or a like one of main types or groups."""
    if level == "name":
        return class_table(names)
    ordered = sorted(set(names), key=_class_id)
    table = pd.DataFrame({"class_id": [_class_id(name) for name in ordered], "name": ordered})
    if level == "main_type":
        table["group"] = [name[0] for name in ordered]
    table["title"] = [level_title(name) for name in ordered]
    return table.astype({"class_id": "int64"})


def _class_id(name: str) -> int:
    """Of a group or main type, a number that depends on its code alone."""
    return (GROUPS.index(name[0]) + 1) * 1000 + int(name[1:] or 0)
