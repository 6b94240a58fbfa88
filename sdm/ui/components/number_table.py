"""Tables of numbers as markup: groups of columns that belong together; every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from sdm.evaluation.metrics import Score
from sdm.number_format import fixed, whole
from sdm.ui.components.markup import text, unseen

NONE = '<td class="none">–</td>'
MOST_ON_A_PHONE = 5  # columns of figures; of more, a row is a card there
LONGEST = 60  # characters of a name in a cell


def number_table(
    title: str, groups: Sequence[tuple[str, int]], heads: Sequence[str], rows: Iterable[Sequence[str]], *,
    words: bool = False, cards: bool = False,
) -> str:  # fmt: skip
    """A plain table: the first cell of a row names it; "" is a cell without a figure. Everything is escaped.

    `words`: cells hold sentences rather than numbers; `cards`: on a phone each row is a card, as of many columns.
    """
    titles = cell_heads(groups, heads)[1:]
    body = "".join(
        f'<tr><th scope="row">{_lines(name)}</th>{"".join(map(headed, map(_plain, cells), titles))}</tr>'
        for name, *cells in rows
    )
    kind = f" named{' words' if words else ''}{' cards' if cards and len(heads) <= MOST_ON_A_PHONE else ''}"
    return grouped_table(title, groups, heads, body, kind)


def cell_heads(groups: Sequence[tuple[str, int]], heads: Sequence[str]) -> list[str]:
    """What stands above each column: the name of its group, if it has one, and its head.

    >>> cell_heads([("", 1), ("Hidden test", 2)], ["Model", "near", "far"])
    ['Model', 'Hidden test: near', 'Hidden test: far']
    """
    above = [name for name, width in groups for _ in range(width)] or [""] * len(heads)
    return [f"{name}: {head}" if name else head for name, head in zip(above, heads, strict=True)]


def headed(cell: str, head: str) -> str:
    """The markup of a cell that can say what it is where no head stands above it."""
    return cell.replace("<td", f'<td data-head="{text(head)}"', 1)


def _plain(cell: str) -> str:
    """A cell with a figure on its first line; one of words alone begins with an empty line."""
    if not cell:
        return NONE
    return f'<td class="remark">{_lines(cell)}</td>' if cell.startswith("\n") else f"<td>{_lines(cell)}</td>"


def written(score: Score | None) -> str:
    """A cell of `number_table`: the score over its interval and what was undefined."""
    if score is None or pd.isna(score.value):
        return ""
    interval = "" if score.low is None or score.high is None else f"{fixed(score.low)}–{fixed(score.high)}"
    undefined = f"{whole(score.undefined)} undefined" if score.undefined else ""
    return "\n".join(filter(None, (fixed(score.value), interval, undefined)))


def mean_size(value: float) -> str:
    """A cell of `number_table`: a mean number of species, empty where it is not known."""
    return "" if pd.isna(value) else fixed(value, 1)


def _lines(cell: str) -> str:
    """The first line large, the others small."""
    first, *rest = cell.split("\n")
    return text(first) + "".join(f"<small>{text(line)}</small>" for line in rest if line)


def grouped_table(
    title: str, groups: Sequence[tuple[str, int]], heads: Sequence[str], rows: str, kind: str
) -> str:
    """A table whose `rows` are markup; `groups`: (name, number of columns); `kind`: more CSS classes."""
    grouped = "".join(
        f'<th colspan="{width}" scope="colgroup">{text(name)}</th>' if name else f'<td colspan="{width}"></td>'
        for name, width in groups
        if width
    )
    cards = " cards" if len(heads) > MOST_ON_A_PHONE else ""
    above = f'<tr class="groups">{grouped}</tr>' if groups else ""
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in heads)
    return (
        f'<div class="board{kind}{cards}" tabindex="0" role="region" aria-label="{text(title)}"><table>'
        f"<caption>{unseen(title)}</caption><thead>{above}<tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def shortened(name: object) -> str:
    """`name` cut to what a cell can hold."""
    words = str(name)
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
