"""The table of predictions: one row per site, what was recorded there, and what models say of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.data.overview import split_of
from sdm.exports.subject import Subject
from sdm.inference.prediction_meaning import INTENSITY
from sdm.inference.species_map import species_model
from sdm.inference.training_area import training_rows
from sdm.modalities.predictors import is_predictors
from sdm.models.presence_only.model import relative_intensity

FILE = "predictions.csv"
COLUMNS = {
    "source": "table the site is of",
    "site": "its id there",
    "longitude": "degrees, empty where the position is not known",
    "latitude": "degrees",
    "x": "in the unit of the tables, where they have another reference system",
    "y": "",
    "split": "what the site is for: training, validation, test",
    "recorded": "yes or no; empty where nothing is known, as at background sites",
    "learnt_from": "whether the run has learnt from the site",
    "held_out": "what models say that have not learnt from the site; the scores are those of this column",
    "value": "what the run says, whether it has learnt from the site or not",
    "relative_intensity": "the value in times the mean intensity of the background",
}
"""Column -> what it holds."""


def site_table(subject: Subject) -> pd.DataFrame:
    """One row per site of the data set with the columns COLUMNS; x, y and relative_intensity only where known."""
    data, run = subject.dataset, subject.run
    sites, learnt = data.sites, np.zeros(len(data), bool)
    learnt[training_rows(run, data)] = True
    recorded = np.where(data.targets.known, np.where(subject.recorded, "yes", "no"), "")
    table = pd.DataFrame({
        "source": sites["source"].astype(str), "site": sites["survey_id"],
        "longitude": sites["lon"], "latitude": sites["lat"],
        **({"x": sites["x"], "y": sites["y"]} if "x" in sites and "y" in sites else {}),
        "split": split_of(data, run.card.scheme), "recorded": recorded,
        "learnt_from": np.where(learnt, "yes", "no"), "held_out": _held_out(subject),
    })  # fmt: skip
    values, prevalence = _values(subject)
    table["value"] = values
    if subject.meaning is INTENSITY:
        table["relative_intensity"] = relative_intensity(values.astype(np.float64), prevalence)
    return table


def _held_out(subject: Subject) -> np.ndarray:
    held = np.full(len(subject.dataset), np.nan)
    for part in subject.held_out.values():
        held[part["row"].to_numpy()] = part["probability"].to_numpy()
    return held


def _values(subject: Subject) -> tuple[np.ndarray, float]:
    """What the run says of every site whose predictors it reads; of other inputs nothing. And its prevalence."""
    data, inputs = subject.dataset, list(subject.run.card.inputs)
    if subject.grid is None and not (len(inputs) == 1 and is_predictors(inputs[0])):
        return np.full(len(data), np.nan), float("nan")
    ask = species_model(subject.run, subject.class_id)
    return ask.predict(data.reader.read(inputs[0], np.arange(len(data)))), ask.prevalence
