"""Tables that people open in a spreadsheet."""

from __future__ import annotations

from typing import Any

import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def to_csv(table: pd.DataFrame) -> bytes:
    """Return UTF-8 CSV; a text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP).

    So do headers. A carriage return, which would end the row unquoted, becomes a line feed, which is quoted.

    >>> to_csv(pd.DataFrame({"name": ["=1+1", "Poa annua"], "-p": [-0.5, 1.0]})).decode().splitlines()
    ["name,'-p", "'=1+1,-0.5", 'Poa annua,1.0']
    """
    columns = [table.iloc[:, i] for i in range(table.shape[1])]  # two may have one name
    safe = [one if pd.api.types.is_numeric_dtype(one) else one.map(_defuse) for one in columns]
    names = [_defuse(name) for name in table.columns]
    return pd.concat(safe, axis=1, keys=range(len(safe))).to_csv(index=False, header=names).encode()


def _defuse(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{plain}" if plain.startswith(FORMULA_STARTS) else plain
