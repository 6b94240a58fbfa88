"""A survey on the page, at a glance or one kind of data at a time; two surveys stand side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier, recorded_table
from sdm.modalities import MODALITIES
from sdm.ui.components import linked
from sdm.ui.components.dossier import overview, similar
from sdm.ui.components.dossier.heading import header, other_types, tools
from sdm.ui.components.dossier.sides import sides
from sdm.ui.components.dossier.views import known_modalities, view_of
from sdm.ui.components.figure import download
from sdm.ui.state import Key

Panel = Callable[[Sequence[Dossier], Dataset], None]


def parts(dossiers: Sequence[Dossier]) -> dict[str, tuple[str, Panel]]:
    """Key -> title and panel of every view of the dossiers: one per modality between overview and neighbours."""
    views = {name: view_of(name) for name in known_modalities(dossiers)}
    own = {name: (view.title, view.show) for name, view in views.items()}
    return {"overview": ("Overview", overview.show), **own, "neighbours": ("Analogues", similar.show)}


def panels(dossiers: Sequence[Dossier], data: Dataset) -> None:
    """The chosen view of one or two surveys of `data`."""
    views = parts(dossiers)
    with st.container(key="dossier_views"):
        show = linked.view("View of the dossier", views, Key.VIEW)
    show(dossiers, data)
    for ending, dossier in sides(dossiers):
        _downloads(dossier, data, ending)


def _downloads(dossier: Dossier, data: Dataset, ending: str) -> None:
    """One button per table."""
    with st.popover("Download", icon=":material/download:", key=f"downloads{ending}"):
        name = f"survey-{dossier.survey_id}"
        recorded = "True in the simulation" if dossier.on_the_spot else "Recorded"
        download(recorded, lambda: recorded_table(dossier), f"{name}-recorded", f"save_recorded{ending}")
        for modality, array in dossier.values.items():
            if array is not None:
                table = partial(view_of(modality).table, array, data)
                download(MODALITIES[modality].title, table, f"{name}-{modality}", f"save_{modality}{ending}")


__all__ = ["header", "other_types", "panels", "sides", "tools"]
