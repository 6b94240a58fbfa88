"""Tables that people open in a spreadsheet."""

from __future__ import annotations

from typing import Any

import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def to_csv(table: pd.DataFrame) -> bytes:
    """Return UTF-8 CSV; a text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP).

    >>> to_csv(pd.DataFrame({"name": ["=1+1", "Poa annua"], "p": [-0.5, 1.0]})).decode().splitlines()
    ['name,p', "'=1+1,-0.5", 'Poa annua,1.0']
    """
    safe = table.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(_defuse)
    return safe.to_csv(index=False).encode()


def _defuse(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
