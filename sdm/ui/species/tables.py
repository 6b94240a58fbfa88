"""What is kept of a species between reruns: one object per process, shared by all readers and never changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data.dataset import DEFAULT_SCHEME, TargetKind
from sdm.errors import UnknownNameError
from sdm.evaluation.comparison import known_surveys
from sdm.evaluation.confusion.outcomes import Outcomes
from sdm.evaluation.metrics import target_matrix
from sdm.evaluation.run_decoding import stored_predictions
from sdm.evaluation.species import confused, response
from sdm.evaluation.species.curve import best_threshold, precision_recall
from sdm.evaluation.species.records import by_country, by_split, recorded_at
from sdm.evaluation.species.scored import scored
from sdm.modalities import ENVIRONMENT
from sdm.runs import Predictions, Run
from sdm.ui import cache
from sdm.ui.components.runs import Stamp, finished_runs, stamp
from sdm.ui.confusion import tables
from sdm.ui.confusion.tables import ConfusionQuery

VALIDATION = "validation"
LONGEST = 60  # characters of a name in a box
FIRST_SHARE = 0.1  # of surveys: a species that is neither everywhere nor hardly anywhere shows a pattern


@dataclass(frozen=True)
class SpeciesQuery:
    """The species in `column` of the data set `key`, as the run sees it at the surveys of `splits`.

    `stamp` tells one state of the run from the next. Without a run, `run` is "" and `splits` is empty.
    """

    key: str
    column: int
    run: str = ""
    stamp: Stamp = ()
    splits: tuple[str, ...] = ()


@st.cache_resource(show_spinner=False, max_entries=4)
def labels(key: str) -> dict[int, str]:
    """class_id -> what the box of species shows and searches: name, common name and id, by name."""
    classes = cache.dataset(key).targets.classes
    names = classes["name"].astype(str).str.slice(0, LONGEST)
    if "common_name" in classes:
        common = classes["common_name"].astype(object).fillna("").astype(str).str.slice(0, LONGEST)
        names = names.where(common == "", names + " · " + common)
    text = names + " · " + classes["class_id"].astype(str)
    order = np.argsort(text.str.casefold().to_numpy(), kind="stable")
    return dict(zip(classes["class_id"].to_numpy()[order].tolist(), text.to_numpy()[order].tolist(), strict=True))


@st.cache_resource(show_spinner=False, max_entries=4)
def first(key: str) -> int:
    """The class_id to begin with: of those at no more than a tenth of the surveys the commonest."""
    data = cache.dataset(key)
    counts = np.asarray(target_matrix(data.targets)[surveyed(key)].sum(axis=0)).ravel()
    rare = counts <= FIRST_SHARE * max(len(surveyed(key)), 1)
    best = np.where(rare, counts, -1) if (counts[rare] > 0).any() else counts
    return int(data.targets.class_ids[int(best.argmax())])


@st.cache_resource(show_spinner=False, max_entries=4)
def surveyed(key: str) -> np.ndarray:
    """int64: the surveys that tell both where a class is and where it is not, hence not presence-only ones."""
    data = cache.dataset(key)
    column = f"split_{DEFAULT_SCHEME}"
    keep = data.targets.known.copy()
    if column in data.sites:
        keep &= (data.sites[column] != "po").to_numpy()
    return np.flatnonzero(keep)


@st.cache_resource(show_spinner=False, max_entries=64)
def records(key: str, column: int) -> pd.DataFrame:
    """Records per split."""
    return by_split(cache.dataset(key), column)


@st.cache_resource(show_spinner=False, max_entries=64)
def countries(key: str, column: int) -> pd.DataFrame:
    """Records per country."""
    return by_country(cache.dataset(key), column)


@st.cache_resource(show_spinner=False, max_entries=12)
def _stored(run: str, stamp: Stamp, split: str) -> Predictions:  # noqa: ARG001  the stamp is part of the key
    known = finished_runs()
    if run not in known:
        raise UnknownNameError("unknown run", expected=", ".join(known), got=run)
    return stored_predictions(known[run], split)


@st.cache_resource(show_spinner=False, max_entries=12)
def _known(key: str, run: str, stamp: Stamp, split: str) -> tuple[np.ndarray, np.ndarray]:
    return known_surveys(cache.dataset(key), _stored(run, stamp, split))


def answerable(key: str, run: Run) -> tuple[str, ...]:
    """The splits whose predictions are stored and whose truth is known."""
    of = stamp(run)
    return tuple(split for split in run.splits() if _known(key, run.name, of, split)[0].size)


@st.cache_resource(show_spinner=False, max_entries=128)
def _scored(key: str, column: int, run: str, stamp: Stamp, split: str) -> pd.DataFrame:
    return scored(cache.dataset(key), _stored(run, stamp, split), column, _known(key, run, stamp, split))


@st.cache_resource(show_spinner=False, max_entries=32)
def judged_surveys(asked: SpeciesQuery) -> pd.DataFrame:
    """The table of `scored` over all splits asked for."""
    parts = [_scored(asked.key, asked.column, asked.run, asked.stamp, split) for split in asked.splits]
    return pd.concat(parts, ignore_index=True)


@st.cache_resource(show_spinner=False, max_entries=32)
def curve(asked: SpeciesQuery) -> pd.DataFrame:
    """Precision and recall at every threshold."""
    return precision_recall(judged_surveys(asked))


def on_validation(asked: SpeciesQuery) -> SpeciesQuery:
    """The same question of the surveys the threshold is chosen on."""
    return SpeciesQuery(asked.key, asked.column, asked.run, asked.stamp, (VALIDATION,))


def threshold(asked: SpeciesQuery) -> float:
    """The threshold of best F1 on the validation surveys; NaN where the species is at none of them.

    The run's own, which was computed before anything was rounded or left out, where it has one.
    """
    run = finished_runs()[asked.run]
    if VALIDATION not in run.splits():
        return float("nan")
    scores = _stored(asked.run, asked.stamp, VALIDATION).scores
    own = float("nan") if scores is None else float(scores.threshold[asked.column])
    return own if own == own else best_threshold(curve(on_validation(asked)))


@st.cache_resource(show_spinner=False, max_entries=16)
def pairs(asked: SpeciesQuery, decoder: str) -> pd.DataFrame:
    """What the species is mistaken for."""
    questions = [ConfusionQuery(asked.key, asked.run, asked.stamp, split, decoder) for split in asked.splits]
    parts: list[Outcomes] = [tables.judged(question) for question in questions]
    classes = cache.dataset(asked.key).targets.classes
    return confused.around(confused.together(parts), classes, asked.column)


@st.cache_resource(show_spinner="Sorting the surveys by their environment …", max_entries=8)
def bins(key: str, run: str, stamp: Stamp, splits: tuple[str, ...]) -> tuple[response.Bins, np.ndarray] | None:
    """Bins of the surveys judged, of all surveys without a run, and the rows in them; None without environment."""
    data = cache.dataset(key)
    if ENVIRONMENT.name not in data.modalities:
        return None
    rows = surveyed(key) if not run else np.concatenate([_known(key, run, stamp, split)[0] for split in splits])
    values = data.reader.read(ENVIRONMENT.name, rows)
    return (response.fit_bins(values), rows) if np.isfinite(values).any() else None


@st.cache_resource(show_spinner=False, max_entries=32)
def strengths(asked: SpeciesQuery) -> np.ndarray:
    """What each predictor tells of the species; empty where nothing can be told."""
    made = bins(asked.key, asked.run, asked.stamp, asked.splits)
    if made is None:
        return np.zeros(0)
    return response.strength(made[0], recorded_at(cache.dataset(asked.key).targets, asked.column, made[1]))


@st.cache_resource(show_spinner=False, max_entries=32)
def responses(asked: SpeciesQuery, predictors: tuple[int, ...]) -> dict[int, pd.DataFrame]:
    """Position of each predictor -> its table of responses."""
    made = bins(asked.key, asked.run, asked.stamp, asked.splits)
    if made is None:
        return {}
    recorded = recorded_at(cache.dataset(asked.key).targets, asked.column, made[1])
    probability = judged_surveys(asked)["probability"].to_numpy() if asked.run else None
    return {place: response.response(made[0], place, recorded, probability) for place in predictors}


@st.cache_resource(show_spinner=False, max_entries=4)
def pictured(key: str) -> np.ndarray:
    """bool (N,): the surveys with a satellite picture."""
    data = cache.dataset(key)
    return data.reader.available("patch") if "patch" in data.modalities else np.zeros(len(data), bool)


def has_species(key: str) -> bool:
    """Whether the targets are classes at all."""
    targets = cache.dataset(key).targets
    return targets.kind is not TargetKind.REGRESSION and len(targets.classes) > 0
