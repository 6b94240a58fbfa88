"""How a score depends on the distance to training, and how much of each split lies next to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.site_words import words_of
from sdm.data.splits import short_split
from sdm.errors import SdmError
from sdm.evaluation.distance_scores import distance_edges, distance_scores, shares_within, training_distances
from sdm.evaluation.metrics import METRICS, PER_SURVEY
from sdm.figures.distance_scores import distance_dots
from sdm.number_format import distance, percent
from sdm.runs import Run
from sdm.ui.cache import predictions
from sdm.ui.cache.figures import drawn_in_words
from sdm.ui.cache.memo import memo
from sdm.ui.components import markup
from sdm.ui.components.figure import show_figure
from sdm.ui.components.page_frame import problem


@memo(8)
def _distances(data: Dataset, scheme: str) -> np.ndarray:
    """float64 (N,): km from each site to the nearest of training."""
    return training_distances(data, scheme)


@memo(8)
def _shares(data: Dataset, scheme: str) -> dict[str, float]:
    """Split -> the share of its surveys in the nearest bin of distance."""
    return shares_within(data, scheme, _distances(data, scheme), distance_edges(data)[1])


@memo(32, "Scoring by distance to training …")
def _scores(data: Dataset, run: Run) -> pd.DataFrame:
    splits = {split: predictions.labelled(data, run, split) for split in predictions.splits(data, run)}
    return distance_scores(data, run.card, splits, _distances(data, run.card.scheme))


def near_sentence(data: Dataset, splits: Sequence[str], scheme: str) -> str:
    """How much of each split lies next to training, in a sentence; "" where no distance is known."""
    near = distance_edges(data)[1]
    shares = _shares(data, scheme)
    parts = [f"{percent(shares[split], 0)} of “{short_split(split)}”" for split in splits if split in shares]
    if not parts:
        return ""
    those = " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
    return words_of(data)(
        f"Within {distance(near)} of a training survey lie {those}: there a model interpolates between neighbours."
    )


def show(data: Dataset, run: Run) -> None:
    """The figure, where distances and records are known."""
    try:
        table = _scores(data, run)
    except SdmError as error:
        problem("It cannot be scored by distance", error)
        return
    if table.empty:
        return
    words, metric = words_of(data), PER_SURVEY[run.card.kind]
    st.markdown("#### Score by distance to training")
    sentence = near_sentence(data, list(dict.fromkeys(table["split"])), run.card.scheme)
    st.html(f"<p class='lead'>{markup.text(sentence)}</p>")
    unit = data.targets.unit if run.card.kind is TargetKind.REGRESSION else "0 to 1"
    figure = drawn_in_words(words, distance_dots, table, f"{METRICS[metric].title} ({unit})", words.item)
    show_figure(figure, "figure_distance", f"{run.name}-by-distance")
