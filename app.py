"""Entry: `streamlit run app.py`. The server imports this once; each visit runs it as a script."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from sdm.ui.errors import last_resort
from sdm.ui.guard import choose_dataset
from sdm.ui.theme import apply_style
from sdm.ui.tiles import ROUTES, warm

HERE = Path(__file__).resolve().parent
PAGES = (
    ("explore", "Explore", ":material/travel_explore:"),
    ("predict", "Predict", ":material/psychology:"),
)

LOGO = """<svg xmlns="http://www.w3.org/2000/svg" width="210" height="32" viewBox="0 0 210 32">
<path d="M4 26C3 12 12 4 27 4c1 15-7 23-20 22M4 29C8 20 13 15 20 11" fill="none" stroke="#2f9e77" stroke-width="2.6"
 stroke-linecap="round" stroke-linejoin="round"/>
<text x="37" y="21.5" font-family="Inter, Segoe UI, Liberation Sans, Arial, sans-serif" font-size="16" font-weight="600"
 fill="#2f9e77">Species from space</text></svg>"""


def main() -> None:
    """Page configuration, navigation, what all pages share, then the page."""
    st.set_page_config("Species from space", page_icon="🌿", layout="wide", initial_sidebar_state="auto")
    page = st.navigation(
        [
            st.Page(
                HERE / "pages" / f"{name}.py", title=title, icon=icon, url_path=name, default=name == "explore"
            )
            for name, title, icon in PAGES
        ]
    )
    st.logo(LOGO, size="medium")
    apply_style()
    choose_dataset()
    page.run()


if __name__ == "__main__":
    main()
else:
    warm()
    app = st.App(__file__, routes=ROUTES, on_script_error=last_resort)
