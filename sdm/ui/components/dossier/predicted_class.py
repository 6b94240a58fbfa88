"""The class that a run has predicted for a site, of its stored predictions."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.survey import Dossier
from sdm.errors import SdmError
from sdm.runs import Run
from sdm.ui.cache.predictions import labelled
from sdm.ui.components import runs
from sdm.ui.state import Key


class PredictedClass(NamedTuple):
    """Key of the class among groups, and the run that predicts it."""

    class_id: str
    run: str


def predicted_class(data: Dataset, dossier: Dossier) -> PredictedClass | None:
    """What the run looked at last, else the best on validation, predicts there; None where none has stored it."""
    if data.targets.kind is not TargetKind.MULTICLASS or not dossier.known or dossier.on_the_spot:
        return None
    able = runs.fitting(data)[0]
    chosen = able.get(st.session_state.get(Key.RUN) or "")
    row = data.row_of(dossier.survey_id, dossier.source)
    for run in [*([chosen] if chosen else []), *able.values()]:
        class_id = _stored(data, run, dossier.split.get(run.card.scheme, ""), row)
        if class_id is not None:
            return PredictedClass(str(class_id), run.name)
    return None


def _stored(data: Dataset, run: Run, split: str, row: int) -> int | None:
    """The class id that `run` has stored for the site in `row` of `split`."""
    if split not in run.splits() or run.card.view:
        return None
    try:
        surveys = labelled(data, run, split)
    except SdmError:
        return None  # said where the predictions are shown
    found = np.flatnonzero(surveys.sites == row)
    if not found.size:
        return None
    return int(run.card.class_ids[surveys.take(found[:1]).predictions.most_probable()[0]])
