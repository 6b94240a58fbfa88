"""The board and the tables of others as markup: groups of columns that belong together, and nothing mixed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from sdm.data.splits import is_test, short_split
from sdm.number_format import compact, duration, fixed, number, percent
from sdm.ui.components import linked
from sdm.ui.components.markup import text
from sdm.ui.components.number_table import NONE, cell_heads, grouped_table, headed, shortened


def board(table: pd.DataFrame, splits: Sequence[str], *, rising: bool) -> str:
    """A row per run that leads to its confusion, with scores, intervals, Kaggle's word and what it costs.

    `rising`: less is better. Kaggle has columns where it scored any run.
    """
    local = [split for split in splits if not is_test(split)]
    hidden = [split for split in splits if is_test(split)]
    kaggle = [name for name in KAGGLE if table[list(KAGGLE)].notna().any(axis=None)]
    groups = [("", 2), ("Local", len(local)), ("Hidden test", len(hidden)), ("Kaggle", len(kaggle)), ("Cost", 3)]
    heads = ["#", "Model", *map(short_split, [*local, *hidden]), *kaggle, *COST_TITLES]
    top = {split: _best(table, split, rising) for split in splits}
    titles = cell_heads(groups, heads)
    cells = [*kaggle, *COSTS]
    rows = "".join(_row(row, [*local, *hidden], cells, top, titles) for row in table.to_dict("records"))
    return grouped_table("Models, the best first", groups, heads, rows, "")


def _best(table: pd.DataFrame, split: str, rising: bool) -> set[object]:
    """The run of the best score on a split, if any has one."""
    scores = table.set_index("run")[split].dropna()
    return set() if scores.empty else {scores.idxmin() if rising else scores.idxmax()}


def _row(
    row: dict[Hashable, Any], splits: Sequence[str], others: Sequence[str], top: Mapping[str, set[object]],
    titles: Sequence[str],
) -> str:  # fmt: skip
    link = "confusion?" + urlencode(linked.query(run=str(row["run"])))
    name = (
        f'<a href="{text(link)}" target="_self">{text(shortened(row["model"]))}</a>'
        f"<small>{text(row['run'])}{_read_by(row)}</small>"
    )
    cells = [f"<td>{row['rank']}</td>", f'<th scope="row">{name}</th>']
    cells += [_score(row, split, row["run"] in top[split]) for split in splits]
    cells += [_cell(row[name], COSTS.get(name, fixed)) for name in others]
    return f"<tr>{''.join(map(headed, cells, titles))}</tr>"


def _read_by(row: dict[Hashable, Any]) -> str:
    """How its probabilities become species, or that they came from a file."""
    if row["imported"]:
        return " · from a file"
    return f" · {text(row['decoder'])}" if row["decoder"] else ""


def _score(row: dict[Hashable, Any], split: str, top: bool) -> str:
    """The score, its interval below, and how far it is towards the best reachable."""
    if pd.isna(row[split]):
        return NONE
    parts = [f"<b>{fixed(row[split])}</b>"]
    if not pd.isna(row[f"{split} low"]):
        parts.append(f"<small>{fixed(row[f'{split} low'])}–{fixed(row[f'{split} high'])}</small>")
    if not pd.isna(row.get(f"{split} share")):
        share, skill = percent(row[f"{split} share"], 0), fixed(row[f"{split} skill"], 2)
        parts.append(f"<small>{share} of best · skill {skill}</small>")
    return f'<td class="score{" top" if top else ""}">{"".join(parts)}</td>'


def _cell(value: float, write: Callable[[float], str]) -> str:
    return NONE if pd.isna(value) else f"<td>{text(write(value))}</td>"


KAGGLE = ("public", "private")
COST_TITLES = ("parameters", "ms", "training")
COSTS: Mapping[str, Callable[[float], str]] = {
    "parameters": compact,
    "milliseconds": partial(number, digits=2),
    "seconds": duration,
}
