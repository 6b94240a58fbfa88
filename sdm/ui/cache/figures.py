"""Figures held between reruns: drawing them costs more than all else of a page on which nothing has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, ParamSpec, TypeVar

import plotly.graph_objects as go

from sdm.figures import Figure, worded
from sdm.figures.plot import Plot
from sdm.figures.sent_to_browser import dressed
from sdm.ui.cache.memo import memo

P = ParamSpec("P")
F = TypeVar("F")
MOST = 256


class _Written(Plot):
    """A plot as it is sent, which Streamlit asks for at every rerun: a tenth of a plot's objects."""

    def __init__(self, plot: go.Figure) -> None:
        super().__init__()
        self.__dict__["written"] = plot.to_dict()
        self.__dict__["by_appearance"] = {}

    def to_dict(self) -> dict[str, Any]:
        written: dict[str, Any] = self.__dict__["written"]
        return written

    def dressed(self, appearance: str, clickable: bool) -> dict[str, Any]:
        """See `sdm.figures.sent_to_browser`."""
        held: dict[tuple[str, bool], dict[str, Any]] = self.__dict__["by_appearance"]
        if (appearance, clickable) not in held:
            held[appearance, clickable] = dressed(self.to_dict(), appearance, clickable)
        return held[appearance, clickable]


class Dressed(Plot):
    """A plot as the browser is sent it."""

    def __init__(self, plot: go.Figure, appearance: str, clickable: bool = False) -> None:
        super().__init__()
        make = plot.dressed if isinstance(plot, _Written) else partial(dressed, plot.to_dict())
        self.__dict__["sent"] = make(appearance, clickable)

    def to_dict(self) -> dict[str, Any]:
        sent: dict[str, Any] = self.__dict__["sent"]
        return sent


@memo(MOST)
def _drawn(draw: Callable[..., Any], values: tuple[Any, ...], named: dict[str, Any]) -> Any:
    made = draw(*values, **named)
    return replace(made, plot=_Written(made.plot)) if isinstance(made, Figure) else made


def drawn(draw: Callable[P, F], *values: P.args, **named: P.kwargs) -> F:
    """The figure or picture that `draw` makes of these values, drawn once; to be shown, not changed."""
    figure: F = _drawn(draw, values, named)
    return figure


def drawn_in_words(
    words: Callable[[str], str], draw: Callable[P, Figure], *values: P.args, **named: P.kwargs
) -> Figure:
    """The same with its texts in other `words`."""
    return drawn(_in_words, words, draw, values, named)


def _in_words(
    words: Callable[[str], str], draw: Callable[..., Figure], values: tuple[Any, ...], named: dict[str, Any]
) -> Figure:
    return worded(draw(*values, **named), words)
