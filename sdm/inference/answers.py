"""What runs say of one survey: asked of the service, or looked up among stored predictions."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sdm.data.splits import split_title
from sdm.data.survey import Dossier
from sdm.errors import RunError, SdmError
from sdm.evaluation.imported_runs import ELSEWHERE
from sdm.evaluation.run_decoding import stored_predictions
from sdm.evaluation.run_inputs import sees_place
from sdm.evaluation.run_model import open_model
from sdm.inference.loaded_model import LoadedModel, Request
from sdm.inference.service import CAPACITY, DEADLINE_SECONDS, InferenceService, Prediction
from sdm.runs import Run


@dataclass(frozen=True)
class Answer:
    """What one run says of a survey: a prediction, or why there is none."""

    run: Run
    prediction: Prediction | None = None
    problem: SdmError | None = None

    @property
    def probabilities(self) -> np.ndarray:
        """float32 (S,) of a prediction; for regression the value, (1,)."""
        assert self.prediction is not None
        return self.prediction.probabilities


class Inference(Protocol):
    """What answers for runs: the service of this process, or a process of its own."""

    def submit(self, run: Run, request: Request) -> Future[Prediction]:
        """The prediction of `run` to come; ServiceError when no more are taken."""
        ...


class LocalInference:
    """An inference service of this process that loads the runs it is asked."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._runs: dict[str, Run] = {}
        self._service = InferenceService(self._load, capacity=capacity)

    def _load(self, model: str) -> LoadedModel:
        run = self._runs[model]
        return LoadedModel(open_model(run), run.card.statistics)

    def submit(self, run: Run, request: Request) -> Future[Prediction]:
        """See `Inference.submit`."""
        # Another calibration, or another training under the same name, is another model.
        model = f"{run.path} {run.card.digest[:8]}"
        self._runs[model] = run
        return self._service.submit(model, request)

    def close(self) -> None:
        """Answer what waits with an error."""
        self._service.close()


class RunService:
    """What runs say of surveys, by `inference` or else the service of this process."""

    def __init__(self, inference: Inference | None = None) -> None:
        self._inference = inference or LocalInference()

    def submit(self, run: Run, request: Request) -> Future[Prediction]:
        """The prediction of `run` to come; ServiceError when the service takes no more."""
        return self._inference.submit(run, request)

    def ask(self, runs: Sequence[Run], survey: Dossier) -> list[Answer]:
        """All answers; the requests wait together, so that none waits for another's loading twice."""
        request = request_of(survey)
        waiting = [
            (run, self._submit(run, request) if run.card.predicts else stored_answer(run, survey)) for run in runs
        ]
        return [_settle(run, answer) for run, answer in waiting]

    def _submit(self, run: Run, request: Request) -> Future[Prediction] | SdmError:
        try:
            return self.submit(run, request)
        except SdmError as problem:
            return problem


def request_of(survey: Dossier) -> Request:
    """What a model is asked about a survey."""
    site = {
        "source": survey.source, "survey_id": survey.survey_id, "lon": survey.lon, "lat": survey.lat,
        "year": survey.year, "area_m2": survey.area_m2, "country": survey.country, "region": survey.region,
    }  # fmt: skip
    return Request(site, {name: array for name, array in survey.values.items() if array is not None})


def stored_answer(run: Run, survey: Dossier) -> Prediction | SdmError:
    """What a run without weights has stored of the survey."""
    try:
        for split in run.splits():
            stored = stored_predictions(run, split)
            row = stored.row_of(survey.source, survey.survey_id)
            if row is not None:
                return Prediction(stored.rows(np.array([row]))[0], 0.0, 1, ELSEWHERE)
    except SdmError as problem:
        return problem
    known = f"a survey of: {', '.join(map(split_title, run.splits()))}"
    return RunError("this run has nothing but stored predictions, none of this survey", expected=known)


def _settle(run: Run, future: Future[Prediction] | Prediction | SdmError) -> Answer:
    if isinstance(future, SdmError):
        return Answer(run, problem=future)
    if isinstance(future, Prediction):
        return Answer(run, prediction=future)
    try:
        return Answer(run, prediction=future.result(timeout=DEADLINE_SECONDS))
    except SdmError as problem:
        return Answer(run, problem=problem)
    except TimeoutError:
        return Answer(run, problem=SdmError("the model gave no answer in time", where=run.name))


def missing_inputs(run: Run, survey: Dossier) -> list[str]:
    """The inputs of a model when the survey has none of them: whatever it predicted would be made up."""
    inputs = [] if sees_place(run) else list(run.card.inputs)
    there = [name for name in inputs if survey.values.get(name) is not None]
    return inputs if inputs and not there else []
