"""What a data set is, section by section: provenance, counts, effort, frequencies, gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from sdm.analysis.monthly import DATES
from sdm.analysis.series_gaps import date_counts, month_gaps
from sdm.data import overview
from sdm.data.dataset import Dataset, TargetKind
from sdm.data.record_types import BACKGROUND, of_records, presence_only
from sdm.data.site_words import SURVEY, item_name, words_of
from sdm.data.splits import split_title
from sdm.errors import SdmError
from sdm.figures import overview as figures
from sdm.figures import series_gaps
from sdm.figures.markdown import literal
from sdm.modalities.predictors import is_predictors
from sdm.modalities.raster_bands import of_family
from sdm.number_format import plural
from sdm.rasters.scenes import read_scenes
from sdm.ui.about import bands, classes
from sdm.ui.cache import datasets
from sdm.ui.cache.figures import drawn, drawn_in_words
from sdm.ui.cache.memo import memo
from sdm.ui.components import import_report, linked, markup
from sdm.ui.components.data_table import count_column, data_table
from sdm.ui.components.figure import download, show_figure
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.components.static_maps import ground
from sdm.ui.state import Key
from sdm.virtual_europe.description import world_of

HELD_BACK = {
    True: "The species of simulated tests lie apart from the data: they are shown, but no training sees them.",
    False: "Where “Known” is 0, what grows there is held back to judge models by.",
}
BACKGROUND_SITES = "Background sites tell neither: they show what there is to choose from."
EFFORT = {"surveys": "surveys", "presence-only": "presence-only records"}
RECORDED = "Tables of presence-only records, background sites and plots that somebody handed in."
OF_SIMULATED = " Their environment is **simulated**: that of a virtual Europe. It says nothing of nature."
POLYGONS = "Cut from rasters, labelled by polygons people have drawn; nothing here is simulated."
SERIES = "Series of satellite pixels, labelled in the field as far as they are; nothing here is simulated."
SIMULATED = """
Everything here was **made by a program**, but for the names of the plants and the coast. No survey was ever made,
no satellite ever saw it. It is a place to learn how such models work and fail, with the truth at hand. Its maps
say nothing about where plants grow.
"""

counts = memo(4)(overview.counts)
by_country = memo(4)(overview.by_country)
distances = memo(4)(overview.distance_to_training)
frequency = memo(4)(overview.frequency)
missing = memo(4, "Looking into the files …")(overview.missing)
_date_counts = memo(4, "Counting the dates …")(date_counts)
_month_gaps = memo(4, "Counting the dates …")(month_gaps)


@memo(8)
def effort(data: Dataset, kind: str) -> pd.DataFrame:
    """Surveys, or presence-only records, per cell."""
    alone = _alone(data)
    return overview.effort(data, np.flatnonzero(alone if kind == "presence-only" else ~alone))


def provenance(data: Dataset) -> None:
    """What it is, in a paragraph and a few facts."""
    st.subheader(literal(data.title), anchor=False)
    world = world_of(data)
    if world is not None:
        st.markdown(SIMULATED)
    elif data.simulated:
        st.markdown(
            "This data set is **simulated**: made by a program to try things out. It says nothing of nature."
        )
    elif of_family(data.modalities, "series") or read_scenes(data.place):
        st.markdown(SERIES if of_family(data.modalities, "series") else POLYGONS)
    elif of_records(data):
        st.markdown(RECORDED + (OF_SIMULATED if datasets.simulated_environment(data) else ""))
    else:
        st.markdown("Recorded in the field and seen from space, as published; nothing here is simulated.")
    described = []
    if world is not None:
        described = [("World version", world.version), ("Seed", str(world.seed)), ("Size", world.size or "–")]
    st.html(markup.facts([*overview.facts(data), *described]))
    if not data.targets.known.any():
        empty(
            "Only part of the data is here",
            "No survey tells what was recorded at it, so nothing can be trained or judged. Download the training "
            "tables (python -m sdm fetch) into this folder; what is here can be looked at all the same.",
        )


def counted(data: Dataset) -> None:
    """How many surveys there are of what, and where; of rasters, of which classes."""
    mapped = item_name(data) != SURVEY
    st.markdown("#### Counts: what was labelled?" if mapped else "#### Counts: what was surveyed?")
    left, right = st.columns(2, gap="medium")
    with left:
        _counts(data)
        if bands.inputs(data) or any(map(is_predictors, data.modalities)):
            imported(data)
        if bands.inputs(data):
            _missing(data)
    with right:
        if bands.inputs(data):
            classes.show(data)
            return
        table = by_country(data)
        table = table[table["split"] != overview.PRESENCE_ONLY].reset_index(drop=True)  # these tell no country
        if table.empty:
            empty("No country", "No survey names its country.")
        else:
            show_figure(drawn(figures.countries, table), "figure_countries", "countries")


def _counts(data: Dataset) -> None:
    table, targets = counts(data), _target_columns(data)
    data_table(
        table.assign(split=[split_title(name) or "–" for name in table["split"]]),
        {
            "source": "Source",
            "split": st.column_config.TextColumn("Used for", help="Split by whole one-degree blocks"),
            "surveys": count_column(plural(item_name(data)).capitalize()),
            **targets,
        },
        phone=_on_phone(table, targets), key="counts",
        column_order=["source", "split", "surveys", *targets],
        alt=f"Table of {plural(item_name(data))}, known targets, records and classes per source and split.",
    )  # fmt: skip
    if data.targets.kind is TargetKind.MULTILABEL:
        st.caption(
            "Presence-only (PO) records say where a species was seen; presence-absence (PA) surveys also where it "
            f"was not. {BACKGROUND_SITES if _has_background(data) else HELD_BACK[data.simulated]}"
        )
    download("Save as CSV", lambda: table, "counts", "save_counts")


def _on_phone(table: pd.DataFrame, targets: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns of the table of counts that fit on a phone: with the source where there are several."""
    if len(table["source"].unique()) > 1:
        return "source", "split", "surveys", list(targets)[-1]
    return "split", "surveys", *list(targets)[-2:]


def _target_columns(data: Dataset) -> dict[str, Any]:
    """The columns of the table of counts that say something of targets of this kind."""
    known = {"known": count_column("Known", help="Those whose target is known")}
    if data.targets.kind is TargetKind.REGRESSION:
        return known
    if data.targets.kind is TargetKind.MULTICLASS:
        return {**known, "classes": count_column("Classes", help="Distinct ones")}
    records = {"records": count_column("Records", help="Species at surveys")}
    return {**known, **records, "classes": count_column("Species", help="Distinct ones")}


def where(data: Dataset) -> None:
    """Where people looked, and how far the tests are from there; sites of one raster lie side by side."""
    if bands.inputs(data):
        return
    st.markdown("#### Sampling effort: where did people look?")
    left, right = st.columns(2, gap="medium")
    with left:
        _effort(data)
    with right:
        st.markdown("**Distance to training: how far are the others?**")
        table = distances(data)
        if table.empty:
            empty("No distance", "There are no training surveys here, or no others to compare with them.")
        else:
            show_figure(drawn(figures.distances, table), "figure_distances", "distance-to-training")


def _alone(data: Dataset) -> np.ndarray:
    """bool (N,): which sites are presence-only records."""
    return (overview.split_of(data) == overview.PRESENCE_ONLY) | presence_only(data)


def _has_background(data: Dataset) -> bool:
    return bool((data.sites["source"] == BACKGROUND).any())


def _effort(data: Dataset) -> None:
    alone = _alone(data)
    kinds = [name for name, rows in (("surveys", ~alone), ("presence-only", alone)) if rows.any()]
    kind = kinds[0] if kinds else "surveys"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("**Effort**", width="content")
        if len(kinds) > 1:
            titles = {name: EFFORT[name] for name in kinds}
            kind = linked.segmented_control("Of", titles, Key.EFFORT, label_visibility="collapsed")
    figure = drawn(figures.effort, effort(data, kind), ground(), EFFORT[kind], overview.STEP)
    show_figure(figure, "figure_effort", f"effort-{kind}")


def unequal(data: Dataset) -> None:
    """How unequal species or classes are, and what is missing."""
    if bands.inputs(data):
        return
    left, right = st.columns(2, gap="medium")
    with left:
        if data.targets.kind is TargetKind.MULTILABEL:
            _frequency(data)
        else:
            classes.show(data)
    with right:
        st.markdown("#### Missing data: what is not there?")
        _missing(data)


def _missing(data: Dataset) -> None:
    """What is not there; of rasters, the word that nothing is missing; of series, dates and gaps."""
    for modality in of_family(data.modalities, "series"):
        st.markdown("#### Dates: how many, and which are missing?")
        tables = _date_counts(data, modality), _month_gaps(data, modality, DATES)
        show_figure(series_gaps.gaps(*tables, calendar_months=DATES in data.sites), "figure_dates", "dates")
        return
    try:
        table = missing(data)
        if bands.inputs(data) and (table["present"] == table["surveys"]).all() and not table["gaps"].any():
            st.html(markup.fine(f"Nothing is missing: every {item_name(data)} has all its inputs."))
        else:
            show_figure(drawn_in_words(words_of(data), figures.missing, table), "figure_missing", "missing")
    except SdmError as error:
        problem("The files cannot be looked at", error)


def _frequency(data: Dataset) -> None:
    words = words_of(data)
    st.markdown(words("#### Species frequencies: how unequal are they?"))
    table = frequency(data)
    if table.empty or not (table["surveys"] + table["presence_only"]).any():
        empty(words("No species known"), words("No survey here tells its species."))
    else:
        show_figure(drawn_in_words(words, figures.frequency, table), "figure_frequency", "species-frequency")


def imported(data: Dataset) -> None:
    """What the import read, and what it left out."""
    st.markdown("#### Import: what was read, and what was left out?")
    try:
        made = import_report.read_report(data.place)
    except SdmError as error:
        problem("The report of the import cannot be read", error)
        return
    if made is None:
        empty("No report", "This data set has no report of an import beside it.")
    else:
        import_report.show(made)
