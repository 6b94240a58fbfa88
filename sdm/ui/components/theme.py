"""The page's appearance: our style sheet, and which of the two themes the reader sees."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st

STYLE = Path(__file__).with_name("style.css")
LOGO = Path(__file__).with_name("logo.svg")
# Okabe-Ito hues, darkened or lightened until text in them has a contrast of 4.5 on the page.
# `on-primary` is for text upon the primary colour, `panel` lies above the page, `axis` labels figures.
INKS = {
    "light": {
        "on-primary": "#ffffff",
        "panel": "#ffffff",
        "axis": "#4a5750",
        "hit": "#00755a",
        "false-alarm": "#b04b00",
        "miss": "#0068a3",
    },
    "dark": {
        "on-primary": "#0b1512",
        "panel": "#1a2420",
        "axis": "#ccd6d0",
        "hit": "#2ec79b",
        "false-alarm": "#ff9a57",
        "miss": "#6fbdf0",
    },
}


@lru_cache(maxsize=1)
def font() -> Path | None:
    """The file of the font in which Streamlit writes, None where a version has it elsewhere."""
    files = sorted((Path(st.__file__).parent / "static" / "static" / "media").glob("SourceSansVF-Upright*"))
    return next(iter(files), None)


def theme() -> str:
    """ "light" or "dark"."""
    return "dark" if st.context.theme.type == "dark" else "light"


def on_phone() -> bool:
    """Whether the reader's screen is small, as far as the browser tells."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


@lru_cache(maxsize=1)
def _sheet() -> str:
    return STYLE.read_text(encoding="utf-8")


def apply_style() -> None:
    """Put the style sheet on the page."""
    inks = "".join(f"--{name}: {colour};" for name, colour in INKS[theme()].items())
    st.html(f"<style>:root {{ {inks} }}\n{_sheet()}</style>")
