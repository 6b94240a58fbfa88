"""Images with any channels, and ground photographs: composites, single channels, and channel means by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

import streamlit as st

from sdm.analysis.raster_looks import RasterLook, looks, render_raster, three_bands
from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.figures.raster_image import raster_picture
from sdm.maps.png import FORMAT
from sdm.modalities import Modality
from sdm.ui.components import linked
from sdm.ui.components.dossier import spectrum
from sdm.ui.components.dossier.sides import arrays, having, heading
from sdm.ui.state import Key

OWN: Final = "own"  # a composite of any three channels
AT_A_GLANCE = 3  # renderings
PHOTO_AT_A_GLANCE = 280  # screen pixels


def show(modality: Modality, dossiers: Sequence[Dossier], data: Dataset) -> None:
    """One rendering, large, and the channels' means against those of the class."""
    if not having(dossiers, modality.name):
        return
    with heading(modality.title):
        look = look_choice(modality.channels)
    for _ending, dossier, values in arrays(dossiers, modality.name):
        drawn = raster_picture(render_raster(values, modality, look), modality, dossier.area_m2)
        st.image(drawn.png, width=420 if len(dossiers) == 1 else "stretch", alt=drawn.alt)
        st.caption(drawn.caption)
    spectrum.show(modality, dossiers, data)


def glance(modality: Modality, dossiers: Sequence[Dossier], _: Dataset) -> None:
    """The first renderings side by side."""
    if not having(dossiers, modality.name):
        return
    st.markdown(f"#### {modality.title}")
    known = list(islice(looks(modality.channels).values(), AT_A_GLANCE))
    for ending, dossier, values in arrays(dossiers, modality.name):
        with st.container(key=f"glance_{modality.name}{ending}"):
            for column, look in zip(st.columns(len(known), gap="small"), known, strict=True):
                drawn = raster_picture(render_raster(values, modality, look), modality, dossier.area_m2)
                column.image(drawn.png, width="stretch", alt=drawn.alt, output_format=FORMAT)
                column.caption(drawn.caption)


def show_photo(modality: Modality, dossiers: Sequence[Dossier], _: Dataset) -> None:
    """The photograph, as large as its column."""
    _photo(modality, dossiers, "stretch")
    st.caption(f"{modality.meaning}. Source: {modality.source}.")


def photo_glance(modality: Modality, dossiers: Sequence[Dossier], _: Dataset) -> None:
    """The photograph in small."""
    _photo(modality, dossiers, PHOTO_AT_A_GLANCE)


def look_choice(channels: tuple[str, ...]) -> RasterLook:
    """A rendering of these channels, or any three of them."""
    known = looks(channels)
    titles = {name: look.title for name, look in known.items()}
    if len(channels) >= 3:
        titles[OWN] = "Any three channels"
    name = linked.selectbox("Rendering", titles, Key.RASTER_LOOK, label_visibility="collapsed", width=230)
    return known[name] if name != OWN else _own(channels, {one: known[one].title for one in channels})


def _own(channels: tuple[str, ...], titles: Mapping[str, str]) -> RasterLook:
    boxes = (("Red", Key.RED_CHANNEL), ("Green", Key.GREEN_CHANNEL), ("Blue", Key.BLUE_CHANNEL))
    chosen = [
        linked.selectbox(label, titles, key, default, width=150)
        for (label, key), default in zip(boxes, channels, strict=False)
    ]
    return three_bands((chosen[0], chosen[1], chosen[2]))


def _photo(modality: Modality, dossiers: Sequence[Dossier], width: int | str) -> None:
    if not having(dossiers, modality.name):
        return
    st.markdown(f"#### {modality.title}")
    for _ending, _dossier, values in arrays(dossiers, modality.name):
        look = next(iter(looks(modality.channels).values()))
        drawn = raster_picture(render_raster(values, modality, look), modality)
        st.image(drawn.png, width=width, alt=drawn.alt)  # type: ignore[arg-type]
