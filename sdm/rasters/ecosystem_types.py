"""Ecosystem types of Nature in Norway (NiN 2): their codes, names and lime richness.

A code such as `T4-C-5` names the main-type group (T dry land, V wetland), the main type (T4 forest) and the
ground type (the mapping unit 5 of T4 at the scale C, 1:5,000). Names and lime richness stand in
`ecosystem_types.csv`: Artsdatabanken, NiN 2.3, list of mapping units 1:5,000 and of the steps of lime richness
(KA) that define each of their types (github.com/Artsdatabanken/nin-kode-api; artsdatabanken.no/nin), in plain
English; `lime` holds all steps of a mapping unit, A the poorest, empty where lime does not define it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from sdm.errors import UnknownNameError
from sdm.geo.tables import read_rows

HIERARCHY = ("group", "main_type", "name")
GROUPS = ("T", "V")
PROBLEMS = {
    "blank": "no code",
    "mixed": "several types in one polygon",
    "incomplete": "a main type without a ground type",
    "unknown": "no known ecosystem type",
}
_ROWS = {row["code"]: row for row in read_rows("ecosystem_types", Path(__file__).parent)}
_SEPARATOR = r"[\s_.:-]*"
_CODE = re.compile(rf"([TV]){_SEPARATOR}0*([1-9]\d?)(?:{_SEPARATOR}([A-E]){_SEPARATOR}0*([1-9]\d?))?(?!\d)")
_NIN = re.compile(r"^NA(?![A-Z])[\s_.:-]*")
_NOTHING = {"", "-", "?", "NAN", "NONE", "NULL", "<NA>", "0"}


@dataclass(frozen=True)
class ParsedCode:
    """A ground type's `code` as the table writes it, or "" and the key of PROBLEMS that says why there is none."""

    code: str
    problem: str = ""


@dataclass(frozen=True)
class EcosystemType:
    """One ground type; `lime` are its steps of lime richness, "" where it has none."""

    code: str
    group: str
    main_type: str
    title: str
    lime: str

    @property
    def class_id(self) -> int:
        """A number that depends on the code alone.

        >>> ecosystem_type("T4-C-5").class_id, ecosystem_type("V1-C-8").class_id
        (1004305, 2001308)
        """
        main_number, scale, number = self.main_type[1:], *self.code.split("-")[1:]
        return (
            (GROUPS.index(self.group) + 1) * 10**6
            + int(main_number) * 1000
            + (ord(scale) - 64) * 100
            + int(number)
        )


def parse_code(text: object) -> ParsedCode:
    """The ground type that `text` of a polygon means, however it is spelled.

    >>> [parse_code(text).code for text in ("T4-C-5", "t4-c5", "T4C5", "NA T4-C-5", "NA_T04-C-05")]
    ['T4-C-5', 'T4-C-5', 'T4-C-5', 'T4-C-5', 'T4-C-5']
    >>> [parse_code(text).problem for text in (None, "T4-C-5/T4-C-9", "T4", "T46-C-1", "heath")]
    ['blank', 'mixed', 'incomplete', 'unknown', 'unknown']
    """
    plain = _plain(text)
    if plain in _NOTHING:
        return ParsedCode("", "blank")
    matches = list(_CODE.finditer(plain))
    rest = re.sub(r"[\s_.:,;/+&|-]|\bOG\b|\bAND\b", "", _CODE.sub(" ", plain))
    if not matches or rest:
        return ParsedCode("", "unknown")
    mains = {match[1] + match[2] for match in matches}
    codes = {f"{match[1]}{match[2]}-{match[3]}-{match[4]}" for match in matches if match[3]}
    if len(mains) > 1 or len(codes) > 1:
        return ParsedCode("", "mixed")
    if not mains <= _ROWS.keys():
        return ParsedCode("", "unknown")
    code = next(iter(codes), "")
    if not code:
        return ParsedCode("", "incomplete")
    return ParsedCode(code) if code in _ROWS or "-C-" not in code else ParsedCode("", "unknown")


def parse_codes(values: pd.Series) -> pd.DataFrame:
    """`code` and `problem` of each value, as `parse_code` reads it; the index is that of `values`."""
    texts = values.astype(object).where(values.notna(), None)
    parsed = {text: parse_code(text) for text in texts.unique()}
    rows = [parsed[text] for text in texts]
    columns = {"code": [row.code for row in rows], "problem": [row.problem for row in rows]}
    return pd.DataFrame(columns, index=values.index, dtype=str)


@cache
def ecosystem_type(code: str) -> EcosystemType:
    """The ground type `code`; one of another scale than 1:5,000 is called by its main type.

    >>> ecosystem_type("T31-C-2").title
    'lime-poor boreal dwarf-shrub heath'
    """
    parsed = parse_code(code)
    if parsed.code != code:
        raise UnknownNameError("no known ecosystem type", got=code, expected="a code such as T4-C-5 or V1-C-8")
    main_type = code.split("-")[0]
    row = _ROWS.get(code) or {"title": f"{_ROWS[main_type]['title']}, {code}", "lime": ""}
    return EcosystemType(code, code[0], main_type, row["title"], row["lime"])


def class_table(codes: Iterable[str]) -> pd.DataFrame:
    """The classes of a data set with the ground types `codes`, in the order of their numbers.

    Columns class_id, name (the code), group, main_type and title; HIERARCHY names the levels, coarse to fine.
    """
    types = sorted({ecosystem_type(code) for code in codes}, key=lambda each: each.class_id)
    return pd.DataFrame(
        {
            "class_id": pd.Series([each.class_id for each in types], dtype="int64"),
            "name": [each.code for each in types],
            "group": [each.group for each in types],
            "main_type": [each.main_type for each in types],
            "title": [each.title for each in types],
        }
    )


def level_title(code: str) -> str:
    """The plain name of a group, a main type or a ground type; the code itself where there is none.

    >>> level_title("T"), level_title("V1"), level_title("T4-C-1"), level_title("larch")
    ('dry land', 'open fen', 'bilberry forest', 'larch')
    """
    return _ROWS[code]["title"] if code in _ROWS else code


def level_of(code: str, level: str) -> str:
    """The group, main type or ground type of `code`, which may be of a coarser level itself.

    >>> level_of("T4-C-5", "group"), level_of("T4-C-5", "main_type"), level_of("T4-C-5", "name")
    ('T', 'T4', 'T4-C-5')
    """
    return {"group": code[:1], "main_type": code.split("-")[0]}.get(level, code)


def code_order(code: str) -> tuple[str, list[int]]:
    """What sorts codes by their numbers.

    >>> sorted(["T31", "V1", "T4"], key=code_order)
    ['T4', 'T31', 'V1']
    """
    return code[:1], [int(part) for part in code[1:].split("-") if part.isdigit()]


def known_codes() -> tuple[str, ...]:
    """Every ground type of the table."""
    return tuple(code for code in _ROWS if "-" in code)


def _plain(text: object) -> str:
    """`text` in capitals, with plain hyphens and without the prefix of the system; "" for what is missing."""
    if text is None or text is pd.NA or text != text:
        return ""
    plain = unicodedata.normalize("NFKC", str(text)).upper()
    plain = re.sub(r"[‐‑‒–—―−]", "-", plain).strip()
    return _NIN.sub("", plain).strip()
