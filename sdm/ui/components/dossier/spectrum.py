"""The spectrum of a pixel, or the channel means of an image, against its class among training sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from sdm.analysis.spectra import GroupSpectra, spectrum_table
from sdm.data.dataset import Dataset, TargetKind
from sdm.data.site_words import Words, item_of
from sdm.data.survey import Dossier
from sdm.figures import Figure
from sdm.figures.spectrum import spectrum
from sdm.figures.style import worded
from sdm.modalities import Modality
from sdm.ui.cache import datasets
from sdm.ui.components import linked
from sdm.ui.components.dossier.sides import having, heading, side_by_side
from sdm.ui.components.markup import fine
from sdm.ui.state import Key

WHAT = {True: "this image", False: "this pixel"}
GLANCE_HEIGHT = 240


def show(modality: Modality, dossiers: Sequence[Dossier], data: Dataset) -> None:
    """The spectrum with that of its class, and of another one to compare with."""
    if not having(dossiers, modality.name):
        return
    groups = datasets.spectra(data, modality.name)
    with heading("Channel means" if modality.is_image else "Spectrum"):
        other = None if groups is None else compared_group(data, groups)
    draw(modality, dossiers, groups, other)
    if groups is None:
        st.html(fine("No training site of this data has these bands: there is nothing to compare with."))
    st.caption(f"{modality.meaning[:1].upper()}{modality.meaning[1:]}. Source: {modality.source}.")


def glance(modality: Modality, dossiers: Sequence[Dossier], data: Dataset) -> None:
    """The spectrum with that of its class."""
    if having(dossiers, modality.name):
        st.markdown("#### Spectrum")
        draw(modality, dossiers, datasets.spectra(data, modality.name), None, GLANCE_HEIGHT, table=False)


def draw(
    modality: Modality, dossiers: Sequence[Dossier], groups: GroupSpectra | None, other: str | None,
    height: int = 320, table: bool = True,
) -> None:  # fmt: skip
    """The figure of each dossier that has the modality, side by side on one scale."""

    def figure(dossier: Dossier) -> Figure:
        return _figure(modality, dossier, groups, other, height)

    side_by_side(dossiers, modality.name, figure, modality.name, table)


def compared_group(data: Dataset, groups: GroupSpectra) -> str | None:
    """The key of another group to compare with, if one is chosen."""
    named: Mapping[str, str] = {
        key: title for key, title, sites in zip(groups.keys, groups.titles, groups.sites, strict=True) if sites
    }
    if len(named) < 2:
        return None
    what = "class" if data.targets.kind is TargetKind.MULTICLASS else "span"
    return linked.optional_selectbox(
        f"Another {what} to compare with", named, Key.COMPARED_GROUP, placeholder=f"Compare a {what}", width=220,
        label_visibility="collapsed",
    )  # fmt: skip


def _figure(
    modality: Modality, dossier: Dossier, groups: GroupSpectra | None, other: str | None, height: int
) -> Figure:
    values, own = dossier.values[modality.name], None if groups is None else groups.group_of(dossier)
    assert values is not None
    titles = {} if groups is None else dict(zip(groups.keys, groups.titles, strict=True))
    table = spectrum_table(values, modality, groups, own, other if other != own else None)
    name = titles.get(own or "", "")
    unit = f" {dossier.unit}" if name and dossier.target is not None else ""
    drawn = spectrum(table, WHAT[modality.is_image], name + unit, titles.get(other or "", ""), height)
    return worded(drawn, Words(item_of(dossier.values), "class"))
