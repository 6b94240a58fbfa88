"""Cells of tables as text and as numbers, tidied category by category, so that millions of rows cost little."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from sdm.formats.spreadsheet import FORMULA_STARTS
from sdm.occurrences.report import Tally

TEXT_SHARE = 0.5  # a column of which more cells than that are no numbers is one of text
_TAG = re.compile(r"<[/!?]?[A-Za-z-][^<>]*>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_WHOLE = re.compile(r"(-?\d+)\.0+")
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_COMPACT = re.compile(r"((?:1[5-9]|20)\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


def as_text(column: pd.Series, tidy: Callable[[str], str] | None = None) -> pd.Categorical:
    """The cells as `plain_text`, or as `tidy` of it; "" where missing. The categories are sorted."""
    if column.dtype.kind in "fiu":
        column = column.map(lambda value: f"{value:.17g}", na_action="ignore").astype("category")
    words = [plain_text(str(word)) for word in column.cat.categories]
    words = [tidy(word) for word in words] if tidy is not None else words
    names, number = np.unique(np.array([*words, ""], object), return_inverse=True)
    return pd.Categorical.from_codes(number[column.cat.codes.to_numpy()], pd.Index(names.tolist(), dtype=object))


def plain_text(text: str) -> str:
    """`text` stripped, control characters as blanks; "12.0" is "12".

    >>> plain_text(" 12.0"), plain_text("Abies\\0alba ")
    ('12', 'Abies alba')
    """
    line = " ".join(_CONTROL.sub(" ", text).split())
    return _WHOLE.sub(r"\1", line) if _WHOLE.fullmatch(line) else line


def species_name(text: str) -> str:
    """A name without tags and with characters for their entities.

    >>> species_name("<i>Abies alba</i> Mill."), species_name("Poa<br>"), species_name("Salix &times; rubens")
    ('Abies alba Mill.', 'Poa', 'Salix × rubens')
    """
    return " ".join(_untagged(html.unescape(_untagged(text))).split())


def _untagged(text: str) -> str:
    """`text` without tags, those that appear once others are taken out, too."""
    while (less := _TAG.sub("", text)) != text:
        text = less
    return text


def as_species(column: pd.Series, table: str, tally: Tally) -> pd.Categorical:
    """Names of species; those with markup, and those that look like a formula, are counted."""
    names = as_text(column, species_name)
    words = [plain_text(str(word)) for word in column.cat.categories]
    marked = [word for word in words if species_name(word) != word]
    tally.add("markup", table, len(marked), marked)
    formulas = [word for word in words if word.startswith(FORMULA_STARTS)]
    tally.add("formula", table, len(formulas), formulas)
    return names


def as_numbers(column: pd.Series, name: str, table: str, comma: bool, tally: Tally) -> np.ndarray | pd.Categorical:
    """float64 with NaN where missing, or text where most cells are no numbers; the few that are none are counted.

    With `comma`, "1,5" is 1.5.
    """
    if column.dtype.kind in "fiu":
        return column.to_numpy(np.float64)
    text = as_text(column)
    values = pd.Series([_plain_number(word, comma) for word in text.categories])
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(np.float64)
    strange = ~np.isfinite(numbers) & (np.asarray(text.categories) != "")
    of_word = np.bincount(text.codes, minlength=len(numbers))
    if of_word[strange].sum() > TEXT_SHARE * max(of_word[np.asarray(text.categories) != ""].sum(), 1):
        return text
    tally.add("not_number", table, of_word[strange].sum(),
              (f"{name}: {word}" for word in text.categories[strange & (of_word > 0)]))  # fmt: skip
    return numbers[text.codes]


def _plain_number(word: str, comma: bool) -> str:
    return word.replace(",", ".") if comma and _DECIMAL_COMMA.fullmatch(word) else word


def years(text: pd.Categorical) -> np.ndarray:
    """float64: the year in each text, NaN where there is none, or several that differ."""
    found = np.array([year_of(word) for word in text.categories] or [np.nan])
    return found[text.codes]


def year_of(text: str) -> float:
    """The year of a date, however it is written; NaN without one, and where it has two digits.

    >>> [year_of(text) for text in ("2019-05-03T12", "3.5.2019", "5/3/2019", "3 May 2019", "20190503", "3.5.19")]
    [2019.0, 2019.0, 2019.0, 2019.0, 2019.0, nan]
    >>> year_of("2018-12-30/2019-01-02"), year_of("2019-05-01/2019-05-03")
    (nan, 2019.0)
    """
    compact = _COMPACT.fullmatch(text.strip())
    years = {compact[1]} if compact else set(_YEAR.findall(text))
    return float(years.pop()) if len(years) == 1 else np.nan
