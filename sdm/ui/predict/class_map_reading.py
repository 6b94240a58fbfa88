"""What a class map says at the place that was clicked, beside what was mapped there."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import TargetKind
from sdm.data.site_words import item_name
from sdm.data.survey_keys import Location, survey_key
from sdm.figures.markdown import literal
from sdm.geo.coordinates import format_coordinates
from sdm.inference.class_map_files import MapReading, read_at
from sdm.number_format import fixed, number, percent
from sdm.rasters.class_titles import class_titles, in_words
from sdm.ui.cache import rasters
from sdm.ui.components.markup import facts, fine
from sdm.ui.predict import class_map_series
from sdm.ui.predict.class_map_job import ClassMapQuery
from sdm.ui.state import Key

NOT_HERE = "no prediction here"


def show(query: ClassMapQuery, choice: Location, ready: bool) -> None:
    """Prediction and mapped classes at the place, and the way to the survey nearest to it."""
    at = choice.at or choice.position(query.data)
    if at is None:
        st.html(fine("Click the map to read what is predicted and what was mapped there."))
        return
    reading = read_at(query.folder, query.run.card.class_names, *at) if ready else None
    place = [("Place", format_coordinates(*at))]
    with st.container(key="map_reading"):
        st.html(facts(place + (_predicted(query, reading) if ready else []) + _mapped(query, at)))
        class_map_series.show(query, at, "" if reading is None else reading.name)
    if choice.row is not None:
        name = survey_key(query.data, choice.row)
        st.button(
            f"Predict {item_name(query.data)} {literal(name)} alone", on_click=_one_survey, key="map_to_survey",
            icon=":material/arrow_forward:",
        )  # fmt: skip


def _predicted(query: ClassMapQuery, reading: MapReading | None) -> list[tuple[str, str]]:
    """(term, value) of the prediction."""
    if query.run.card.kind is TargetKind.REGRESSION:
        value = NOT_HERE if reading is None else number(reading.value)
        return [(f"Predicted {query.run.card.unit}".rstrip(), value)]
    if reading is None:
        return [("Predicted", NOT_HERE)]
    return [
        ("Predicted", in_words(reading.name, class_titles(query.data.targets))),
        ("Probability", percent(reading.probability)),
        ("Entropy, 0 to 1", fixed(reading.entropy, 2)),
    ]


def _mapped(query: ClassMapQuery, at: tuple[float, float]) -> list[tuple[str, str]]:
    """(mapper, class) of each mapper's polygon there."""
    mappers = [one.mapper for one in query.scene.mappings]
    codes = [rasters.polygons(query.data, query.scene.source, name).code_at(*at) for name in mappers]
    titles = class_titles(query.data.targets)
    named = (code and in_words(code, titles) for code in codes)
    return [(f"Mapped: {mapper}", code or "nothing") for mapper, code in zip(mappers, named, strict=True)]


def _one_survey() -> None:
    st.session_state[Key.PREDICT_SECTION] = "survey"
