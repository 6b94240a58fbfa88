"""A survey on the page, at a glance or one kind of data at a time; two surveys stand side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from sdm.data.survey import Dossier
from sdm.ui.components import linked
from sdm.ui.components.dossier import climate, environment, glance, landsat, picture, similar
from sdm.ui.components.dossier.downloads import downloads
from sdm.ui.components.dossier.heading import header, tools
from sdm.ui.components.dossier.sides import sides
from sdm.ui.components.dossier.species import recorded
from sdm.ui.state import Key

Panel = Callable[[Sequence[Dossier], str], None]
VIEWS: Final[dict[str, tuple[str, Panel]]] = {
    "overview": ("Overview", glance.show),
    "patch": ("Satellite patch", picture.show),
    "landsat": ("Landsat", landsat.show),
    "climate": ("Climate", climate.show),
    "environment": ("Environment", environment.show),
    "neighbours": ("Nearest analogues", similar.show),
}


def panels(shown: Sequence[Dossier], key: str) -> None:
    """The chosen view of one or two dossiers; `key` names the data set they belong to."""
    with st.container(key="dossier_views"):
        titles = {name: title for name, (title, _) in VIEWS.items()}
        chosen = linked.segmented_control("View of the dossier", titles, Key.VIEW, label_visibility="collapsed")
    VIEWS[chosen][1](shown, key)
    downloads(shown[-1], key)


__all__ = ["header", "panels", "recorded", "sides", "tools"]
