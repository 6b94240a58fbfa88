"""A pixel's twelve months: chosen bands against its class and the one predicted, and all bands by date."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from sdm.analysis.monthly import DATES, date_labels, monthly_table, telling_bands
from sdm.analysis.spectra import GroupSpectra
from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.figures import Figure
from sdm.figures.monthly import monthly_curves, monthly_image
from sdm.modalities import Modality
from sdm.ui.cache import datasets
from sdm.ui.components import linked
from sdm.ui.components.dossier.predicted_class import predicted_class
from sdm.ui.components.dossier.sides import having, heading, side_by_side
from sdm.ui.components.dossier.spectrum import compared_group
from sdm.ui.components.markup import fine, sentence
from sdm.ui.components.theme import on_phone
from sdm.ui.state import Key

MOST_PANELS = 6


def show(modality: Modality, dossiers: Sequence[Dossier], data: Dataset) -> None:
    """Curves of chosen bands, then all bands by date."""
    if not having(dossiers, modality.name):
        return
    groups = datasets.spectra(data, modality.name)
    with heading("Through the year"):
        other = None if groups is None else compared_group(data, groups)
    chosen = linked.multiselect(
        "Bands and indices", _titles(modality), Key.MONTHLY_BANDS, telling_bands(modality.channels),
        max_selections=MOST_PANELS, label_visibility="collapsed", placeholder="Choose bands or indices",
    )  # fmt: skip
    bands = chosen or telling_bands(modality.channels)
    across = 1 if on_phone() or len(dossiers) > 1 else 2

    def curves(dossier: Dossier) -> Figure:
        return _curves(modality, dossier, data, other, bands, across)

    def image(dossier: Dossier) -> Figure:
        return monthly_image(_table(modality, dossier, groups, None, None), dates_of(data, dossier))

    side_by_side(dossiers, modality.name, curves, "monthly")
    st.markdown("#### All bands, date by date")
    side_by_side(dossiers, modality.name, image, "monthly-image")
    if groups is None:
        st.html(fine("No training site of this data has these bands: there is nothing to compare with."))
    st.caption(f"{modality.meaning[:1].upper()}{modality.meaning[1:]}. Source: {modality.source}.")


def glance(modality: Modality, dossiers: Sequence[Dossier], data: Dataset) -> None:
    """The most telling band against that of its class."""
    if not having(dossiers, modality.name):
        return
    st.markdown("#### Through the year")
    bands = telling_bands(modality.channels)[:1]

    def curves(dossier: Dossier) -> Figure:
        return _curves(modality, dossier, data, None, bands, 1)

    side_by_side(dossiers, modality.name, curves, "monthly", twin=False)


def _titles(modality: Modality) -> dict[str, str]:
    """Band -> how it is called in a choice."""
    titles = zip(modality.channels, modality.channel_titles, strict=True)
    return {name: sentence(title) if name in title else f"{name} {title}" for name, title in titles}


def _curves(
    modality: Modality, dossier: Dossier, data: Dataset, other: str | None, bands: Sequence[str], across: int
) -> Figure:
    """Against its class, and against `other` or else the class that a model predicts, where that differs."""
    groups = datasets.spectra(data, modality.name)
    own = None if groups is None else groups.group_of(dossier)
    predicted = predicted_class(data, dossier) if other is None else None
    if predicted is not None and predicted.class_id != own:
        other = predicted.class_id
    titles = {} if groups is None else dict(zip(groups.keys, groups.titles, strict=True))
    other_name = titles.get(other or "", "") if other != own else ""
    if other_name and predicted is not None:
        other_name = f"{other_name} (predicted by {predicted.run})"
    table = _table(modality, dossier, groups, own, other)
    return monthly_curves(table, bands, titles.get(own or "", ""), other_name, across, dates_of(data, dossier))


def _table(
    modality: Modality, dossier: Dossier, groups: GroupSpectra | None, own: str | None, other: str | None
) -> pd.DataFrame:
    values = dossier.values[modality.name]
    assert values is not None
    return monthly_table(values, modality, groups, own, other if other != own else None)


def dates_of(data: Dataset, dossier: Dossier) -> list[str]:
    """What each date is called, none where the data set does not tell."""
    if DATES not in data.sites:
        return []
    row = data.row_of(dossier.survey_id, dossier.source)
    return date_labels(str(data.sites[DATES].iloc[row]))
