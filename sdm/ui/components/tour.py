"""A short tour for whoever comes for the first time: a card in the corner, beside which the page can be used.

It comes once per browser, and never to those who follow a link to a view.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.errors import SdmError
from sdm.modalities.raster_bands import on_rasters
from sdm.ui.cache import datasets
from sdm.ui.components.fragment import fragment
from sdm.ui.state import Key

COOKIE = "tour"  # set by tour.js
_seen = st.components.v2.component("tour_seen", js=Path(__file__).with_name("tour.js").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Step:
    """A page of the app and what it is for."""

    title: str
    words: str
    page: str
    label: str


SIMULATED = (
    "You see a **virtual Europe**: simulated data with real plant names, made for learning. It says nothing of "
    "nature. Real surveys can be opened in its place."
)
SIMULATED_RASTERS = (
    "You see **simulated** rasters, and maps of them as several mappers would draw them, made for learning. They "
    "say nothing of nature. Rasters and maps of your own can be opened in their place."
)
RECORDED = "You see surveys as they were recorded: what a satellite saw, the climate, and the plants found there."
RECORDED_RASTERS = "You see rasters and what was mapped on them, as they were recorded."
STEPS = (
    Step("Which plants grow where, seen from space", "", "about", "What the data are"),
    Step(
        "Click a place",
        "Click anywhere on the map, or write a town, coordinates or the id of a survey into the boxes. The "
        "nearest survey opens beside it.",
        "explore",
        "The map",
    ),
    Step(
        "Read its dossier",
        "From space in several colours, through twenty years of Landsat, month by month, in 64 predictors, and "
        "with the plants found there. Below every figure stands how to read it.",
        "explore",
        "A place",
    ),
    Step(
        "Ask the models",
        "Several models side by side name the plants they expect there. Marks tell hits (✓), false alarms (✕) and "
        "misses (○).",
        "predict",
        "Predictions",
    ),
    Step(
        "Find where they fail",
        "Which plants are missed or mistaken for others, and at which surveys? Every bar and cell can be clicked.",
        "confusion",
        "Mistakes",
    ),
)
RASTER_STEPS = (
    Step("Land and its mapped classes, seen from above", "", "about", "What the data are"),
    Step(
        "Click a place",
        "Rasters and mapped polygons lie on the map; “Layers” changes them. A click opens the nearest labelled "
        "pixel, image or photograph beside it.",
        "explore",
        "The map",
    ),
    Step(
        "Read its dossier",
        "Its bands against those of its class, what was mapped there, and which other sites look most alike.",
        "explore",
        "A place",
    ),
    Step(
        "Ask the models",
        "Several models side by side name what they expect there, and paint whole rasters: class, probability and "
        "uncertainty of every pixel.",
        "predict",
        "Predictions",
    ),
    Step(
        "Find where they fail",
        "What is mistaken for what, at each level of detail, and where? Every cell can be clicked.",
        "confusion",
        "Mistakes",
    ),
)


def offer_tour(plain: bool) -> None:
    """The button in the sidebar; on a first visit that is `plain`, no link to a view, it begins by itself.

    Without data there is nothing to tour.
    """
    if Key.DATA not in st.session_state:
        st.session_state[Key.TOUR] = None
        return
    if Key.TOUR not in st.session_state:
        st.session_state[Key.TOUR] = 0 if plain and COOKIE not in st.context.cookies else None
    st.sidebar.button("Tour", icon=":material/tour:", type="tertiary", on_click=_go, args=(0,), key="tour_again")


@fragment
def tour_card() -> None:
    """The step the reader is at, if any; drawn after the page, which it must not delay."""
    at = st.session_state[Key.TOUR]
    if at is None:
        return
    data = _data()
    step = (RASTER_STEPS if data is not None and on_rasters(data.modalities) else STEPS)[at]
    with st.container(key="tour", border=True):
        _seen(key="tour_seen")
        st.markdown(f"##### {step.title}")
        st.markdown(step.words or _what(data))
        st.page_link(f"pages/{step.page}.py", label=step.label, icon=":material/arrow_forward:")
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right"):
            _buttons(at)


def _buttons(at: int) -> None:
    last = at == len(STEPS) - 1
    st.caption(f"{at + 1} of {len(STEPS)}", width="content")
    if not last:
        st.button("Skip", type="tertiary", on_click=_go, args=(None,), key="tour_skip")
    if at:
        st.button("Back", on_click=_go, args=(at - 1,), key="tour_back")
    st.button(
        "Done" if last else "Next", type="primary", on_click=_go, args=(None if last else at + 1,), key="tour_on"
    )


def _go(at: int | None) -> None:
    st.session_state[Key.TOUR] = at


def _data() -> Dataset | None:
    """The data set chosen, None where it cannot be opened."""
    try:
        return datasets.dataset(st.session_state[Key.DATA])
    except SdmError:
        return None


def _what(data: Dataset | None) -> str:
    """What the data are: simulated or not is said before anything else."""
    rasters = data is not None and on_rasters(data.modalities)
    if data is not None and data.simulated:
        return SIMULATED_RASTERS if rasters else SIMULATED
    return RECORDED_RASTERS if rasters else RECORDED
