"""What is kept of runs to be mixed: stored predictions and scores, read once per run and never changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION
from sdm.errors import RunError
from sdm.evaluation.decoding import parse_decoder
from sdm.evaluation.ensembles import least_log_loss
from sdm.evaluation.evaluate import known_splits
from sdm.evaluation.judged import Judged
from sdm.evaluation.leaderboard.board import in_order
from sdm.evaluation.mixtures import mixture, samples_f1
from sdm.runs import Run
from sdm.ui import cache
from sdm.ui.components.runs import Stamp, stamp
from sdm.ui.predict import stored_predictions

MOST_PAIRS = 4_000_000  # of survey and species of a split: mixed and decoded in some 30 ms, held in 16 MB


def why_not(run: Run, first: Run, data: Dataset) -> str:
    """Why `run` cannot be mixed with `first`, the one to begin with, on `data`; "" when it can."""
    card, other = run.card, first.card
    if card.kind is not TargetKind.MULTILABEL:
        return "it has learnt to name one species, not a set"
    if not card.ranks:
        return "it holds sets without probabilities"
    if card.members:
        return "it is an ensemble itself: choose its members instead"
    if (card.class_ids, card.scheme, card.view) != (other.class_ids, other.scheme, other.view):
        return f"it has learnt from other classes or another split than {first.name}"
    if card.data.fingerprint != data.fingerprint:
        return "it has learnt from other data"
    return ""


def _stored(key: str, split: str, run: Run) -> Judged | None:
    """An even sample of the surveys of `split` that can be judged; None where `run` has stored none."""
    return _sample(key, stamp(run), split, run) if split in run.splits() else None


@st.cache_resource(show_spinner="Reading stored predictions …", max_entries=12)
def _sample(key: str, of: Stamp, split: str, _run: Run) -> Judged | None:  # noqa: ARG001  the stamp is part of the key
    found = stored_predictions.surveys(key, _run, split)
    return found.sample(_run.card.width, MOST_PAIRS) if len(found) else None


@st.cache_resource(show_spinner=False, max_entries=256)
def _member_f1(key: str, of: Stamp, split: str, decoder: str, _run: Run) -> float | None:  # noqa: ARG001
    found = _stored(key, split, _run)
    return None if found is None else samples_f1(found.truth, found.probability, parse_decoder(decoder))


def _together(key: str, split: str, runs: Sequence[Run]) -> list[Judged] | None:
    """What every run has stored of the same surveys; None where one has stored nothing, RunError for others."""
    found = [one for run in runs if (one := _stored(key, split, run)) is not None]
    if len(found) < len(runs):
        return None
    for run, one in zip(runs, found, strict=True):
        if not np.array_equal(one.sites, found[0].sites):
            raise RunError(
                "the runs have stored predictions of other surveys", where=run.path,
                expected=f"{split} as {runs[0].name} has it", remedy=f"python -m sdm evaluate {run.name} --record",
            )  # fmt: skip
    return found


def best_weights(key: str, runs: Sequence[Run]) -> np.ndarray | None:
    """float64 (R,): the weights of least log loss on validation surveys; None where not all have stored them."""
    return _best_weights(key, tuple(map(stamp, runs)), tuple(runs))


@st.cache_resource(show_spinner="Fitting the weights …", max_entries=32)
def _best_weights(key: str, of: tuple[Stamp, ...], _runs: Sequence[Run]) -> np.ndarray | None:  # noqa: ARG001
    found = _together(key, VALIDATION, _runs)
    return None if found is None else least_log_loss(found[0].truth, [each.probability for each in found])


def splits(data: Dataset, runs: Sequence[Run]) -> list[str]:
    """The splits that any of `runs` can be judged on, the hardest last."""
    known = known_splits(data, runs[0].card.scheme)
    return in_order(split for split in known if any(split in run.splits() for run in runs))


def scores(
    key: str, runs: Sequence[Run], weights: Sequence[float], split: str, decoder: str
) -> list[float | None]:  # fmt: skip
    """samples-F1 on `split` of each of `runs`, and last of their mean by `weights`; None where a run has stored
    nothing. RunError for damaged predictions, and for those of other surveys."""
    members = [_member_f1(key, stamp(run), split, decoder, run) for run in runs]
    counted = [(run, weight) for run, weight in zip(runs, weights, strict=True) if weight > 0]
    found = _together(key, split, [run for run, _ in counted])
    if found is None:
        return [*members, None]
    mean = mixture([weight for _, weight in counted], [each.probability for each in found])
    return [*members, samples_f1(found[0].truth, mean, parse_decoder(decoder))]


def surveys(key: str, runs: Sequence[Run], split: str) -> str:
    """How many surveys of `split` are counted, and of how many where that is a sample."""
    data, scheme = cache.dataset(key), runs[0].card.scheme
    known = int(data.targets.known[data.rows(split, scheme)].sum())
    found = (_stored(key, split, run) for run in runs)
    counted = max((len(each) for each in found if each is not None), default=0)
    return f"{counted:,}" if counted == known else f"{counted:,} of {known:,}"
