"""How wide the margins of a figure will become, told before it is drawn.

An axis with `automargin` widens a margin that is too narrow for its labels, but only once they have been drawn:
the whole figure is then drawn again, which doubles its time. A margin that is wide enough at once stays as it is.
What is estimated too narrow is still widened, so that an estimate costs time or some pixels, never a label.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from sdm.figures.plot import Tree

# Plotly's rooms in pixels: beside labels, labels below an axis, a title of a vertical axis or another, a legend.
BESIDE, BELOW, TITLE, LEGEND = 14, 31, {True: 16, False: 10}, 38
NARROW, WIDE, USUAL = "\u202f .,:;il|'-·", "mwMW%@–—…", 0.62
WIDTHS: Final = {**dict.fromkeys(NARROW, 0.33), **dict.fromkeys(WIDE, 0.9)}  # of a letter, to its font's size
LONG_NUMBER = 5  # characters; from 10,000 on Plotly writes 10k
TICKS = 5  # about as many are drawn on an axis
EDGE = 0.02  # of the figure's side: an axis within it has its labels in the margin
MARKUP = re.compile(r"<[^>]*>")


def widened(layout: Tree, data: list[Tree]) -> Tree:
    """The margins of `layout`, each at least as wide as what stands in it needs; in pixels."""
    margin = dict(layout.get("margin", {}))
    for side, room in _rooms(layout, data):
        margin[side] = max(margin.get(side, 0), math.ceil(room))
    return margin


def _rooms(layout: Tree, data: list[Tree]) -> Iterator[tuple[str, float]]:
    for name, axis in layout.items():
        if not name.startswith(("xaxis", "yaxis")) or not axis.get("automargin") or axis.get("visible") is False:
            continue
        vertical, side = name[0] == "y", axis.get("side", "left" if name[0] == "y" else "bottom")
        if side in ("left", "bottom") and _starts(layout, axis, "x" if vertical else "y") < EDGE:
            yield side[0], _room(axis, vertical, name.replace("axis", ""), data)
    if _has_legend_above(layout, data):
        yield "t", LEGEND


def _starts(layout: Tree, axis: Tree, other: str) -> float:
    """Where along the other direction the axis stands, as a share of the figure."""
    anchor = str(axis.get("anchor", other))
    domain = layout.get(f"{other}axis{anchor[1:]}", {}).get("domain", (0, 1))
    return float(domain[0])


def _room(axis: Tree, vertical: bool, reference: str, data: list[Tree]) -> float:
    """Pixels that the labels and the title of an axis take."""
    room, title = 0.0, axis.get("title", {})
    if axis.get("showticklabels", True) and vertical:
        room = BESIDE + max(map(width, _labels(axis, reference, data)), default=0) * axis["tickfont"]["size"]
    elif axis.get("showticklabels", True):
        room = BELOW
    return room + (title["standoff"] + TITLE[vertical] if title.get("text") else 0)


def width(text: str) -> float:
    """Of a text as it is shown, in sizes of its font; of several lines, the widest.

    >>> width("<i>Poa</i>") < width("Poa alpina") == width("Poa alpina<br>L.")
    True
    """
    lines = (MARKUP.sub("", line) for line in text.split("<br>"))
    return max(sum(WIDTHS.get(letter, USUAL) for letter in line) for line in lines)


def _labels(axis: Tree, reference: str, data: list[Tree]) -> list[str]:
    for given in ("ticktext", "categoryarray"):
        if axis.get(given):
            return list(map(str, axis[given]))
    values = [each for trace in data if trace.get("yaxis", "y") == reference for each in _values(trace)]
    texts = [each for each in values if isinstance(each, str)]
    if texts or not values:
        return texts
    ends = axis.get("range") or (min(values), max(values))
    return _numbers(*(10.0**end for end in ends) if axis.get("type") == "log" and "range" in axis else ends)


def _values(trace: Tree) -> Iterable[Any]:
    values = trace.get("y")
    return [each for each in values if each is not None] if isinstance(values, list) else []


def _numbers(low: float, high: float) -> list[str]:
    """About how the ends of an axis are labelled."""
    step = (high - low) / TICKS
    decimals = max(0, -math.floor(math.log10(step))) if step > 0 else 0
    return [f"{end:.{decimals}f}"[:LONG_NUMBER] for end in (low, high)]


def _has_legend_above(layout: Tree, data: list[Tree]) -> bool:
    legend, named = layout.get("legend", {}), [trace.get("showlegend") for trace in data]
    above = legend.get("orientation") == "h" and legend.get("y", 0) >= 1
    return above and bool(layout.get("showlegend", True in named or named.count(None) > 1))
