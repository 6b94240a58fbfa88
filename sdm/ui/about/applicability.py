"""Where models trained on this data may be asked: the area of applicability."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from sdm.analysis import applicability
from sdm.analysis.applicability import Applicability
from sdm.data.dataset import DEFAULT_SCHEME, Dataset
from sdm.data.splits import split_title
from sdm.errors import SdmError
from sdm.figures import applicability as figures
from sdm.modalities import ENVIRONMENT
from sdm.number_format import fixed, percent, whole
from sdm.ui.cache.figures import drawn
from sdm.ui.cache.memo import memo
from sdm.ui.components import markup
from sdm.ui.components.figure import show_figure
from sdm.ui.components.number_table import number_table
from sdm.ui.components.page_frame import problem
from sdm.ui.components.static_maps import ground
from sdm.virtual_europe.description import world_of
from sdm.virtual_europe.environment import environment
from sdm.virtual_europe.grid import land_grid

LEAD = (
    "A model knows environments like those it has learnt from. Where soil, climate and relief are further from "
    "every training survey than those are from each other, it extrapolates (Meyer and Pebesma 2021)."
)


@memo(4, "Comparing environments …")
def _area(data: Dataset) -> Applicability:
    return applicability.fit_applicability(data, data.rows("train", DEFAULT_SCHEME))


@memo(4, "Comparing environments …")
def _over_europe(data: Dataset, seed: int) -> np.ndarray:
    """Dissimilarity of each land cell of the simulated Europe."""
    return _area(data).dissimilarity(environment(land_grid(seed).places))


@memo(4)
def _surveys(data: Dataset) -> pd.DataFrame:
    return applicability.survey_table(data, DEFAULT_SCHEME, _area(data))


def show(data: Dataset) -> None:
    """The map, and the shares of each split inside; nothing where no environment is known."""
    if ENVIRONMENT.name not in data.modalities or DEFAULT_SCHEME not in data.schemes:
        return
    st.markdown("#### Area of applicability: where may a model be asked?")
    try:
        area = _area(data)
    except SdmError as error:
        problem("Nothing to compare with", error)
        return
    st.html(f"<p class='lead'>{markup.text(LEAD)}</p>")
    left, right = st.columns([1.4, 1], gap="medium")
    surveys, world = _surveys(data), world_of(data)
    with left:
        if world is None:
            figure = drawn(figures.survey_map, surveys, ground())
        else:
            cells = _over_europe(data, world.seed)
            figure = drawn(figures.grid_map, cells, area.threshold, land_grid(world.seed), ground())
        show_figure(figure, "figure_applicability", "area-of-applicability")
    with right:
        rows = [
            [
                split_title(str(split)),
                whole(len(part)),
                percent(float((part <= 1).mean())),
                fixed(part.median(), 2),
            ]
            for split, part in surveys.dropna().groupby("split", sort=False)["over_threshold"]
        ]
        st.html(number_table("Surveys inside the area", (), ["Surveys", "Number", "Inside", "Median"], rows))
        st.caption(
            "Median: dissimilarity of the middle survey, in limits. All numeric predictors weigh the same, so the "
            "area is that of the data, not of one model."
        )
