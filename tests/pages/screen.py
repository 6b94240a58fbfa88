"""The app in one process, and what stands on its screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

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
