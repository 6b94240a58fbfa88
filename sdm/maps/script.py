"""JavaScript inside a map's own."""

from __future__ import annotations

from typing import Any

from branca.element import MacroElement
from jinja2 import Template


class Script(MacroElement):
    """A few lines of JavaScript inside the map's own; `values` are `this.values` in it."""

    def __init__(self, name: str, script: str, **values: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = name
        self.values = values
        body = "{% macro script(this, kwargs) %}\n" + script + "\n{% endmacro %}"
        self._template = Template(body)
