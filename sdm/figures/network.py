"""A network as a diagram: a box per layer, the branches of a fusion side by side, as SVG."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from sdm.number_format import whole

WIDTH, BOX, GAP, MARGIN = 204, 40, 14, 4  # pixels: of a column, heights of a box and of an arrow
CHARACTERS = 27  # that fit into a box
TEXT, QUIET, LINE = "#15201b", "#3c4a44", "#7A8580"  # on pale boxes, which suit a light page and a dark one
FILLS = {"input": "#cfe6f5", "missing": "#ececec", "head": "#cdeadf", "": "#f4e7d0", "none": "#f6f4ef"}
FONT = "font-family='system-ui, sans-serif'"


@dataclass(frozen=True)
class Column:
    """One branch, or what follows: its title, picture and height in pixels."""

    title: str
    svg: str
    height: int

    @property
    def uri(self) -> str:
        """The picture as an address."""
        code = base64.b64encode(_page(self.svg, WIDTH, self.height).encode()).decode()
        return f"data:image/svg+xml;base64,{code}"


def columns(table: pd.DataFrame) -> list[Column]:
    """Columns of `table`, of `sdm.models.layers.layer_table`: the branches, then what follows."""
    return [_column(str(branch), rows) for branch, rows in table.groupby("branch", sort=False)]


def diagram(table: pd.DataFrame) -> str:
    """The whole as one SVG: branches side by side, what follows below their middle."""
    drawn = columns(table)
    branches, after = drawn[:-1], drawn[-1]
    width = WIDTH * max(1, len(branches))
    tallest = max((one.height for one in branches), default=0)
    joint = 34 if branches else 0
    parts = [f"<g transform='translate({WIDTH * i} 0)'>{one.svg}</g>" for i, one in enumerate(branches)]
    if branches:
        parts.append(_joint(len(branches), [one.height for one in branches], tallest, width))
    parts.append(f"<g transform='translate({(width - WIDTH) / 2:g} {tallest + joint})'>{after.svg}</g>")
    return _page("".join(parts), width, tallest + joint + after.height)


def alt(title: str, table: pd.DataFrame) -> str:
    """The diagram in words."""
    branches = [name for name in table["branch"].unique() if name]
    ways = f"{len(branches)} branches ({', '.join(branches)}) side by side, then " if branches else ""
    after = table.loc[table["branch"] == "", "type"]
    return f"Network {title}: {ways}{', '.join(after)}; {whole(table['parameters'].sum())} parameters."


def shape_text(shape: object) -> str:
    """A shape in words.

    >>> shape_text((64, 29, 29)), shape_text(None)
    ('64 x 29 x 29', '')
    """
    return " x ".join(map(str, shape)) if isinstance(shape, tuple | list) else ""


def _column(branch: str, rows: pd.DataFrame) -> Column:
    boxes, y = [], MARGIN
    for i, row in enumerate(rows.to_dict("records")):
        if i:
            boxes.append(_arrow(y, dashed=row["layer"] == "missing"))
            y += GAP
        boxes.append(_box(y, row))
        y += BOX
    return Column(branch, "".join(boxes), y + MARGIN)


def _box(y: int, row: Mapping[Any, Any]) -> str:
    """Type above; output shape and parameters below."""
    layer, count = str(row["layer"]), int(str(row["parameters"]))
    fill = FILLS.get(layer, FILLS[""] if count else FILLS["none"])
    middle, low = WIDTH / 2, shape_text(row["shape"])
    numbers = " · ".join(filter(None, (low, f"{whole(count)} par." if count else "")))
    return (
        f"<g><title>{escape(layer)}</title><rect x='6' y='{y}' width='{WIDTH - 12}' height='{BOX}' rx='6' "
        f"fill='{fill}' stroke='{LINE}'/>"
        f"<text x='{middle:g}' y='{y + 17}' text-anchor='middle' font-size='12' font-weight='600' fill='{TEXT}' "
        f"{FONT}>{escape(_short(str(row['type'])))}</text>"
        f"<text x='{middle:g}' y='{y + 33}' text-anchor='middle' font-size='11' fill='{QUIET}' "
        f"{FONT}>{escape(numbers)}</text></g>"
    )


def _arrow(y: int, *, dashed: bool) -> str:
    """Down from the box above; dashed to what stands in for it."""
    x = WIDTH / 2
    if dashed:
        return f"<path d='M{x:g} {y}v{GAP}' stroke='{LINE}' stroke-width='1.5' stroke-dasharray='3 2'/>"
    return f"<path d='M{x:g} {y}v{GAP - 5}' stroke='{LINE}' stroke-width='1.5'/>" + (
        f"<path d='M{x - 4:g} {y + GAP - 6}h8l-4 6z' fill='{LINE}'/>"
    )


def _joint(count: int, heights: list[int], tallest: int, width: int) -> str:
    """Lines from every branch to the beginning of what follows."""
    low = tallest + 10
    lines = "".join(
        f"<path d='M{WIDTH * i + WIDTH / 2:g} {heights[i] - MARGIN}V{low}' stroke='{LINE}' stroke-width='1.5'/>"
        for i in range(count)
    )
    across = f"<path d='M{WIDTH / 2:g} {low}H{width - WIDTH / 2:g}' stroke='{LINE}' stroke-width='1.5'/>"
    down = f"<path d='M{width / 2:g} {low}V{tallest + 32}' stroke='{LINE}' stroke-width='1.5'/>"
    head = f"<path d='M{width / 2 - 4:g} {tallest + 32}h8l-4 6z' fill='{LINE}'/>"
    return lines + across + down + head


def _short(text: str) -> str:
    return text if len(text) <= CHARACTERS else f"{text[: CHARACTERS - 1]}…"


def _page(inside: str, width: int, height: int) -> str:
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' "
        f"viewBox='0 0 {width} {height}' role='img'>{inside}</svg>\n"
    )
