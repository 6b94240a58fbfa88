"""The same model under several split schemes: how much of a score is neighbours seen in training."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.overview import distance_to_training
from sdm.data.schemes import RANDOM, scheme_shares, scheme_title
from sdm.data.words import item_name, words_of
from sdm.evaluation.leaderboard.board import measures
from sdm.evaluation.leaderboard.schemes import scheme_table
from sdm.evaluation.metrics import METRICS
from sdm.figures.schemes import scheme_dots
from sdm.number_format import fixed, number, plural, signed
from sdm.ui.cache.memo import memo
from sdm.ui.components import linked, markup
from sdm.ui.components.figure import show_figure
from sdm.ui.components.number_table import number_table, shortened
from sdm.ui.components.page_frame import empty
from sdm.ui.scores import ranking
from sdm.ui.state import Key

FAR = 5_000  # metres


@memo(32)
def _metres(data: Dataset, scheme: str) -> float:
    """Median distance from what is tested to the nearest training site, metres."""
    km = distance_to_training(data, scheme)["km"].to_numpy(float)
    return float(np.median(km) * 1000) if km.size else float("nan")


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
    st.html(f"<p class='lead'>{markup.text(_words(data, group, metric))}</p>")
    left, right = st.columns([1, 1.45], gap="medium")
    with left:
        unit = data.targets.unit if metric == "rmse" else "0 to 1"
        titles = {name: scheme_title(name) for name in group["scheme"]}
        drawn = scheme_dots(group, f"{METRICS[metric].title} ({unit})", titles)
        show_figure(drawn, f"figure_schemes_{place}", "split-schemes")
    with right:
        st.html(_table(data, group))


def _words(data: Dataset, group: pd.DataFrame, metric: str) -> str:
    """What the random split hides, in a sentence."""
    last = list(dict.fromkeys(group["split"]))[-1]
    of_last = group[group["split"] == last].set_index("scheme")
    if RANDOM not in of_last.index:
        return "No run under the random scheme: what it would add by its neighbours is not measured."
    random = float(of_last.loc[[RANDOM], "value"].iloc[0])
    others = of_last.drop(index=RANDOM)
    if others.empty:
        return "Other schemes have no score on the same split."
    hardest = others.iloc[-1]
    title = scheme_title(str(others.index[-1]))
    fall, measure = float(hardest["leak"]), METRICS[metric].title
    size = f"The leak is {signed(fall)}" if fall > 0 else f"No leak is seen ({signed(fall)})"
    words = (
        f"Split at random it scores {fixed(random)}, {title} {fixed(float(hardest['value']))} ({measure}, {last})."
    )
    return f"{words} {size}: what it owes to neighbours, not to understanding.{_near(data)}"


def _near(data: Dataset) -> str:
    """How near the neighbours of a random split are."""
    metres = _metres(data, RANDOM) if RANDOM in data.schemes else float("nan")
    if metres != metres:
        return ""
    items = plural(item_name(data))
    return f" Half of the {items} tested at random lie within {number(metres)} m of one it learnt from."


def _table(data: Dataset, group: pd.DataFrame) -> str:
    splits = list(dict.fromkeys(group["split"]))
    rows = []
    for (scheme, run), part in group.groupby(["scheme", "run"], sort=False):
        of = part.set_index("split")
        cells = [_cell(of, split) for split in splits]
        metres = _metres(data, str(scheme)) if str(scheme) in data.schemes else float("nan")
        title = f"{scheme_title(str(scheme))}\n{shortened(run)}"
        away = (
            f"{number(metres / 1000)} km" if metres > FAR else "–" if metres != metres else f"{number(metres)} m"
        )
        rows.append([title, *cells, away, f"\n{scheme_shares(str(scheme))}"])
    heads = ["Split", *splits, "To training", "Training and test share"]
    return number_table("Scores by split scheme", (), heads, rows, cards=True)


def _cell(of: pd.DataFrame, split: str) -> str:
    if split not in of.index:
        return ""
    value, low, high = of.loc[[split], ["value", "low", "high"]].to_numpy(float)[0].tolist()
    return fixed(value) if low != low else f"{fixed(value)}\n{fixed(low)}–{fixed(high)}"
