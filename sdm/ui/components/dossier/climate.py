"""The climate in full: usual months with a chosen year, the Walter–Lieth diagram, anomalies."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sdm.data.survey import Dossier
from sdm.figures.climate import walter_lieth
from sdm.figures.climate_years import against, by_year, departures
from sdm.modalities import CLIMATE, CLIMATE_YEARS
from sdm.ui.components.dossier.sides import figures, having, heading
from sdm.ui.state import LINK, Key

HEIGHT = 290


def show(shown: Sequence[Dossier], key: str) -> None:  # noqa: ARG001 nothing here compares with the data set
    """Months, diagram, anomalies."""
    if not having(shown, CLIMATE.name):
        return
    with heading("Months"):
        year = st.selectbox(
            "Year against the usual", list(CLIMATE_YEARS), None, key=Key.AGAINST, bind=LINK, width=190,
            placeholder="Compare a year", label_visibility="collapsed",
        )  # fmt: skip
    figures(shown, CLIMATE.name, lambda values: against(values, year, HEIGHT), "climate")
    st.markdown("#### Walter–Lieth diagram")
    figures(shown, CLIMATE.name, lambda values: walter_lieth(values, HEIGHT), "walter_lieth")
    with heading("Anomalies"):
        variable = st.selectbox(
            "Variable", list(CLIMATE.titles), 1, key=Key.VARIABLE, bind=LINK, label_visibility="collapsed",
            format_func=lambda name: CLIMATE.titles[name].capitalize(), width=190,
        )  # fmt: skip
    figures(shown, CLIMATE.name, lambda values: departures(values, variable), "anomalies")
    figures(shown, CLIMATE.name, lambda values: by_year(values, variable), "years")
