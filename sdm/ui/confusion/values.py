"""Actual against predicted values, their residuals on the map, and statistics."""

from __future__ import annotations

import streamlit as st

from sdm.data.site_words import item_name
from sdm.evaluation.confusion.regression import statistics
from sdm.figures.colour_scale import residual_scale
from sdm.figures.residuals import actual_against_predicted
from sdm.number_format import number, percent, plural
from sdm.ui.cache import confusion as tables
from sdm.ui.cache.confusion import ConfusionQuery
from sdm.ui.components import markup, survey_list
from sdm.ui.components.figure import download
from sdm.ui.confusion import clickable, selection

COLUMNS = {
    "actual": st.column_config.NumberColumn("Actual", format="%.3g"),
    "predicted": st.column_config.NumberColumn("Predicted", format="%.3g"),
    "residual": st.column_config.NumberColumn("Predicted − actual", format="%.3g"),
}


def headline(query: ConfusionQuery) -> None:
    """Bias, errors and explained variance."""
    unit = query.data.targets.unit.partition(" (")[0]
    table = statistics(tables.values(query), unit)
    table.loc[0, "statistic"] = plural(item_name(query.data))
    named = table[["statistic", "value", "unit"]].itertuples(index=False)
    st.html(markup.facts((name, f"{number(value)} {unit}".strip()) for name, value, unit in named))
    _against_references(query, float((tables.values(query)["residual"] ** 2).mean()))


def _against_references(query: ConfusionQuery, error: float) -> None:
    """Whether the model is better than what needs no model."""
    others = tables.references(query)
    if not others or error != error:
        return
    said = "; ".join(f"{one.title}: {number(one.mse)}" for one in others)
    gain = 1 - error / others[0].mse if others[0].mse else 0.0
    verdict = f"{percent(gain)} less" if gain > 0 else "no less"
    said = f"Mean squared error: {number(error)}. {markup.sentence(said)}."
    words = f"{said} The model errs {verdict} than the mean does."
    st.html(f"<p class='lead'>{markup.text(words)}</p>")


def show(query: ConfusionQuery) -> None:
    """The figure on the left; the surveys on the right, the largest errors first."""
    table, site = tables.values(query), tables.item_sites(query)
    unit = query.data.targets.unit
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        clickable.figure(
            query, "values", lambda item: selection.pick_survey(int(site[item])),
            actual_against_predicted, table, unit, tables.references(query), item_name(query.data),
        )  # fmt: skip
        download("Actual and predicted", lambda: table, "actual-and-predicted", "save_values")
    with right, st.container(key="sticky"):
        st.html("<h2 class='list-title'>Where it is too high or too low</h2>")
        worst = table.assign(site=site[table["row"]]).drop(columns="row")
        worst = worst.sort_values("residual", key=abs, ascending=False, ignore_index=True)
        scale = residual_scale(table["residual"].to_numpy(), unit)
        run = query.run.name
        surveys = survey_list.SurveyList(worst, "residual", scale, COLUMNS, f"{run} {query.split}", run)
        survey_list.show(query.data, surveys)
