"""A survey on the page, at a glance or one kind of data at a time; two surveys stand side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from sdm.data.survey import Dossier
from sdm.ui.components.dossier import climate, environment, glance, landsat, picture, similar
from sdm.ui.components.dossier.downloads import downloads
from sdm.ui.components.dossier.heading import header, tools
from sdm.ui.components.dossier.sides import sides
from sdm.ui.components.dossier.species import recorded
from sdm.ui.state import LINK, Key

Panel = Callable[[Sequence[Dossier], str], None]
GLANCE: Final = "glance"
VIEWS: Final[dict[str, tuple[str, Panel]]] = {
    GLANCE: ("At a glance", glance.show),
    "picture": ("Picture", picture.show),
    "landsat": ("Landsat", landsat.show),
    "climate": ("Climate", climate.show),
    "environment": ("Environment", environment.show),
    "similar": ("Alike", similar.show),
}


def panels(shown: Sequence[Dossier], key: str) -> None:
    """The chosen view of one or two dossiers; `key` names the data set they belong to."""
    with st.container(key="dossier_views"):
        chosen = st.segmented_control(
            "View of the dossier", list(VIEWS), key=Key.LOOK_AT, bind=LINK, default=GLANCE, required=True,
            format_func=lambda name: VIEWS[name][0], label_visibility="collapsed",
        )  # fmt: skip
    VIEWS[chosen][1](shown, key)
    downloads(shown[-1], key)


__all__ = ["header", "panels", "recorded", "sides", "tools"]
