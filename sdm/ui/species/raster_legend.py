"""What the colours of a species' map mean, and what it says where it was clicked."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.geo.coordinates import format_coordinates, parse_coordinates
from sdm.inference.prediction_meaning import INTENSITY, PredictionMeaning
from sdm.inference.species_map import PREVALENCE
from sdm.maps.intensity_ramp import bar_colours
from sdm.maps.species_map_tiles import PRESENCE, PRESENT, VALUE, tags_of, top_of, value_at
from sdm.models.presence_only.model import relative_intensity
from sdm.number_format import fixed, number, percent
from sdm.occurrences.report import read_report
from sdm.ui.cache import datasets, species_maps
from sdm.ui.cache.species import SpeciesQuery
from sdm.ui.cache.species_maps import WHOLE, SpeciesMap
from sdm.ui.components import markup
from sdm.ui.components.theme import theme
from sdm.ui.species.raster_view import selection_of
from sdm.ui.state import Key

HATCHED = (
    "Hatched: outside the area of applicability (Meyer and Pebesma 2021), where the predictors are less like any "
    "training site than training sites of one block are like those of others. The model extrapolates there."
)
SIMULATED = (
    "The predictors are those of a virtual Europe, simulated at the middle of each cell: no source for ecology."
)
BLANK = (
    "Blank within the area: of least {quantity}, below the lowest colour; blank, too, where nothing was computed "
    "for want of predictors. A click tells which."
)
NOT_YET = "What lies outside the area of applicability is being computed."


def species(shown: SpeciesMap, look: str, threshold: float, meaning: PredictionMeaning) -> None:
    """The ramp with its ends in the unit of the model, or what is called present."""
    if look == VALUE:
        top = top_of(species_maps.tiles_of(shown))
        ends = [in_unit(shown, value, meaning) for value in (0.0, top / 2, top)]
        measure = f"{meaning.title}: {meaning.unit}"
        st.html(markup.colour_bar(bar_colours(theme()), (ends[0], ends[1], f"≥ {ends[2]}"), measure))
        coarse = "" if shown.size == WHOLE else " Coarse: the whole map is being computed."
        st.html(markup.fine(f"{meaning.gloss} {BLANK.format(quantity=meaning.title.lower())}{coarse}"))
    elif look == PRESENCE:
        red, green, blue, _ = PRESENT[theme()]
        words = f"present: {meaning.title.lower()} from {in_unit(shown, threshold, meaning)} on"
        st.html(f'<p class="legend"><span><i style="background:rgb({red},{green},{blue})"></i>{words}</span></p>')
        st.html(
            markup.fine("From the threshold of maximal TSS (sensitivity + specificity − 1) on validation sites.")
        )


def area(shown: SpeciesMap | None) -> None:
    """What hatching means."""
    st.html(markup.fine(NOT_YET if shown is None else HATCHED))


def points(query: SpeciesQuery, chosen: Sequence[str]) -> None:
    """Colours and numbers of the sites on the map, those of each source once."""
    entries: dict[str, tuple[str, str, int]] = {}
    for name in chosen:
        for label, colour, count in datasets.legend(query.data, "record", selection_of(query, name)):
            if label not in entries or count > entries[label][2]:
                entries[label] = (label, colour, count)
    if entries:
        st.html(markup.legend(entries.values()))


def simulated(data: Dataset) -> None:
    """Says so of predictors that are simulated."""
    report = read_report(data.place)
    if report is not None and report.world:
        st.html(markup.fine(SIMULATED))


def reading(shown: SpeciesMap, outside: SpeciesMap | None, meaning: PredictionMeaning) -> None:
    """What the maps say at the place that was clicked last."""
    at = parse_coordinates(st.session_state.get(Key.SPECIES_AT) or "")
    if at is None:
        st.html(markup.fine("Click the map to read what it says there."))
        return
    value = value_at(shown.folder, *at)
    said = in_unit(shown, value, meaning) if math.isfinite(value) else "nothing: no predictors here"
    facts = [("Place", format_coordinates(*at)), (meaning.title, said)]
    ratio = value_at(outside.folder, *at) if outside is not None else math.nan
    if math.isfinite(ratio):
        where = "outside" if ratio > 1 else "inside"
        facts.append(("Area of applicability", f"{where}, dissimilarity {fixed(ratio, 2)} of the limit"))
    st.html(markup.facts(facts))


def in_unit(shown: SpeciesMap, value: float, meaning: PredictionMeaning) -> str:
    """A value of the map in the unit of its meaning: times the mean intensity, or a share."""
    if meaning is not INTENSITY:
        return number(value) if meaning.unit.startswith("score") else percent(value)
    prevalence = float(tags_of(shown.folder).get(PREVALENCE, "nan"))
    return f"{number(float(relative_intensity(value, prevalence)), 2)} ×"
