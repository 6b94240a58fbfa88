"""Which bands and dates count: in one prediction, and over many pixels."""

from __future__ import annotations

import numpy as np
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION
from sdm.data.survey import Dossier
from sdm.errors import SdmError
from sdm.figures import attribution as figures
from sdm.figures.attribution import Unit
from sdm.figures.occlusion import by_date, months_and_bands
from sdm.inference.band_attribution import BandAttribution
from sdm.inference.series_occlusion import occlusion
from sdm.modalities.raster_bands import family_of
from sdm.runs import Run
from sdm.ui.cache.memo import memo
from sdm.ui.components.dossier.monthly import dates_of
from sdm.ui.components.figure import show_figure
from sdm.ui.components.page_frame import problem

MOST = 500  # validation pixels, evenly chosen


@memo(8, "Hiding each month and each band …")
def _over_many(data: Dataset, run: Run, rows: tuple[int, ...]):  # type: ignore[no-untyped-def]
    """What the run loses on these pixels."""
    return occlusion(run, data, np.array(rows))


def show(data: Dataset, survey: Dossier, changes: BandAttribution, name: str, column: int, unit: Unit) -> None:
    """Bars of the bands, and of the dates of a series, for the class or value `name` in that column."""
    drawn = figures.by_band(changes.table(column), name, unit)
    if not changes.by_step.size:
        show_figure(drawn, f"figure_bands_{changes.modality}", f"attribution-{changes.modality}")
        return
    left, right = st.columns([1.35, 1], gap="medium")
    with left:
        show_figure(drawn, f"figure_bands_{changes.modality}", f"attribution-{changes.modality}")
    with right:
        steps = by_date(changes.step_table(column), name, unit, dates_of(data, survey))
        show_figure(steps, f"figure_dates_{changes.modality}", "attribution-dates")


def over_many(data: Dataset, run: Run) -> None:
    """The same over validation pixels, when it is asked for."""
    series = len(run.card.inputs) == 1 and family_of(next(iter(run.card.inputs))) == "series"
    if not series or run.card.kind is not TargetKind.MULTICLASS or not run.card.predicts:
        return
    rows = data.rows(VALIDATION, run.card.scheme) if run.card.scheme in data.schemes else np.zeros(0, int)
    rows = rows[data.targets.known[rows]]
    if not rows.size:
        return
    with st.expander(
        "Months and bands over many pixels", icon=":material/bar_chart:", on_change="rerun", key="occlusion_many"
    ) as opened:
        if not opened.open:
            return
        chosen = rows[np.linspace(0, len(rows) - 1, min(len(rows), MOST)).astype(int)]
        try:
            table = _over_many(data, run, tuple(chosen.tolist()))
        except SdmError as error:
            problem("The model cannot be asked without its months", error)
            return
        show_figure(months_and_bands(table, len(chosen)), "figure_occlusion", "occlusion")
