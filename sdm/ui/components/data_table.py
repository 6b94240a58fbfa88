"""Tables to sort and scroll: numbers are written as everywhere else, unknown values are a dash."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st
from pandas.api.types import is_bool_dtype, is_float_dtype, is_integer_dtype

from sdm.number_format import PERCENT, UNKNOWN

PLAIN, COUNT, OF_HUNDRED = "%d", "%,d", f"%.0f{PERCENT}%"
NO_COUNT = re.compile(r"(^|_|\b)(id|year|survey|row|line|code|seed|epoch|step|rank)$|Id$", re.IGNORECASE)
DIGITS: Final = 4
count_column = partial(st.column_config.NumberColumn, format=COUNT)


def data_table(table: pd.DataFrame, columns: Mapping[str, Any] | None = None, **options: Any) -> None:
    """`table` without its index; `columns`: title or configuration of some, `options` go to `st.dataframe`."""
    st.dataframe(
        table, hide_index=True, placeholder=UNKNOWN, column_config=column_formats(table) | dict(columns or {}),
        **options,
    )  # fmt: skip


def column_formats(table: pd.DataFrame) -> dict[str, Any]:
    """A configuration for each column of numbers."""
    formats = {str(name): number_format(str(name), table[name]) for name in table}
    return {name: st.column_config.NumberColumn(format=form) for name, form in formats.items() if form}


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
