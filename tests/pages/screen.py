"""The app in one process, and what stands on its screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

APP = Path(__file__).resolve().parents[2] / "app.py"
Open = Callable[..., AppTest]


def html(app: AppTest) -> str:
    """All that was written as markup, but styles."""
    bodies = (str(element.proto.body) for element in app.get("html"))
    return "\n".join(body for body in bodies if "<style" not in body)


def words(app: AppTest) -> str:
    """All that can be read but tables and widgets."""
    return " ".join([*(e.value for e in app.markdown), *(e.value for e in app.subheader), html(app)])


UNSEEN = ("id", "key", "element_hash", "query_param_key", "query_string", "column_order", "columns", "icon")


def everything(app: AppTest) -> Iterator[str]:
    """All that can be read, widgets, their help and their options, captions and texts over points included."""
    for element in _elements(app._tree):
        if (message := getattr(element, "proto", None)) is not None:
            yield from _strings(message)


def _elements(node: Any) -> Iterator[Any]:
    children = getattr(node, "children", None)
    if not children:
        yield node
    for child in (children or {}).values():
        yield from _elements(child)


def _strings(message: Any) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.name in UNSEEN:
            continue
        for each in value if isinstance(value, Iterable) and not isinstance(value, str | bytes) else (value,):
            if hasattr(each, "ListFields"):
                yield from _strings(each)
            elif isinstance(each, str) and "<style" not in each:
                yield re.sub(r"<[^>]*>", " ", each) if field.name == "body" else each


def sent_series(app: AppTest, files: list[Path]) -> AppTest:
    """The page with the files of monthly series uploaded."""
    box = app.file_uploader(key="series_files")
    for path in files:
        box.upload(f"../{path.name}", path.read_bytes(), "text/csv")
    return app.run()
