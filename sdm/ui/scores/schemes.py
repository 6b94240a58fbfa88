"""The same model under several split schemes: how much of a score is neighbours seen in training."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.overview import distance_to_training
from sdm.data.schemes import RANDOM, scheme_shares, scheme_title
from sdm.data.site_words import SURVEY, item_name, words_of
from sdm.data.splits import short_split, split_title
from sdm.data.validation_folds import HELD_BACK
from sdm.evaluation.leaderboard.board import measures
from sdm.evaluation.leaderboard.schemes import scheme_table
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.reference_scores import METRIC, leak
from sdm.figures.schemes import scheme_dots
from sdm.number_format import distance, fixed, plural, signed
from sdm.ui.cache.memo import memo
from sdm.ui.components import linked, markup
from sdm.ui.components.figure import show_figure
from sdm.ui.components.number_table import number_table, shortened
from sdm.ui.components.page_frame import empty
from sdm.ui.scores import ranking, references
from sdm.ui.state import Key

BLOCK = "block"


@memo(32)
def _median_km(data: Dataset, scheme: str) -> float:
    """Median distance from what the scheme holds back to the nearest training site, km."""
    table = distance_to_training(data, scheme)
    km = table.loc[table["split"].isin(HELD_BACK), "km"].to_numpy(float)
    return float(np.median(km)) if km.size else float("nan")


def show(data: Dataset) -> None:
    """A figure and a table per model that was trained under several schemes."""
    standings = list(ranking.standings(data).scores)
    names = measures(standings, data.targets.kind) if standings else []
    table = scheme_table(standings, names[0]) if names else pd.DataFrame()
    if table.empty:
        empty(
            "No model under several split schemes yet",
            f"Train one model twice with nothing changed but --scheme ({', '.join(data.schemes) or 'none'}). "
            "What a random split scores above the others is what it remembers of neighbours.",
        )
        return
    words = words_of(data)
    titles = {name: words(METRICS[name].title) for name in names}
    metric = linked.selectbox("Measure", titles, Key.METRIC, width=250)
    table = scheme_table(standings, metric)
    for number_of, group in table.groupby("group", sort=False):
        _group(data, group.reset_index(drop=True), metric, int(str(number_of)))


def _group(data: Dataset, group: pd.DataFrame, metric: str, place: int) -> None:
    options = f", {group['options'].iloc[0]}" if group["options"].iloc[0] else ""
    st.html(f"<h2 class='list-title'>{markup.text(shortened(group['model'].iloc[0]))}{markup.text(options)}</h2>")
    words = f"{summary(data, group, metric)} {_leak(data, group, metric)}"
    st.html(f"<p class='lead'>{markup.text(words)}</p>")
    left, right = st.columns([1, 1.9], gap="medium")
    with left:
        unit = data.targets.unit if metric == "rmse" else "0 to 1"
        titles = {name: scheme_title(name) for name in group["scheme"]}
        drawn = scheme_dots(group, f"{METRICS[metric].title} ({unit})", titles)
        show_figure(drawn, f"figure_schemes_{place}", "split-schemes")
    with right:
        st.html(_table(data, group))


def summary(data: Dataset, group: pd.DataFrame, metric: str) -> str:
    """What the random split hides, in a sentence: on what each scheme holds back itself, if scored."""
    splits = list(dict.fromkeys(group["split"]))
    judged = next((split for split in reversed(HELD_BACK) if split in splits), splits[-1])
    scores = group[group["split"] == judged].set_index("scheme")
    if RANDOM not in scores.index:
        return "No run under the random scheme: what it would add by its neighbours is not measured."
    random, others = scores.loc[[RANDOM]].iloc[0], scores.drop(index=RANDOM)
    if others.empty:
        return "Other schemes have no score on the same split."
    far = item_name(data) == SURVEY and BLOCK in others.index  # plots of other sites are nearer than other blocks
    hardest = others.loc[[BLOCK]].iloc[0] if far else others.iloc[-1]
    measure, near = f"{METRICS[metric].title}, {split_title(judged)}", _near(data)
    words = (
        f"Split at random it scores {fixed(random['value'])}, {scheme_title(str(hardest.name))} "
        f"{fixed(hardest['value'])} ({measure})."
    )
    fall = float(hardest["leak"])
    if random["low"] <= hardest["high"] and hardest["low"] <= random["high"]:
        return f"{words} The difference, {signed(fall)}, may be chance: the intervals overlap.{near}"
    size = f"The leak is {signed(fall)}" if fall > 0 else f"No leak is seen ({signed(fall)})"
    return f"{words} {size}: what it owes to neighbours, not to understanding.{near}"


def _leak(data: Dataset, group: pd.DataFrame, metric: str) -> str:
    """What a score under the random scheme above the best reachable means, where that is measured by now."""
    known = references.measured(data, RANDOM) if metric == METRIC else {}
    scores = group[(group["scheme"] == RANDOM) & group["split"].isin(known)]
    sentences = (
        leak(known[split], value, split, RANDOM)
        for split, value in zip(scores["split"], scores["value"], strict=True)
    )
    return next(filter(None, sentences), "")


def _near(data: Dataset) -> str:
    """How near the neighbours of a random split are."""
    km = _median_km(data, RANDOM) if RANDOM in data.schemes else float("nan")
    if km != km:
        return ""
    items = plural(item_name(data))
    return f" Half of the {items} held back at random lie within {distance(km)} of one it learnt from."


def _table(data: Dataset, group: pd.DataFrame) -> str:
    splits, surveys = list(dict.fromkeys(group["split"])), item_name(data) == SURVEY
    rows = []
    for (scheme, run), part in group.groupby(["scheme", "run"], sort=False):
        of = part.set_index("split")
        cells = [_cell(of, split) for split in splits]
        km = _median_km(data, str(scheme)) if str(scheme) in data.schemes else float("nan")
        title = f"{scheme_title(str(scheme))}\n{shortened(run)}"
        rows.append([title, *cells, distance(km), f"\n{scheme_shares(str(scheme), surveys=surveys)}"])
    heads = ["Split", *map(short_split, splits), "To training", "Training and test share"]
    return number_table("Scores by split scheme", (), heads, rows, cards=True)


def _cell(of: pd.DataFrame, split: str) -> str:
    if split not in of.index:
        return ""
    value, low, high = of.loc[[split], ["value", "low", "high"]].to_numpy(float)[0].tolist()
    return fixed(value) if low != low else f"{fixed(value)}\n{fixed(low)}–{fixed(high)}"
