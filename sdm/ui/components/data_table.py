"""Tables to sort and scroll: numbers are written as everywhere else, unknown values are a dash; on a phone the
columns that fit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st
from pandas.api.types import (
    is_bool_dtype,
    is_datetime64_any_dtype,
    is_float_dtype,
    is_integer_dtype,
    is_numeric_dtype,
)
from pandas.io.formats.style import Styler

from sdm.number_format import PERCENT, UNKNOWN, formatted
from sdm.ui.cache.memo import memo
from sdm.ui.components.theme import on_phone

PLAIN, COUNT, OF_HUNDRED = "%d", "%,d", f"%.0f{PERCENT}%"
NO_COUNT = re.compile(r"(^|_|\b)(id|year|survey|row|line|code|seed|epoch|step|rank)$|Id$", re.IGNORECASE)
DIGITS: Final = 4
MOST_WRITTEN = 500  # rows of a table whose negative numbers are written here, in a tenth of a second
count_column = partial(st.column_config.NumberColumn, format=COUNT)


def data_table(
    table: pd.DataFrame, columns: Mapping[str, Any] | None = None, *, phone: Sequence[str] = (), **options: Any
) -> None:
    """`table` without its index; `columns`: title or configuration of some, `options` go to `st.dataframe`.

    `phone` names the columns shown on a small screen, all if empty.
    """
    if phone and on_phone():
        options["column_order"] = list(phone)
    looks = _column_formats(table) | dict(columns or {})
    written, looks = true_minus(table.reset_index(drop=True), looks)
    st.dataframe(written, hide_index=True, placeholder=UNKNOWN, column_config=looks, **options)


def true_minus(table: pd.DataFrame, looks: Mapping[str, Any]) -> tuple[pd.DataFrame | Styler, dict[str, Any]]:
    """The table with its negative numbers written out, and the configuration left for the browser.

    The browser's own formats know only the hyphen. Sorting is still by value. Long tables keep the hyphen.
    """
    formats = {str(name): _format_of(looks.get(str(name))) for name in table if _has_negative(table[name])}
    formats = {name: form for name, form in formats.items() if form}
    if not formats or len(table) > MOST_WRITTEN or not table.columns.is_unique:
        return table, dict(looks)
    styled = table.style
    left = {name: _without_format(look) if name in formats else look for name, look in looks.items()}
    for name, form in formats.items():
        styled = styled.format(partial(formatted, form), subset=[name], na_rep=UNKNOWN)
    return styled, left


def _has_negative(values: pd.Series) -> bool:
    return not is_bool_dtype(values) and is_numeric_dtype(values) and bool((values < 0).any())


def _format_of(look: Any) -> str:
    """The format of a configured column of numbers that `%` understands but for the comma; "" of any other."""
    kind = look.get("type_config") if isinstance(look, Mapping) else None
    form = kind.get("format") if kind and kind.get("type") == "number" else None
    return form if isinstance(form, str) and form.startswith("%") else ""


def _without_format(look: Mapping[str, Any]) -> dict[str, Any]:
    return {**look, "type_config": {**look["type_config"], "format": None}}


def column_formats(table: pd.DataFrame) -> dict[str, Any]:
    """A configuration for each column of numbers or dates."""
    formats = {str(name): number_format(str(name), table[name]) for name in table}
    dates = {str(name): st.column_config.DateColumn() for name in table if is_datetime64_any_dtype(table[name])}
    return dates | {name: st.column_config.NumberColumn(format=form) for name, form in formats.items() if form}


_column_formats = memo(128)(column_formats)


def number_format(name: str, values: pd.Series) -> str:
    """The format of a column of numbers, "" of any other: whole numbers are counts unless their name says what
    else they are, others have sensible digits, and all digits before the point.

    >>> number_format("surveys", pd.Series([3181])), number_format("year", pd.Series([2017]))
    ('%,d', '%d')
    >>> number_format("value", pd.Series([0.075399995, 801.87])), number_format("value", pd.Series([12345.6]))
    ('%.4g', '%.5g')
    """
    if is_bool_dtype(values) or not (is_integer_dtype(values) or is_float_dtype(values)):
        return ""
    known = values.to_numpy(float, na_value=np.nan)
    known = known[np.isfinite(known)]
    if known.size and (known == np.round(known)).all() and (is_integer_dtype(values) or np.abs(known).max() > 1):
        return PLAIN if NO_COUNT.search(name) else COUNT
    largest = np.abs(known).max() if known.size else 0.0
    return f"%.{max(DIGITS, len(str(int(largest))))}g"
