"""The climate in full: usual months with a chosen year, the Walter–Lieth diagram, anomalies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from sdm.analysis.climate import annual, anomalies, climatology, one_year
from sdm.analysis.walter_lieth import diagram
from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.figures.climate import walter_lieth
from sdm.figures.climate_years import against, by_year, departures
from sdm.modalities import CLIMATE, CLIMATE_YEARS
from sdm.ui.components import linked
from sdm.ui.components.dossier.sides import figures, having, heading
from sdm.ui.state import Key

HEIGHT = 290


def show(dossiers: Sequence[Dossier], _: Dataset) -> None:
    """Months, diagram, anomalies."""
    if not having(dossiers, CLIMATE.name):
        return
    draw = partial(figures, dossiers, CLIMATE.name)
    with heading("Months"):
        year = linked.optional_selectbox(
            "Year to compare with the mean", CLIMATE_YEARS, Key.CLIMATE_YEAR, width=190,
            placeholder="Compare a year", label_visibility="collapsed",
        )  # fmt: skip
    draw(
        lambda cube: against(climatology(cube), None if year is None else one_year(cube, year), HEIGHT), "climate"
    )
    st.markdown("#### Walter–Lieth diagram")
    draw(lambda cube: walter_lieth(diagram(cube), HEIGHT), "walter_lieth")
    with heading("Anomalies"):
        titles = {name: title.capitalize() for name, title in CLIMATE.titles.items()}
        variable = linked.selectbox(
            "Variable", titles, Key.CLIMATE_VARIABLE, "tas", label_visibility="collapsed", width=190
        )  # fmt: skip
    draw(lambda cube: departures(anomalies(cube), variable), "anomalies")
    draw(lambda cube: by_year(annual(cube), variable), "years")
