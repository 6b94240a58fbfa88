"""The board and the tables of others as markup: groups of columns that belong together, and nothing mixed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from sdm.data.splits import is_test
from sdm.evaluation.metrics import Score
from sdm.figures.style import duration, number
from sdm.maps.colours import SPLITS
from sdm.ui.components.markup import text, unseen

NONE = '<td class="none">–</td>'
LONGEST = 60


def board(table: pd.DataFrame, splits: Sequence[str], key: str, *, rising: bool) -> str:
    """A row per run that leads to its confusion, with scores, intervals, Kaggle's word and what it costs.

    `rising`: less is better.
    """
    local = [split for split in splits if not is_test(split)]
    hidden = [split for split in splits if is_test(split)]
    groups = [("", 2), ("Local", len(local)), ("Hidden test", len(hidden)), ("Kaggle", 2), ("Cost", 3)]
    heads = ["#", "Model", *map(split_title, [*local, *hidden]), *COST_TITLES]
    top = {split: _best(table, split, rising) for split in splits}
    rows = "".join(_row(row, [*local, *hidden], key, top) for row in table.to_dict("records"))
    return _table("Models, the best first", groups, heads, rows, "")


def split_title(split: str) -> str:
    """The split in plain words."""
    return SPLITS.get(split, (split, ""))[0].removeprefix("test, ")


def _best(table: pd.DataFrame, split: str, rising: bool) -> set[object]:
    """The run of the best score on a split, if any has one."""
    scores = table.set_index("run")[split].dropna()
    return set() if scores.empty else {scores.idxmin() if rising else scores.idxmax()}


def _row(row: dict[Hashable, Any], splits: Sequence[str], key: str, top: Mapping[str, set[object]]) -> str:
    link = "confusion?" + urlencode({"data": key, "run": str(row["run"])})
    name = (
        f'<a href="{text(link)}" target="_self">{text(shortened(row["model"]))}</a>'
        f"<small>{text(row['run'])}{_read_by(row)}</small>"
    )
    cells = [f"<td>{row['rank']}</td>", f'<th scope="row">{name}</th>']
    cells += [_score(row, split, row["run"] in top[split]) for split in splits]
    cells += [_cell(row[name], COSTS[name]) for name in COSTS]
    return f"<tr>{''.join(cells)}</tr>"


def _read_by(row: dict[Hashable, Any]) -> str:
    """How its probabilities become species, or that they came from a file."""
    if row["imported"]:
        return " · from a file"
    return f" · {text(row['decoder'])}" if row["decoder"] else ""


def _score(row: dict[Hashable, Any], split: str, top: bool) -> str:
    """The score, its interval below, and how far it is towards the best reachable."""
    if pd.isna(row[split]):
        return NONE
    parts = [f"<b>{_fixed(row[split])}</b>"]
    if not pd.isna(row[f"{split} low"]):
        parts.append(f"<small>{_fixed(row[f'{split} low'])}–{_fixed(row[f'{split} high'])}</small>")
    if not pd.isna(row.get(f"{split} share")):
        share, skill = 100 * row[f"{split} share"], f"{row[f'{split} skill']:.2f}".replace("-", "−")
        parts.append(f"<small>{share:.0f} % of best · skill {skill}</small>")
    return f'<td class="score{" top" if top else ""}">{"".join(parts)}</td>'


def _cell(value: float, write: Callable[[float], str]) -> str:
    return NONE if pd.isna(value) else f"<td>{text(write(value))}</td>"


def _fixed(value: float) -> str:
    return f"{value:.3f}".replace("-", "−")


def figures(
    title: str, groups: Sequence[tuple[str, int]], heads: Sequence[str], rows: Iterable[Sequence[str]], *,
    words: bool = False,
) -> str:  # fmt: skip
    """A plain table: the first cell of a row names it; "" is a cell without a figure. Everything is escaped.

    `words`: cells hold sentences rather than numbers.
    """
    body = "".join(
        f'<tr><th scope="row">{_lines(name)}</th>' + "".join(_plain(cell) for cell in cells) + "</tr>"
        for name, *cells in rows
    )
    return _table(title, groups, heads, body, " named words" if words else " named")


def _plain(cell: str) -> str:
    """A cell with a figure on its first line; one of words alone begins with an empty line."""
    if not cell:
        return NONE
    return f'<td class="remark">{_lines(cell)}</td>' if cell.startswith("\n") else f"<td>{_lines(cell)}</td>"


def written(score: Score | None) -> str:
    """A cell of `figures`: the score over its interval and what was undefined."""
    if score is None or pd.isna(score.value):
        return ""
    interval = "" if score.low is None or score.high is None else f"{_fixed(score.low)}–{_fixed(score.high)}"
    undefined = f"{score.undefined:,} undefined" if score.undefined else ""
    return "\n".join(filter(None, (_fixed(score.value), interval, undefined)))


def mean_size(value: float) -> str:
    """A cell of `figures`: a mean number of species, empty where it is not known."""
    return "" if pd.isna(value) else f"{value:.1f}"


def _lines(cell: str) -> str:
    """The first line large, the others small."""
    first, *rest = cell.split("\n")
    return text(first) + "".join(f"<small>{text(line)}</small>" for line in rest if line)


def _table(title: str, groups: Sequence[tuple[str, int]], heads: Sequence[str], rows: str, kind: str) -> str:
    grouped = "".join(
        f'<th colspan="{width}" scope="colgroup">{text(name)}</th>' if name else f'<td colspan="{width}"></td>'
        for name, width in groups
        if width
    )
    above = f'<tr class="groups">{grouped}</tr>' if groups else ""
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in heads)
    return (
        f'<div class="board{kind}" tabindex="0" role="region" aria-label="{text(title)}"><table>'
        f"<caption>{unseen(title)}</caption><thead>{above}<tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def compact(count: float) -> str:
    """A count with three digits.

    >>> compact(8923), compact(1193237), compact(42)
    ('8.92 k', '1.19 M', '42')
    """
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if count >= size:
            return f"{number(count / size)} {unit}"
    return number(count)


def shortened(name: object) -> str:
    """`name` cut to what a cell can hold."""
    words = str(name)
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


COST_TITLES = ("public", "private", "parameters", "ms", "training")
COSTS: Mapping[str, Callable[[float], str]] = {
    "public": _fixed,
    "private": _fixed,
    "parameters": compact,
    "milliseconds": partial(number, digits=2),
    "seconds": duration,
}
