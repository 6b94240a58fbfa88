"""The bands of a raster input: against each other by source and class, their shift, and what they tell apart."""

from __future__ import annotations

import streamlit as st

from sdm.analysis.group_separation import group_separation
from sdm.analysis.site_shift import SiteShift, band_table, site_shift
from sdm.data.dataset import Dataset
from sdm.data.site_words import words_of
from sdm.figures import raster_bands as figures
from sdm.figures.markdown import literal
from sdm.figures.style import worded
from sdm.modalities import MODALITIES
from sdm.modalities.raster_bands import RADAR_BANDS, family_of
from sdm.number_format import counted, fixed, percent
from sdm.rasters.class_titles import class_titles, in_words
from sdm.ui.about.classes import class_levels
from sdm.ui.cache.memo import memo
from sdm.ui.components import linked
from sdm.ui.components.figure import show_figure
from sdm.ui.components.page_frame import empty
from sdm.ui.state import Key

FIRST, MOST_BANDS, MOST_APART = 4, 10, 4
SOURCE = "source"
LARGE = 0.8  # Cohen's d that is called large
FAR = ((0.5, "hardly differ"), (1.5, "differ"), (2.1, "differ in almost everything"))  # by proxy A-distance

_bands = memo(8, "Reading the bands …")(band_table)
_shift = memo(8, "Comparing the sources …")(site_shift)
_apart = memo(16)(group_separation)


def inputs(data: Dataset) -> list[str]:
    """The modalities cut from rasters."""
    return [name for name in data.modalities if family_of(name) is not None]


def show(data: Dataset) -> None:
    """Scatter matrix, shift between sources, distributions in two groups."""
    names = inputs(data)
    if not names:
        return
    st.markdown("#### Bands: do sources and classes look alike?")
    modality = names[0]
    if len(names) > 1:
        titles = {name: MODALITIES[name].title for name in names}
        modality = linked.segmented_control("Input", titles, Key.BAND_INPUT, label_visibility="collapsed")
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        _scatter(data, modality)
    with right:
        _shifts(data, modality)
        _separation(data, modality)


def _scatter(data: Dataset, modality: str) -> None:
    channels = list(MODALITIES[modality].channels)
    levels = (
        {name: f"by {title[:-1]}" for name, title in class_levels(data).items()}
        if len(data.targets.classes)
        else {}
    )
    titles = {SOURCE: "by source", **levels}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = linked.selectbox("Colour", titles, Key.BAND_COLOUR, width=170)
        chosen = linked.multiselect(
            "Bands", channels, Key.BANDS, _spread(channels), max_selections=MOST_BANDS, width="stretch"
        )
    if len(chosen) < 2:
        empty("Two bands at least", "Choose up to ten bands to see them against each other.")
        return
    level = "name" if by == SOURCE else by
    table = _bands(data, modality, level=level)
    column = SOURCE if by == SOURCE else "class"
    height = 640 if len(chosen) <= FIRST + 1 else 820
    drawn = figures.scatter_matrix(table, modality, chosen, column, height)
    show_figure(worded(drawn, words_of(data)), "figure_bands", "bands")


def _spread(channels: list[str]) -> list[str]:
    """FIRST bands from the first to the last."""
    steps = max(len(channels) - 1, 1)
    places = sorted({round(i * steps / (FIRST - 1)) for i in range(FIRST)})
    return [channels[place] for place in places if place < len(channels)]


def _shifts(data: Dataset, modality: str) -> None:
    st.markdown("**Shift between sources**")
    shift = _shift(_bands(data, modality), modality)
    if shift is None:
        empty("One source", "With a second one its shift to the first would be measured here.")
        return
    st.html(f"<p class='lead'>{words_of(data)(_shift_words(shift))}</p>")
    show_figure(figures.shift_bars(shift.bands, shift.a, shift.b, 260), "figure_shift", "shift")


def _shift_words(shift: SiteShift) -> str:
    large = int((shift.bands["d"].abs() >= LARGE).sum())
    of = f"over {counted(shift.classes, 'common class')}" if shift.classes else "over all surveys"
    words = f"{large} of {counted(len(shift.bands), 'band')} shift by {LARGE} spreads or more ({of}). "
    if shift.told_apart != shift.told_apart:
        return words
    far = next(words for limit, words in FAR if shift.proxy_distance < limit)
    return words + (
        f"A linear model names the source of {percent(shift.told_apart)} of the surveys by their bands alone, "
        f"half would be chance: proxy A-distance {fixed(shift.proxy_distance, 2)} of 2; "
        f"to a model the sources {far}."
    )


def _separation(data: Dataset, modality: str) -> None:
    levels = class_levels(data)
    if not len(data.targets.classes) or len(levels) < 2:
        return
    level, title = next(iter(levels.items()))
    st.markdown(f"**Do bands tell {literal(title)} apart?**")
    channels = list(MODALITIES[modality].channels)
    radar = [name for name in channels if name in RADAR_BANDS]
    chosen = linked.multiselect(
        "Bands", channels, Key.SEPARATION, radar or channels[:2], max_selections=MOST_APART,
        label_visibility="collapsed",
    )  # fmt: skip
    titles, table = class_titles(data.targets), _bands(data, modality, level=level)
    table = table.assign(**{"class": [in_words(name, titles) for name in table["class"].astype(str)]})
    apart = _apart(table, chosen, "class")
    if apart.empty:
        empty("Nothing to compare", words_of(data)("Choose a band; two groups with ten surveys each are needed."))
        return
    show_figure(figures.group_violins(table, modality, apart, "class"), "figure_apart", "separation")
