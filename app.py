"""Entry: `streamlit run app.py`. The server imports this once; each visit runs it as a script."""

from __future__ import annotations

import logging
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from sdm.ui.components import page_document, static_maps
from sdm.ui.components.dataset_switcher import choose_dataset
from sdm.ui.components.first_screen import begin_page
from sdm.ui.components.foreign_requests import RefuseForeign
from sdm.ui.components.history import keep_history
from sdm.ui.components.kept_files import KeepFiles
from sdm.ui.components.page_frame import last_resort
from sdm.ui.components.theme import LOGO, apply_style
from sdm.ui.components.tiles import ROUTES, warm
from sdm.ui.components.tour import offer_tour, tour_card
from sdm.ui.components.turns import PAGES as TURNS
from sdm.ui.visitor import KnowVisitors

HERE = Path(__file__).resolve().parent
PAGES = (
    ("explore", "Explore", ":material/travel_explore:"),
    ("predict", "Predict", ":material/psychology:"),
    ("species", "Species", ":material/local_florist:"),
    ("training", "Training", ":material/show_chart:"),
    ("confusion", "Confusion", ":material/compare_arrows:"),
    ("scores", "Scores", ":material/leaderboard:"),
    ("your_data", "Your data", ":material/upload_file:"),
    ("about", "About the data", ":material/info:"),
)


def navigation() -> st.Page:
    """The page asked for, among all pages."""
    return st.navigation(
        [
            st.Page(
                HERE / "pages" / f"{name}.py", title=title, icon=icon, url_path=name, default=name == "explore"
            )
            for name, title, icon in PAGES
        ]
    )


def main() -> None:
    """Page configuration, navigation, what all pages share, then the page."""
    st.set_page_config("Species from space", page_icon="🌿", layout="wide", initial_sidebar_state="auto")
    page = navigation()
    begin_page()
    st.logo(str(LOGO), size="medium")
    apply_style()
    with TURNS.turn(), keep_history():
        choose_dataset()
        offer_tour(plain=not page.url_path and not st.query_params)
        page.run()
        tour_card()


if __name__ == "__main__":
    main()
else:
    # Before the first visit, lest a link to a page is answered by Streamlit's own discovery of `pages/`.
    logging.disable(logging.WARNING)  # of being called without a visitor
    navigation()
    logging.disable(logging.NOTSET)
    warm()
    static_maps.warm()
    app = st.App(
        __file__, routes=[*ROUTES, *static_maps.ROUTES, *page_document.routes(name for name, *_ in PAGES)],
        on_script_error=last_resort,
        middleware=[Middleware(each) for each in (RefuseForeign, KnowVisitors, KeepFiles)],
    )  # fmt: skip
