"""How wide the margins of a figure will become, told before it is drawn.

An axis with `automargin` widens a margin that is too narrow for its labels, but only once they have been drawn:
the whole figure is then drawn again, which doubles its time. A margin that is wide enough at once stays as it is.
What is estimated too narrow is still widened, so that an estimate costs time or some pixels, never a label.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, Final

from sdm.figures.plot import Tree

# Plotly's rooms in pixels without its padding: beside labels, labels below an axis, a title of a vertical axis or
# another. It pads with the narrowest margin, but not with more than MOST_PADDING.
BESIDE, BELOW, TITLE, MOST_PADDING = 9, 25, {True: 16, False: 10}, 12
# Of a legend: its first row, each further one, what an entry takes beside its text.
LEGEND, ROW, ENTRY = 30, 19, 45
FIGURE, PLOT, SLACK = 490, 390, 2  # pixels: how wide a figure usually is, and what it shows within its margins
# Of a letter, to its font's size: a tenth more than in the first fonts of the page.
LETTERS = {
    0.3: "\u202f .,:;il|'-·", 0.37: "fjrtI()", 0.64: "0123456789", 0.7: "ABCDEFGHJKLNOPQRSTUVXYZ",
    0.95: "mwMW%@–—…",
}  # fmt: skip
USUAL: Final = 0.55
WIDTHS: Final = {letter: size for size, letters in LETTERS.items() for letter in letters}
LONG_NUMBER = 5  # characters; from 10,000 on Plotly writes 10k
TICKS = 5  # about as many are drawn on an axis
EDGE = 0.02  # of the figure's side: an axis within it has its labels in the margin
SIDES = "lrtb"
MARKUP = re.compile(r"<[^>]*>")


def widened(layout: Tree, data: list[Tree]) -> Tree:
    """The margins of `layout`, each at least as wide as what stands in it needs; in pixels."""
    margin, rooms = dict(layout.get("margin", {})), list(_rooms(layout, data))
    for _ in SIDES:  # a wider margin may widen the padding, and that the others
        padding = min(MOST_PADDING, *(margin.get(side, 0) for side in SIDES))
        rows = _legend_rows(layout, data, FIGURE - margin.get("l", 0) - margin.get("r", 0))
        legend = [("t", LEGEND + ROW * (rows - 1))] if rows else []
        for side, room in [*rooms, *legend]:
            margin[side] = max(margin.get(side, 0), math.ceil(room + padding))
    return margin


def _rooms(layout: Tree, data: list[Tree]) -> Iterator[tuple[str, float]]:
    for name, axis in layout.items():
        if not name.startswith(("xaxis", "yaxis")) or not axis.get("automargin") or axis.get("visible") is False:
            continue
        vertical, side = name[0] == "y", axis.get("side", "left" if name[0] == "y" else "bottom")
        values = list(_values(name.replace("axis", ""), data))
        labels = _labels(axis, values) if axis.get("showticklabels", True) else None
        if side in ("left", "bottom") and _starts(layout, axis, "x" if vertical else "y") < EDGE:
            yield side[0], _room(axis, vertical, labels)
        if labels and not vertical and axis.get("domain", (0, 1))[1] > 1 - EDGE:
            yield "r", _overhang(axis, labels[-1], values)


def _starts(layout: Tree, axis: Tree, other: str) -> float:
    """Where along the other direction the axis stands, as a share of the figure."""
    anchor = str(axis.get("anchor", other))
    domain = layout.get(f"{other}axis{anchor[1:]}", {}).get("domain", (0, 1))
    return float(domain[0])


def _room(axis: Tree, vertical: bool, labels: list[str] | None) -> float:
    """Pixels that `labels`, if it has any, and the title of an axis take."""
    room, title = 0.0, axis.get("title", {})
    if labels is not None and vertical:
        room = BESIDE + max(map(width, labels), default=0) * axis["tickfont"]["size"]
    elif labels is not None:
        room = BELOW
    return room + (title["standoff"] + TITLE[vertical] if title.get("text") else 0)


def width(text: str) -> float:
    """Of a text as it is shown, in sizes of its font; of several lines, the widest.

    >>> width("<i>Poa</i>") < width("Poa alpina") == width("Poa alpina<br>L.")
    True
    """
    lines = (MARKUP.sub("", line) for line in text.split("<br>"))
    return max(sum(WIDTHS.get(letter, USUAL) for letter in line) for line in lines)


def _values(reference: str, data: list[Tree]) -> Iterator[Any]:
    """What the traces have along the axis `reference`, such as "x2"."""
    letter = reference[0]
    for trace in data:
        values = trace.get(letter)
        if isinstance(values, list) and trace.get(f"{letter}axis", letter) == reference:
            yield from (each for each in values if each is not None)


def _labels(axis: Tree, values: list[Any]) -> list[str]:
    """Texts as long as those of the ticks."""
    for given in ("ticktext", "categoryarray"):
        if axis.get(given):
            return list(map(str, axis[given]))
    texts = [each for each in values if isinstance(each, str)]
    return texts if texts or not values else _numbers(*_ends(axis, values))


def _ends(axis: Tree, values: list[Any]) -> tuple[float, float]:
    """Where the axis begins and ends, in the units of the data."""
    if "range" not in axis:
        return min(values), max(values)
    first, last = axis["range"]
    return (10.0**first, 10.0**last) if axis.get("type") == "log" else (first, last)


def _overhang(axis: Tree, label: str, values: list[Any]) -> float:
    """Pixels by which the last `label` of numbers below the figure stands out at its right; the label of a
    category stands below its middle."""
    if not values or any(isinstance(each, str) for each in values):
        return 0
    begin, end = _ends(axis, values)
    last = axis.get("tickvals", [end])[-1]
    if axis.get("type") == "log":
        begin, end, last = (math.log10(max(each, 1e-300)) for each in (begin, end, last))
    free = PLOT * (end - last) / (end - begin) if end > begin else PLOT
    return max(0, SLACK + width(label) / 2 * axis["tickfont"]["size"] - free)


def _numbers(low: float, high: float) -> list[str]:
    """About how the ends of an axis are labelled."""
    step = (high - low) / TICKS
    decimals = max(0, -math.floor(math.log10(step))) if step > 0 else 0
    return [f"{end:.{decimals}f}"[:LONG_NUMBER] for end in (low, high)]


def _legend_rows(layout: Tree, data: list[Tree], room: float) -> int:
    """How many rows a legend above takes where there are `room` pixels beside each other; 0 without one. Where one
    row is too short, Plotly puts them into columns of one width."""
    legend, named = layout.get("legend", {}), [trace.get("showlegend") for trace in data]
    above = legend.get("orientation") == "h" and legend.get("y", 0) >= 1
    if not above or not layout.get("showlegend", True in named or named.count(None) > 1):
        return 0
    shown = (str(trace.get("name", "")) for trace in data if trace.get("showlegend", True))
    entries = [ENTRY + width(name) * legend["font"]["size"] for name in shown]
    if sum(entries) <= room:
        return 1
    return math.ceil(len(entries) / max(1, room // max(entries)))
