"""The models a reader may ask: finished runs, and the one service that answers for all visitors."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.splits import split_title
from sdm.data.survey import Dossier
from sdm.errors import RunError, SdmError, UnknownNameError
from sdm.evaluation.imported_runs import ELSEWHERE
from sdm.evaluation.metrics import HEADLINE
from sdm.evaluation.run_decoding import stored_predictions
from sdm.evaluation.run_model import open_model
from sdm.files import PROJECT
from sdm.inference.model import LoadedModel, Request
from sdm.inference.service import DEADLINE_SECONDS, InferenceService, Prediction
from sdm.models import REGISTRY
from sdm.runs import Run, find_runs, mismatch
from sdm.runs.folder import CARD
from sdm.runs.kaggle_scores import KAGGLE

HOMES = (PROJECT / "checkpoints", PROJECT / "runs")  # shipped runs, then the reader's own
SECONDS = 20  # after which new runs are noticed


Stamp = tuple[str | int | None, ...]
"""What tells one state of a run from the next, as part of the key of what is kept of it."""


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


@st.cache_resource(show_spinner=False, ttl=SECONDS)
def finished_runs() -> dict[str, Run]:
    """Name -> finished run; of two with one name the shipped one."""
    known: dict[str, Run] = {}
    for home in HOMES:
        for run in find_runs(home)[0]:
            if run.finished:
                known.setdefault(run.name, run)
    return known


@dataclass(frozen=True)
class Aside:
    """Runs nobody can ask: names of those not finished, of those hidden by another run of that name, and why
    others cannot be read."""

    unfinished: tuple[str, ...]
    hidden: tuple[str, ...]
    broken: tuple[SdmError, ...]


@st.cache_resource(show_spinner=False, ttl=SECONDS)
def set_aside() -> Aside:
    """The runs that are not among `finished_runs`."""
    looked = [find_runs(home) for home in HOMES]
    unfinished = tuple(run.name for found, _ in looked for run in found if not run.finished)
    known = finished_runs()
    hidden = tuple(
        run.name for found, _ in looked for run in found
        if run.finished and run.name in known and run.card.digest != known[run.name].card.digest
    )  # fmt: skip
    return Aside(unfinished, hidden, tuple(problem for _, problems in looked for problem in problems))


def forget() -> None:
    """Look at the run folders again."""
    finished_runs.clear()
    set_aside.clear()


@st.cache_resource(show_spinner=False)
def service() -> InferenceService:
    """The one service of this process."""
    return InferenceService(_load)


def _load(model: str) -> LoadedModel:
    name, known = model.rpartition(" ")[0], finished_runs()
    if name not in known:
        raise UnknownNameError("unknown run", expected=", ".join(known), got=name)
    return LoadedModel(open_model(known[name]), known[name].card.statistics)


def stamp(run: Run) -> Stamp:
    """Changes when the run is trained, measured or read anew, and when Kaggle's word on it is written down.

    What `run` says of itself may be older than its files: both count.
    """
    card = run.card
    return run.name, card.digest, card.decoder, hash(card.thresholds), _written(run, CARD), _written(run, KAGGLE)


def _written(run: Run, name: str) -> int:
    """When a file of the run was written last, in nanoseconds; 0 where there is none."""
    try:
        return (run.path / name).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def fitting(data: Dataset) -> tuple[dict[str, Run], dict[str, str]]:
    """Runs that answer the question of `data`, best on validation first; for the others why they do not."""
    known = finished_runs()
    reasons = {name: mismatch(run, data) for name, run in known.items()}
    able = sorted((run for name, run in known.items() if reasons[name] is None), key=_rank)
    return {run.name: run for run in able}, {name: reason for name, reason in reasons.items() if reason}


def _rank(run: Run) -> tuple[bool, bool, float]:
    """Low is good: runs that can predict anything, and see the data as they are, before views and imports."""
    headline = HEADLINE[run.card.kind]
    score = run.card.scores.get("validation", {}).get(headline)
    value = score.value if score is not None and np.isfinite(score.value) else -np.inf
    return not run.card.predicts, bool(run.card.view), value if headline == "rmse" else -value


def ask(runs: list[Run], dossier: Dossier) -> list[Answer]:
    """All answers; the requests wait together, so that none waits for another's loading twice."""
    request = request_of(dossier)
    waiting = [(run, _submit(run, request) if run.card.predicts else _recall(run, dossier)) for run in runs]
    return [_settle(run, answer) for run, answer in waiting]


def request_of(dossier: Dossier) -> Request:
    """What a model is asked about a survey."""
    site = {
        "source": dossier.source, "survey_id": dossier.survey_id, "lon": dossier.lon, "lat": dossier.lat,
        "year": dossier.year, "area_m2": dossier.area_m2, "country": dossier.country, "region": dossier.region,
    }  # fmt: skip
    return Request(site, {name: array for name, array in dossier.values.items() if array is not None})


def title(run: Run) -> str:
    """The run's model in plain words."""
    return run.card.title


def sees_place(run: Run) -> bool:
    """Whether the model knows where a survey is."""
    card = run.card
    return card.model in REGISTRY and REGISTRY[card.model].sees_place(card.model_config)


def blind(run: Run, dossier: Dossier) -> list[str]:
    """The inputs of a model when none of them is there: whatever it said would be made up."""
    inputs = [] if sees_place(run) else list(run.card.inputs)
    there = [name for name in inputs if dossier.values.get(name) is not None]
    return inputs if inputs and not there else []


def submit(run: Run, request: Request) -> Future[Prediction]:
    """The answer of `run` to come; ServiceError when the service takes no more."""
    # Another calibration, or another training under the same name, is another model.
    return service().submit(f"{run.name} {run.card.digest[:8]}", request)


def _submit(run: Run, request: Request) -> Future[Prediction] | SdmError:
    try:
        return submit(run, request)
    except SdmError as problem:
        return problem


def _recall(run: Run, dossier: Dossier) -> Prediction | SdmError:
    """What a run without weights has stored of the survey."""
    try:
        for split in run.splits():
            stored = stored_predictions(run, split)
            row = stored.row_of(dossier.source, dossier.survey_id)
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
