"""What a run says of many surveys at once, as tables for people and for competitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset, TargetKind
from sdm.errors import DataError
from sdm.evaluation.run_decoding import decoder_of
from sdm.evaluation.run_model import BATCH, predict_or_recall
from sdm.inference.survey_requests import PredictionRequest
from sdm.jobs import Report
from sdm.runs import Run

PLACE = ["survey_id", "source", "country", "lon", "lat", "year"]


@dataclass(frozen=True)
class Predicted:
    """`submission`: surveyId and what is predicted, in the competition's form; `table`: one row per prediction.

    The columns of `table`: line of the list, surveyId, source, country, lon, lat, year, km; then speciesId, name
    and probability, or value.
    """

    submission: pd.DataFrame
    table: pd.DataFrame


def predict_surveys(
    run: Run, dataset: Dataset, request: PredictionRequest, decoder: str, report: Report
) -> Predicted:
    """What `run` says of the surveys of `request`, decoded by `decoder`.

    `report` hears of every batch and may raise to stop. DataError when it is empty; RunError when the run
    is damaged, or when it only recalls and has nothing stored of a survey.
    """
    if not len(request):
        raise DataError("no survey to predict", expected="surveys or places of this data set, one per line")
    steps = -(-len(request) // BATCH)

    def reported(batches: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        for step, batch in enumerate(batches):
            report(step, steps, "batches")
            yield batch

    probabilities = predict_or_recall(run, dataset, request.row, reported).probabilities
    places = dataset.sites.iloc[request.row][PLACE].rename(columns={"survey_id": "surveyId"})
    places = places.reset_index(drop=True).assign(km=np.round(request.km, 2))
    places.insert(0, "line", request.line)
    if run.card.kind is TargetKind.REGRESSION:
        table = places.assign(value=probabilities[:, 0])
        return Predicted(table[["surveyId", "value"]], table)
    return _species(run, probabilities, places, decoder)


def _species(run: Run, probabilities: np.ndarray, places: pd.DataFrame, decoder: str) -> Predicted:
    sets = decoder_of(run.card, decoder).decode(probabilities)
    rows = np.repeat(np.arange(len(places)), np.diff(sets.indptr))
    ids = np.asarray(run.card.class_ids)[sets.indices]
    table = places.iloc[rows].reset_index(drop=True)
    table["speciesId"], table["name"] = ids, np.asarray(run.card.class_names, object)[sets.indices]
    table["probability"] = probabilities[rows, sets.indices].astype(float).round(5)
    table = table.sort_values(["line", "probability"], ascending=[True, False], kind="stable", ignore_index=True)
    each = [" ".join(map(str, np.sort(part).tolist())) for part in np.split(ids, sets.indptr[1:-1])]
    return Predicted(pd.DataFrame({"surveyId": places["surveyId"], "predictions": each}), table)
