"""What a choice has brought comes into sight: on a phone it would stand a screen below what was tapped."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_scroll = st.components.v2.component(
    "into_sight", js=Path(__file__).with_name("into_sight.js").read_text(encoding="utf-8")
)


def into_sight(key: str, shown: object) -> None:
    """Scroll to the container `key` once `shown`, what stands in it, is another one; None or "" is nothing.

    To be called on every run of the page after what it shows, with nothing shown too: what a link opens stays as
    it is, the choice after it moves the page.
    """
    with st.container(key=f"sight_of_{key}"):
        _scroll(key=f"into_sight_{key}", data={"key": key, "shown": "" if shown is None else str(shown)})
