"""One model at each source: whether it falls at a place that training never saw."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.site_words import item_name
from sdm.data.splits import split_title
from sdm.errors import SdmError
from sdm.evaluation.by_source import by_source, falls
from sdm.evaluation.metrics import METRICS
from sdm.modalities.raster_bands import family_of
from sdm.number_format import fixed, plural, whole
from sdm.runs import Run
from sdm.ui.cache import predictions
from sdm.ui.cache.memo import memo
from sdm.ui.components import linked, markup
from sdm.ui.components.number_table import number_table
from sdm.ui.components.page_frame import problem


@memo(32, "Scoring site by site …")
def _scores(data: Dataset, run: Run) -> pd.DataFrame:
    splits = {split: predictions.labelled(data, run, split) for split in predictions.splits(data, run)}
    return by_source(data, run.card, splits)


def show(data: Dataset, run: Run) -> None:
    """The table, where the inputs were cut from rasters of several sites."""
    if not any(map(family_of, data.modalities)) or data.sites["source"].nunique() < 2:
        return
    try:
        table = _scores(data, run)
    except SdmError as error:
        problem("It cannot be scored site by site", error)
        return
    if table.empty:
        return
    st.markdown("#### Site by site: has it learnt the place?")
    st.html(f"<p class='lead'>{markup.text(_words(table))}</p>")
    st.html(_table(table, plural(item_name(data)).capitalize()))
    st.page_link(
        "pages/predict.py", label="Which of its inputs it reads: attribution", icon=":material/manage_search:",
        query_params=linked.query(models=run.name, predict_view="attribution"),
    )  # fmt: skip


def _words(table: pd.DataFrame) -> str:
    fall = falls(table)
    metric = METRICS[str(table["metric"].iloc[0])].title
    if fall is None:
        return (
            "Training saw every site, so this cannot tell whether the model reads the site from its channels: "
            "train it with --scheme site and look again."
        )
    seen, value, unseen, other = fall
    return (
        f"{metric}: {seen} {fixed(value, 2)} / {unseen} {fixed(other, 2)}, which training never saw. A model that "
        "is right for the wrong reason (“Clever Hans”) reads the site from its channels, and falls elsewhere."
    )


def _table(table: pd.DataFrame, items: str) -> str:
    names = list(dict.fromkeys(table["metric"]))
    rows = []
    for (split, source), part in table.groupby(["split", "source"], sort=False):
        of = part.set_index("metric")
        first = of.iloc[0]
        cells = [_cell(of.loc[name]) for name in names]
        title = f"{source}\n{split_title(str(split))}"
        rows.append([title, whole(first["sites"]), whole(first["in_training"]), *cells])
    heads = ["Site", items, "In training", *(METRICS[name].title for name in names)]
    return number_table("Scores at each site", (), heads, rows, cards=True)


def _cell(row: pd.Series) -> str:
    if row["low"] != row["low"]:
        return fixed(row["value"])
    return f"{fixed(row['value'])}\n{fixed(row['low'])}–{fixed(row['high'])}"
