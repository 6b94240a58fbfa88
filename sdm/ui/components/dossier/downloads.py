"""The tables behind a dossier, made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from sdm.analysis.bands import measures
from sdm.analysis.climate import anomalies
from sdm.analysis.environment import table as environment_table
from sdm.analysis.landsat import quarters, series
from sdm.data.survey import Dossier
from sdm.figures.pixels import pixel_table
from sdm.modalities import LANDSAT, MODALITIES
from sdm.ui import cache
from sdm.ui.components.figure import download


def downloads(dossier: Dossier, key: str) -> None:
    """One button per table."""
    made: dict[str, Callable[[np.ndarray], pd.DataFrame]] = {
        "patch": pixel_table,
        "landsat": landsat_table,
        "climate": anomalies,
        "environment": lambda values: environment_table(values, cache.reference(key)),
    }
    with st.popover("Download", icon=":material/download:"):
        name = f"survey-{dossier.survey_id}"
        download("Recorded", lambda: recorded_table(dossier), f"{name}-recorded", "save_recorded")
        for modality, make in made.items():
            array = dict(dossier.values).get(modality)
            if array is not None:
                download(
                    MODALITIES[modality].title, partial(make, array), f"{name}-{modality}", f"save_{modality}"
                )


def recorded_table(dossier: Dossier) -> pd.DataFrame:
    """class_id and name of what was recorded, or the one value of a regression."""
    if dossier.target is not None:
        return pd.DataFrame({"value": [dossier.target], "unit": [dossier.unit]})
    return pd.DataFrame([(c.class_id, c.name) for c in dossier.recorded], columns=["class_id", "name"])


def landsat_table(cube: np.ndarray) -> pd.DataFrame:
    """One row per quarter: every index and band."""
    found = {name: series(cube, measure)["value"] for name, measure in measures(LANDSAT).items()}
    return quarters().assign(**found)
