"""JavaScript inside a map's own."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from branca.element import MacroElement
from jinja2 import Template


class Script(MacroElement):
    """A few lines of JavaScript inside the map's own; `values` are `this.values` in it."""

    def __init__(self, name: str, script: str, **values: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = name
        self.script = script
        self.values = values
        self._template = _template(script)


@lru_cache(maxsize=64)
def _template(script: str) -> Template:
    """Compiled once: a page draws the same few scripts at every rerun."""
    return Template("{% macro script(this, kwargs) %}\n" + script + "\n{% endmacro %}")
