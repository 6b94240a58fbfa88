"""A survey at a glance: images, what was recorded, then every other modality in short."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind, Targets
from sdm.data.survey import Dossier
from sdm.figures.markdown import literal
from sdm.modalities import MODALITIES
from sdm.number_format import number, whole
from sdm.rasters.class_titles import class_titles, in_words
from sdm.ui.components.dossier.sides import sides
from sdm.ui.components.dossier.views import known_modalities, view_of
from sdm.ui.components.first_screen import below
from sdm.ui.components.markup import facts, sentence, species_list
from sdm.ui.components.page_frame import empty

MOST_LISTED = 40


def _recorded(dossier: Dossier, targets: Targets) -> None:
    """The species, the class or the number recorded; nothing is recorded at a place that is simulated."""
    if not dossier.known:
        empty("Nothing is known of what grows here", "The records of this survey are not part of the data.")
    elif dossier.target is not None:
        st.metric("Recorded", f"{number(dossier.target)} {literal(dossier.unit)}")
    elif targets.kind is TargetKind.MULTICLASS:
        st.markdown("#### Recorded here")
        for one in dossier.recorded:
            st.html(facts(class_facts(targets, one.class_id)))
    else:
        title = "True in the simulation" if dossier.on_the_spot else "Recorded here"
        st.markdown(f"#### {title} · {whole(len(dossier.recorded))}")
        names = [species.name for species in dossier.recorded]
        st.html(species_list(names[:MOST_LISTED]))
        if len(names) > MOST_LISTED:
            with st.expander(f"{len(names) - MOST_LISTED} more"):
                st.html(species_list(names[MOST_LISTED:]))


def class_facts(targets: Targets, class_id: int) -> list[tuple[str, str]]:
    """(term, value) of a class: its name, its plain name, and what it belongs to at each coarser level."""
    row = targets.classes.iloc[int(np.flatnonzero(targets.class_ids == class_id)[0])]
    terms = [("Class", str(row["name"]))]
    if "title" in targets.classes and str(row["title"]) != str(row["name"]):
        terms.append(("In words", str(row["title"])))
    titles, levels = class_titles(targets), targets.hierarchy[-2::-1]
    return [*terms, *((sentence(each.replace("_", " ")), in_words(str(row[each]), titles)) for each in levels)]


def show(dossiers: Sequence[Dossier], data: Dataset) -> None:
    """Everything in short."""
    names = known_modalities(dossiers)
    images = [name for name in names if MODALITIES[name].is_image]
    for name in images:
        view_of(name).glance(dossiers, data)
    for _side, dossier in sides(dossiers):
        _recorded(dossier, data.targets)
    below(partial(_at_a_glance, names[len(images) :], dossiers, data))


def _at_a_glance(names: Sequence[str], dossiers: Sequence[Dossier], data: Dataset) -> None:
    for name in names:
        view_of(name).glance(dossiers, data)
