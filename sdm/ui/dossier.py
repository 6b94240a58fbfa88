"""A survey on the page: what it is, what the satellites saw, the climate, the soil, the plants."""

from __future__ import annotations

import numpy as np
import streamlit as st

from sdm.analysis.environment import table as environment_table
from sdm.analysis.picture import COMPOSITES, DEFAULT_STRETCH, STRETCHES
from sdm.data.dossier import Dossier
from sdm.figures import climate, landsat, patch
from sdm.figures.style import number
from sdm.maps.colours import SPLITS
from sdm.maps.names import coordinates, describe
from sdm.schema import ENVIRONMENT, MODALITIES
from sdm.ui import cache
from sdm.ui.downloads import downloads
from sdm.ui.guard import empty
from sdm.ui.markup import chips, facts, species_list
from sdm.ui.place import FAR_KM, Choice
from sdm.ui.show import show_figure
from sdm.ui.state import LINK, Key

# Predictors worth a glance, with a short title.
GLANCE = (
    ("Elevation", "Elevation"),
    ("Bio1", "Mean temperature"),
    ("Bio12", "Precipitation a year"),
    ("Soilgrid-phh2o", "Soil acidity"),
    ("Soilgrid-clay", "Clay"),
    ("Soilgrid-soc", "Organic carbon"),
)
MOST_LISTED = 40
DIAGRAMS = {"monthly": ("Monthly", climate.monthly), "walter-lieth": ("Walter–Lieth", climate.walter_lieth)}


def header(dossier: Dossier, choice: Choice, scheme: str = "block") -> None:
    """Which survey, where, when; and how far it is from the place asked for."""
    st.subheader(describe(dossier.lon, dossier.lat), anchor=False)
    labels = [("simulated on the spot" if choice.year is not None else f"survey {dossier.survey_id}", "strong")]
    labels += [(str(value), "plain") for value in (dossier.country, dossier.year) if value is not None]
    if choice.year is None:
        split = dossier.split.get(scheme) or next(iter(dossier.split.values()), "")
        labels += [(SPLITS.get(split, (split, ""))[0], "plain"), (dossier.source, "plain")]
    if dossier.lon is not None and dossier.lat is not None:
        labels.append((coordinates(dossier.lon, dossier.lat), "plain"))
    st.html(chips(labels))
    if choice.km > FAR_KM:
        st.warning(
            f"The nearest survey is {choice.km:,.0f} km from where you asked: it tells of another place.",
            icon=":material/wrong_location:",
        )
    elif choice.km > 0:
        st.caption(f"The nearest survey, {choice.km:.1f} km from where you asked.")


def panels(dossier: Dossier, key: str) -> None:
    """Patch, plants, Landsat, climate, environment, downloads; `key` names the data set it belongs to."""
    _patch(dossier)
    recorded(dossier)
    _landsat(dossier)
    _climate(dossier)
    _environment(dossier, key)
    downloads(dossier, key)


def _values(dossier: Dossier, modality: str) -> np.ndarray | None:
    """The array, or None after saying why there is none."""
    if modality not in dossier.values:
        return None
    values = dossier.values[modality]
    if values is None:
        note = dossier.notes.get(modality, "not there")
        empty(f"{MODALITIES[modality].title}: {note}", MODALITIES[modality].meaning)
    return values


def _patch(dossier: Dossier) -> None:
    values = _values(dossier, "patch")
    if values is None:
        return
    stretch = st.session_state.get(Key.STRETCH) or DEFAULT_STRETCH
    with st.container(key="patches"):
        for column, name in zip(st.columns(len(COMPOSITES), gap="small"), COMPOSITES, strict=True):
            picture = patch.picture(values, name, stretch)
            column.image(picture.png, width="stretch", alt=picture.alt)
            column.caption(picture.caption)
    st.selectbox(
        "Stretch", list(STRETCHES), key=Key.STRETCH, bind=LINK, label_visibility="collapsed",
        format_func=lambda name: f"{STRETCHES[name].title} stretch",
    )  # fmt: skip
    st.caption(patch.stretch_note(stretch))


def recorded(dossier: Dossier) -> None:
    """What was found at the survey."""
    if not dossier.known:
        empty("Nothing is known of what grows here", "The records of this survey are not part of the data.")
    elif dossier.target is not None:
        st.metric("Recorded", f"{number(dossier.target)} {dossier.unit}")
    else:
        st.markdown(f"#### Recorded here · {len(dossier.recorded)}")
        names = [species.name for species in dossier.recorded]
        st.html(species_list(names[:MOST_LISTED]))
        if len(names) > MOST_LISTED:
            with st.expander(f"{len(names) - MOST_LISTED} more"):
                st.html(species_list(names[MOST_LISTED:]))


def _landsat(dossier: Dossier) -> None:
    values = _values(dossier, "landsat")
    if values is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("#### Twenty years of Landsat", width="content")
        measure = st.selectbox(
            "Band or index", list(landsat.MEASURES), key=Key.MEASURE, bind=LINK, label_visibility="collapsed",
            format_func=lambda name: landsat.MEASURES[name].title, width=190,
        )  # fmt: skip
    show_figure(landsat.curve(values, measure), key="figure_landsat")


def _climate(dossier: Dossier) -> None:
    values = _values(dossier, "climate")
    if values is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("#### Climate", width="content")
        kind = st.segmented_control(
            "Diagram", list(DIAGRAMS), key=Key.CLIMATE, bind=LINK, default="monthly", required=True,
            format_func=lambda name: DIAGRAMS[name][0], label_visibility="collapsed",
        )  # fmt: skip
    show_figure(DIAGRAMS[kind][1](values), key="figure_climate")


def _environment(dossier: Dossier, key: str) -> None:
    values = _values(dossier, "environment")
    if values is None:
        return
    physical = dict(zip(ENVIRONMENT.channels, ENVIRONMENT.to_physical(values), strict=True))
    units = dict(zip(ENVIRONMENT.channels, ENVIRONMENT.units, strict=True))
    st.markdown("#### Environment")
    st.html(facts((title, f"{number(float(physical[name]))} {units[name]}") for name, title in GLANCE))
    with st.expander("All 64 predictors", on_change="rerun", key="all_predictors") as more:
        if more.open:
            _environment_table(values, key)


def _environment_table(values: np.ndarray, key: str) -> None:
    table = environment_table(values, cache.reference(key))
    percentile = st.column_config.ProgressColumn(
        "Percentile", help="Among the training surveys", min_value=0, max_value=100, format="%.0f"
    )
    st.dataframe(
        table[["group", "title", "value", "unit", "meaning", "percentile"]], hide_index=True, height=380,
        key="environment_table",
        column_config={"percentile": percentile, "value": st.column_config.NumberColumn(format="%.4g")},
        alt="Table of the 64 environmental predictors with value, unit and percentile among training surveys.",
    )  # fmt: skip
    st.caption("Percentile: share of training surveys with a lower value. Class codes have a meaning instead.")
