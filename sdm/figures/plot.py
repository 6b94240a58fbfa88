"""A Plotly figure that costs little to make: Plotly's objects are made of it only when somebody looks at them.

Plotly makes an object of every property and validates it, some 40 ms for five lines; what a browser is sent is the
plain tree of properties, which is built directly here. Any other method, and a look at `data` or `layout`, first
makes the usual figure of the tree. Tests do so, and find misspelt properties.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

Tree = dict[str, Any]

WHOLE_NAMES = frozenset({"error_x", "error_y", "paper_bgcolor", "plot_bgcolor"})  # that are no paths
AS_LISTS = "range"  # which Plotly's script expects as a list
TYPED = {"int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2", "int32": "i4", "uint32": "u4",
         "float32": "f4", "float64": "f8"}  # fmt: skip
WHOLE_NUMBERS = (np.int8, np.int16, np.int32)  # its script knows none longer


class Plot(go.Figure):
    """A figure of lines, points and bars on one pair of axes; of anything else it becomes the usual one."""

    def __init__(self) -> None:
        self.__dict__["tree"] = {"data": [], "layout": {}}

    def __getattr__(self, name: str) -> Any:
        """Whatever the usual figure has: it is made now."""
        if "tree" not in self.__dict__ or name.startswith("__"):
            raise AttributeError(name)
        tree = self.__dict__.pop("tree")
        super().__init__(tree)
        return getattr(self, name)

    def _tree(self) -> Tree | None:
        """The tree, None once the usual figure was made of it."""
        return self.__dict__.get("tree")

    def add_scatter(self, *values: Any, **properties: Any) -> go.Figure:
        """See `go.Figure.add_scatter`."""
        return self._add("scatter", super().add_scatter, values, properties)

    def add_bar(self, *values: Any, **properties: Any) -> go.Figure:
        """See `go.Figure.add_bar`."""
        return self._add("bar", super().add_bar, values, properties)

    def _add(self, kind: str, usual: Any, values: Any, properties: Tree) -> go.Figure:
        tree = self._tree()
        if tree is None or values or "row" in properties:
            return usual(*values, **properties)
        tree["data"].append(nested({"type": kind, **properties}))
        return self

    def add_vrect(self, x0: Any, x1: Any, *values: Any, **properties: Any) -> go.Figure:
        """See `go.Figure.add_vrect`."""
        tree = self._tree()
        if tree is None or values or not tree["data"] or "row" in properties or "annotation_text" in properties:
            return super().add_vrect(x0, x1, *values, **properties)
        place = {"type": "rect", "x0": x0, "x1": x1, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain"}
        tree["layout"].setdefault("shapes", []).append(nested({**place, **properties}))
        return self

    def set_layout(self, name: str, value: Any) -> None:
        """Put `value` in place of one property of the layout."""
        tree = self._tree()
        if tree is None:
            self.layout[name] = value
            return
        for first, made in nested({name: value}).items():
            before = {} if first == name else tree["layout"].get(first, {})
            tree["layout"][first] = joined(before, made) if isinstance(made, dict) else made

    def update_layout(self, *values: Any, **properties: Any) -> go.Figure:
        """See `go.Figure.update_layout`."""
        tree = self._tree()
        if tree is None or values or any(isinstance(each, list | tuple) for each in properties.values()):
            return super().update_layout(*values, **properties)
        tree["layout"] = joined(tree["layout"], nested(properties))
        return self

    def set_axes(self, kind: str, values: Tree) -> None:
        """Join `values` to every axis of that kind, "xaxis" or "yaxis"."""
        tree = self._tree()
        if tree is not None:
            names = {kind, *(name for name in tree["layout"] if name.startswith(kind))}
            for name in names:
                tree["layout"][name] = joined(tree["layout"].get(name, {}), nested(values))
            return
        for name in [name for name in self.layout if name.startswith(kind)]:
            self.layout[name] = {**self.layout[name].to_plotly_json(), **values}

    def to_dict(self) -> Tree:
        """What is sent."""
        tree = self._tree()
        if tree is None:
            usual: Tree = super().to_dict()
            return usual
        layout = {"template": _template(), **tree["layout"]}
        return {"data": [_sent(trace) for trace in tree["data"]], "layout": _sent(layout)}


def nested(properties: Mapping[str, Any]) -> Tree:
    """Names that are paths as trees, titles as what they consist of, and nothing that is None.

    >>> nested({"marker_line_width": 1, "marker": {"color": "red"}, "title": "Rain", "name": None, "error_y": 2})
    {'marker': {'line': {'width': 1}, 'color': 'red'}, 'title': {'text': 'Rain'}, 'error_y': 2}
    """
    tree: Tree = {}
    for name, value in properties.items():
        first, _, rest = (name, "", "") if name in WHOLE_NAMES else name.partition("_")
        if rest:
            value = {rest: value}
        elif first == "title" and isinstance(value, str):
            value = {"text": value}
        if isinstance(value, Mapping):
            tree[first] = joined(tree.get(first, {}), nested(value))
        elif value is not None:
            tree[first] = value
    return tree


def joined(one: Tree, other: Tree) -> Tree:
    """Both trees; what the other has goes before."""
    both = dict(one)
    for name, value in other.items():
        deeper = isinstance(value, dict) and isinstance(both.get(name), dict)
        both[name] = joined(both[name], value) if deeper else value
    return both


def _sent(value: Any, name: str = "") -> Any:
    """Numbers of arrays as the typed arrays of Plotly's script, in base 64."""
    if isinstance(value, Mapping):
        return {key: _sent(each, key) for key, each in value.items()}
    if isinstance(value, pd.Series | pd.Index | pd.api.extensions.ExtensionArray):
        value = value.to_numpy()
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype == np.int64 and value.size:
        low, high = value.min(), value.max()
        fitting = (kind for kind in WHOLE_NUMBERS if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max)
        value = value.astype(next(fitting, np.int64))
    if name == AS_LISTS or not value.size or value.dtype.name not in TYPED:
        return value if value.dtype.kind in "uifOM" else value.astype(object)
    typed = {"dtype": TYPED[value.dtype.name], "bdata": base64.b64encode(value.tobytes()).decode()}
    return typed if value.ndim == 1 else {**typed, "shape": ", ".join(map(str, value.shape))}


@cache
def _template() -> Tree:
    """The defaults that Plotly adds to every figure."""
    template: Tree = go.Figure().to_dict()["layout"]["template"]
    return template
