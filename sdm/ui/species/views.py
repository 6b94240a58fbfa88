"""A species by its names and records, and surveys to look at."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.overview import PRESENCE_ONLY
from sdm.data.site_words import SPECIES, words_of
from sdm.data.splits import split_title
from sdm.data.survey_keys import survey_key
from sdm.evaluation.species.quality import GROUPS, example_surveys
from sdm.maps.png import FORMAT
from sdm.maps.thumbnail import WIDTH
from sdm.number_format import counted, percent, whole
from sdm.ui.cache import species as tables
from sdm.ui.cache.species import SpeciesQuery
from sdm.ui.components import linked, markup, measure_notes
from sdm.ui.components.page_frame import empty
from sdm.ui.species.maps import where

LONGEST = 80  # characters of a name
HEADINGS = {"hit": "Hits", "miss": "Misses", "false alarm": "False alarms"}
PICTURES = 3  # of each heading


def no_species(data: Dataset) -> None:
    """A data set without classes: of values, or one whose records are not here."""
    link, words = linked.query(), words_of(data)
    if data.targets.kind is TargetKind.REGRESSION:
        unit = data.targets.unit or "a number"
        empty(
            "No classes",
            f"{words('This data set records no species but one value at each survey')}: {unit}.",
        )
        st.page_link("pages/confusion.py", label="Where models are right and wrong", query_params=link)
    else:
        empty(
            "No species is known here",
            "The tables that tell what was recorded where are not in this folder. Download the training tables "
            "(python -m sdm fetch), or look at the surveys that are here.",
        )
        st.page_link("pages/about.py", label="What is here and what is missing", query_params=link)
    st.page_link("pages/explore.py", label=words("The surveys on the map"), query_params=link)


def header(query: SpeciesQuery) -> None:
    """The species by all its names, and its records in numbers."""
    row = query.data.targets.classes.iloc[query.column]
    name, common = _short(row["name"]), _short(row.get("common_name"))
    aside = f" <small>{markup.text(common)}</small>" if common else ""
    ranks = [_short(row.get(rank)) for rank in (*query.data.targets.hierarchy[:-1], "family")]
    chips = [(f"id {row['class_id']}", "strong"), *((rank, "plain") for rank in ranks if rank)]
    with st.container(horizontal=True, vertical_alignment="center", key="named"):
        named = markup.named(name, latin=words_of(query.data).known == SPECIES)
        st.html(f'<h2 class="taxon">{named}{aside}</h2>', width="content")
        st.html(markup.chips(chips), width="content")
    st.html(markup.facts(_records(query)))


def _records(query: SpeciesQuery) -> list[tuple[str, str]]:
    """How often and where it was recorded."""
    table = tables.records(query.data, query.column)
    counts = dict(zip(table["split"], zip(table["recorded"], table["surveys"], strict=True), strict=True))
    facts, item = [], words_of(query.data).item
    for split in ("train", "selection", "validation", "test", "test_near", "test_far"):
        if split in counts:
            recorded, surveys = counts[split]
            share = f"{whole(recorded)} · {percent(recorded / surveys)}" if recorded else "none"
            facts.append((f"of {counted(surveys, f'{split_title(split)} {item}')}", share))
    if PRESENCE_ONLY in counts:
        facts.append(("presence-only records", whole(counts[PRESENCE_ONLY][0])))
    countries = tables.countries(query.data, query.column)
    if len(countries):
        facts.append(("countries", whole(len(countries))))
    return facts


def examples(query: SpeciesQuery) -> None:
    """Surveys where it was found, missed, and called in vain, as pictures that lead to their dossiers."""
    words = words_of(query.data)
    assert query.run is not None
    st.markdown(words("#### Examples: surveys with hits, misses and false alarms"))
    table = example_surveys(
        tables.species_surveys(query), tables.threshold(query), tables.pictured(query.data), PICTURES
    )
    if table.empty:
        none = "No threshold could be chosen on validation surveys, so nothing is found or missed."
        empty("No example", words(none))
        return
    for column, (group, meaning) in zip(st.columns(len(HEADINGS), gap="medium"), GROUPS.items(), strict=True):
        part = table[table["group"] == group]
        with column:
            st.markdown(f"**{HEADINGS[group]}**")
            st.caption(measure_notes.plain(f"{meaning[0].upper()}{meaning[1:]}.", query.data, query.run))
            if part.empty:
                empty("None", words("There is no such survey."))
                continue
            with st.container(key=f"examples_{group.replace(' ', '_')}", horizontal=True, gap="small"):
                for row, probability in zip(part["row"], part["probability"], strict=True):
                    _example(query, int(row), float(probability))


def _example(query: SpeciesQuery, row: int, probability: float) -> None:
    name, place = survey_key(query.data, row), where(query.data, row)
    item = words_of(query.data).item
    with st.container(width=WIDTH, gap=None):
        picture = tables.thumbnail(query.data, row) if tables.pictured(query.data)[row] else None
        if picture is not None:
            words = f"Satellite picture of {item} {name}, {place}"
            st.image(picture, width=WIDTH, alt=words, output_format=FORMAT)
        else:
            empty("No picture", place)
        st.page_link(
            "pages/explore.py", label=percent(probability), help=f"{item.capitalize()} {name}, {place}",
            icon=":material/arrow_forward:", query_params=linked.query(survey=name),
        )  # fmt: skip


def _short(value: object) -> str:
    text = "" if value is None or value != value else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
