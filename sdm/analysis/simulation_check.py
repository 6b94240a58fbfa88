"""Whether a simulated world is what it states: statements measured on its files, one table, one command.

Every simulator has a module `validate` with a function `validate(folder)` that returns `statement_table` of its
statements, and ends with `sys.exit(run(validate, "sdm.virtual_NAME.validate"))`, so that
`python -m sdm.virtual_NAME.validate FOLDER` prints the table. Nothing is measured with a trained model.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sdm.errors import SdmError

MARKDOWN = "--markdown"


class Statement(NamedTuple):
    """`measured` on the files of a world, against what is `stated` by `source`; both and `allowed` in `unit`."""

    about: str  # a site or a topic; "" where the statement is about the whole world
    statement: str
    unit: str  # "" for a number without one
    measured: float
    stated: float
    allowed: float  # largest |measured - stated|
    source: str


COLUMNS = (*Statement._fields[:-1], "within", "source")


def statement_table(statements: Iterable[Statement]) -> pd.DataFrame:
    """Return a row per statement with COLUMNS: `within` is whether |measured - stated| <= allowed, False for NaN.

    >>> statement_table([Statement("", "species per survey, mean", "", 16.6, 16.1, 4.0, "published")])["within"][0]
    np.True_
    """
    table = pd.DataFrame(list(statements), columns=list(Statement._fields))
    table["within"] = (table["measured"] - table["stated"]).abs() <= table["allowed"]
    return table[list(COLUMNS)]


def to_text(table: pd.DataFrame) -> str:
    """Return the table of `statement_table` for a terminal; the column of sites or topics where one is named."""
    named = bool((table["about"] != "").any())
    width = max((len(statement) for statement in table["statement"]), default=9)
    head = f"{'statement':{width}s} {'measured':>10s} {'stated':>10s} {'allowed':>10s}"
    lines = [f"{'about':9s} {head}" if named else head]
    for row in table.to_dict("records"):
        numbers = " ".join(f"{row[column]:10.4g}" for column in ("measured", "stated", "allowed"))
        notes = "; ".join(filter(None, (row["unit"], row["source"])))
        line = f"{row['statement']:{width}s} {numbers}  {'ok' if row['within'] else 'OFF':3s}  {notes}"
        lines.append(f"{row['about']:9s} {line}" if named else line)
    return "\n".join(lines)


def to_markdown(table: pd.DataFrame) -> str:
    """Return the table of `statement_table` for the docs: what is measured, and from where to where it may lie."""
    lines = ["| about | statement | measured | may be | |", "|---|---|---|---|---|"]
    for row in table.to_dict("records"):
        low, high = row["stated"] - row["allowed"], row["stated"] + row["allowed"]
        span = f"{low:.4g} to {high:.4g}" if row["allowed"] else f"{row['stated']:.4g}"
        name = f"{row['statement']} ({row['unit']})" if row["unit"] else row["statement"]
        verdict = "ok" if row["within"] else "**off**"
        lines.append(f"| {row['about']} | {name} | {row['measured']:.4g} | {span} | {verdict} |")
    return "\n".join(lines)


def run(
    validate: Callable[[Path], pd.DataFrame],
    module: str,
    arguments: Sequence[str] | None = None,
    write: Callable[[str], object] = print,
) -> int:
    """Print the table of `validate` for the folder in `arguments` (default: those of the command line).

    Return 0 when all statements hold, 1 when one does not, 2 when the folder cannot be read.
    """
    words = sys.argv[1:] if arguments is None else arguments
    folders = [word for word in words if word != MARKDOWN]
    if len(folders) != 1:
        write(f"usage: python -m {module} FOLDER [{MARKDOWN}]")
        return 2
    try:
        table = validate(Path(folders[0]))
    except SdmError as problem:
        write(f"error: {problem}")
        return 2
    write((to_markdown if MARKDOWN in words else to_text)(table))
    return 0 if bool(table["within"].all()) else 1
