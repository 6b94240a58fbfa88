"""Which survey it is, and the way to the next one or to two side by side."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.splits import split_title
from sdm.data.survey import Dossier
from sdm.data.survey_filter import SurveyFilter
from sdm.data.survey_keys import Location
from sdm.geo.coordinates import coordinates
from sdm.geo.distance import FAR_KM
from sdm.maps.place_names import describe
from sdm.number_format import fixed, whole
from sdm.ui.components import location
from sdm.ui.components.markup import chips


def header(dossier: Dossier, choice: Location, scheme: str = "block") -> None:
    """Which survey, where, when; and how far it is from the place asked for."""
    st.subheader(describe(dossier.lon, dossier.lat), anchor=False)
    labels = [("simulated on the spot" if choice.year is not None else f"survey {dossier.survey_id}", "strong")]
    labels += [(str(value), "plain") for value in (dossier.country, dossier.year) if value is not None]
    if choice.year is None:
        split = dossier.split.get(scheme) or next(iter(dossier.split.values()), "")
        labels += [(split_title(split), "plain"), (dossier.source, "plain")]
    if dossier.lon is not None and dossier.lat is not None:
        labels.append((coordinates(dossier.lon, dossier.lat), "plain"))
    st.html(chips(labels))
    if choice.km > FAR_KM:
        st.warning(
            f"The nearest survey is {whole(choice.km)} km from where you asked: it tells of another place.",
            icon=":material/wrong_location:",
        )
    elif choice.km > 0:
        st.caption(f"The nearest survey, {fixed(choice.km, 1)} km from where you asked.")


def tools(data: Dataset, selection: SurveyFilter, choice: Location, pinned: bool) -> None:
    """The survey before and after (also by key), a close look on the map, and a second survey beside it."""
    with st.container(horizontal=True, gap="xsmall", key="tools"):
        if choice.row is not None:
            for label, by, letter, icon in (
                ("Previous", -1, "p", "chevron_left"),
                ("Next", 1, "n", "chevron_right"),
            ):
                st.button(
                    label, key=f"step_{label}", icon=f":material/{icon}:", shortcut=letter, on_click=location.step,
                    args=(data, selection, choice.row, by), help="Of the surveys that pass the filters.",
                )  # fmt: skip
        st.button(
            "Footprint", icon=":material/crop_free:", on_click=location.close_up, args=(data, choice),
            help="The 640 m of the picture, on the map.",
        )  # fmt: skip
        if pinned:
            st.button("Unpin", icon=":material/close:", on_click=location.unpin, help="Show one survey again.")
        else:
            st.button(
                "Pin", icon=":material/push_pin:", on_click=location.pin,
                args=(choice.key(data),),
                help="Pin this survey to compare it with another place that you click.",
            )  # fmt: skip
