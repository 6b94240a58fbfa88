"""What a browser is sent of a figure: it is drawn once, not twice.

Streamlit hands a chart to Plotly's `react` a second time as soon as its width is known. That draws nothing where
nothing has changed, but a template always counts as changed, and so do typed arrays, and any array unless the
layout has a `datarevision`. So what Streamlit's theme says in a template is said here in the layout itself, and
numbers are sent as lists.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from sdm.figures.margins import widened
from sdm.figures.plot import Tree, joined

FAMILY = (  # as Streamlit adds to ours
    "'Inter', 'Segoe UI', 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif, "
    '"Source Sans", sans-serif'
)
SMALL, USUAL, LARGE = 11.25, 13.125, 15  # pixels: 0.75, 0.875 and 1 of the page's text
DIGITS = 7  # as float32 has them
WHOLE = 2**53  # from here on floating-point numbers skip whole ones
COLOURWAY = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#6B7280")
# What Streamlit 1.67 makes of our theme in .streamlit/config.toml: text of axes, of legends and of titles, lines,
# background and border.
COLOURS = {
    "light": ("#808495", "#262730", "#1C2723", "#e6eaf1", "#FFFFFF", "#DCE3DD"),
    "dark": ("#e6eaf1", "#fafafa", "#E7EDE9", "#31333F", "#101715", "#2C3934"),
}
CLICKABLE = {"clickmode": "event+select"}  # as Streamlit would set it, and draw again


def dressed(written: Tree, appearance: str, clickable: bool = False) -> Tree:
    """A figure as `to_dict` writes it, in the page's "light" or "dark" appearance; what it sets itself stays.

    >>> dressed({"data": [], "layout": {"xaxis": {"showgrid": True}}}, "light")["layout"]["xaxis"]["showgrid"]
    True
    """
    layout = {name: value for name, value in written["layout"].items() if name != "template"}
    whole, parts = _defaults(*COLOURS[appearance])
    for name in {"xaxis", "yaxis", "legend", *layout}:
        kind = name.rstrip("0123456789")
        if kind in parts:
            layout[name] = joined(parts[kind], layout.get(name, {}))
    layout = joined({**whole, **(CLICKABLE if clickable else {})}, layout)
    data, layout = [_trace(trace) for trace in written["data"]], plain(layout)
    return {"data": data, "layout": {**layout, "margin": widened(layout, data)}}


def _trace(trace: Tree) -> Tree:
    if trace.get("type") == "scatter" and "marker" in trace:
        trace = joined({"marker": {"line": {"width": 0}}}, trace)
    made: Tree = plain(trace)
    return made


def _defaults(
    text: str, legend: str, title: str, line: str, page: str, border: str
) -> tuple[Tree, dict[str, Tree]]:
    """Defaults of the layout as a whole, and of its axes, legends and colour scales."""
    font = {"color": text, "family": FAMILY, "size": SMALL, "weight": 400}
    small, usual = {"color": text, "size": SMALL}, {"color": text, "size": USUAL}
    whole = {
        "datarevision": 1, "colorway": list(COLOURWAY), "font": font, "margin": {"pad": 7.5, "l": 0, "r": 0},
        "title": {"font": {"color": title, "family": FAMILY, "size": LARGE}, "pad": {"l": 3.75}, "x": 0},
        "paper_bgcolor": page, "plot_bgcolor": page,
        "hoverlabel": {"bgcolor": page, "bordercolor": border, "font": font},
    }  # fmt: skip
    # No colour of ticks: Plotly would draw them.
    axis = {"automargin": True, "gridcolor": line, "zerolinecolor": line, "tickfont": small}
    bar = {
        "thickness": 16, "xpad": 22.5, "outlinecolor": "transparent", "outlinewidth": 8, "len": 0.75, "y": 0.5745,
        "title": {"font": usual}, "tickfont": small,
    }  # fmt: skip
    return whole, {
        "xaxis": {**axis, "showgrid": False, "zeroline": False, "title": {"font": usual, "standoff": 18.75}},
        # Labels beside a figure cannot overlap its edge, so that each need not be measured for it.
        "yaxis": {**axis, "ticklabeloverflow": "allow", "title": {"font": usual, "standoff": 22.5}},
        "legend": {"title": {"font": small, "side": "top"}, "font": {"color": legend, "size": SMALL}},
        "coloraxis": {"colorbar": bar},
    }


def plain(value: Any) -> Any:
    """Arrays of numbers as lists, fractions with 7 digits, None for what is not finite.

    >>> plain({"y": {"dtype": "f8", "bdata": "AAAAAAAA+H8AAAAAAAAAQA=="}, "x": np.array([1 / 3, 2**40])})
    {'y': [None, 2], 'x': [0.3333333, 1099511627776]}
    """
    if isinstance(value, Mapping):
        if "bdata" in value:
            return _decoded(value)
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, np.ndarray) and value.dtype.kind != "M":  # dates are written by Plotly
        return plain(value.tolist())
    return _short(value) if isinstance(value, float) else value


def _short(value: float) -> float | None:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < WHOLE else float(f"{value:.{DIGITS}g}")


def _decoded(typed: Mapping[str, Any]) -> Any:
    """The numbers of a typed array in base 64."""
    values = np.frombuffer(base64.b64decode(typed["bdata"]), typed["dtype"])
    shape = typed.get("shape")
    return plain(values if shape is None else values.reshape([int(side) for side in str(shape).split(",")]))
