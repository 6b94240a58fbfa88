"""A survey on the page, at a glance or one kind of data at a time; two surveys stand side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from sdm.data.survey import Dossier
from sdm.ui.components import linked
from sdm.ui.components.dossier import overview, similar
from sdm.ui.components.dossier.downloads import downloads
from sdm.ui.components.dossier.heading import header, tools
from sdm.ui.components.dossier.sides import sides
from sdm.ui.components.dossier.species import recorded
from sdm.ui.components.dossier.views import known_modalities, view_of
from sdm.ui.state import Key

Panel = Callable[[Sequence[Dossier], str], None]


def parts(shown: Sequence[Dossier]) -> dict[str, tuple[str, Panel]]:
    """Key -> title and panel of every view of the dossiers: one per modality between overview and neighbours."""
    views = {name: view_of(name) for name in known_modalities(shown)}
    own = {name: (view.title, view.show) for name, view in views.items()}
    return {"overview": ("Overview", overview.show), **own, "neighbours": ("Analogues", similar.show)}


def panels(shown: Sequence[Dossier], key: str) -> None:
    """The chosen view of one or two dossiers; `key` names the data set they belong to."""
    views = parts(shown)
    with st.container(key="dossier_views"):
        titles = {name: title for name, (title, _) in views.items()}
        chosen = linked.segmented_control("View of the dossier", titles, Key.VIEW, label_visibility="collapsed")
    views[chosen][1](shown, key)
    downloads(shown[-1], key)


__all__ = ["header", "panels", "recorded", "sides", "tools"]
