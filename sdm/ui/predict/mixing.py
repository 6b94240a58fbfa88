"""What is kept of runs to be mixed: stored predictions and scores, read once per run and never changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION
from sdm.decoding import parse_decoder
from sdm.evaluate import Outcome, known_splits
from sdm.runs import Run
from sdm.runs.ensemble import least_log_loss
from sdm.runs.mixture import mixture, samples_f1, stored_of
from sdm.scoreboard.board import in_order
from sdm.ui import cache
from sdm.ui.runs import Stamp, stamp


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


@st.cache_resource(show_spinner="Reading stored predictions …", max_entries=24)
def _stored(key: str, of: Stamp, split: str, _run: Run) -> Outcome | None:  # noqa: ARG001  the stamp is part of the key
    return stored_of(_run, cache.dataset(key), split)


@st.cache_resource(show_spinner=False, max_entries=256)
def _member_f1(key: str, of: Stamp, split: str, decoder: str, _run: Run) -> float | None:
    found = _stored(key, of, split, _run)
    return None if found is None else samples_f1(found, found.probabilities, parse_decoder(decoder))


def best_weights(key: str, runs: Sequence[Run]) -> np.ndarray | None:
    """float64 (R,): the weights of least log loss on validation surveys; None where not all have stored them."""
    return _best_weights(key, tuple(map(stamp, runs)), tuple(runs))


@st.cache_resource(show_spinner="Fitting the weights …", max_entries=32)
def _best_weights(key: str, of: tuple[Stamp, ...], _runs: Sequence[Run]) -> np.ndarray | None:
    found = [_stored(key, one, VALIDATION, run) for one, run in zip(of, _runs, strict=True)]
    there = [each for each in found if each is not None]
    if len(there) < len(of):
        return None
    return least_log_loss(there[0].truth, [each.probabilities for each in there])


def splits(data: Dataset, runs: Sequence[Run]) -> list[str]:
    """The splits that any of `runs` can be judged on, the hardest last."""
    known = known_splits(data, runs[0].card.scheme)
    return in_order(split for split in known if any(split in run.splits() for run in runs))


def scores(
    key: str, runs: Sequence[Run], weights: Sequence[float], split: str, decoder: str
) -> list[float | None]:  # fmt: skip
    """samples-F1 on `split` of each of `runs`, and last of their mean by `weights`; None where a run has stored
    nothing. RunError for damaged predictions."""
    members = [_member_f1(key, stamp(run), split, decoder, run) for run in runs]
    counted = [(run, weight) for run, weight in zip(runs, weights, strict=True) if weight > 0]
    found = [_stored(key, stamp(run), split, run) for run, _ in counted]
    there = [each for each in found if each is not None]
    if len(there) < len(counted):
        return [*members, None]
    mean = mixture([weight for _, weight in counted], [each.probabilities for each in there])
    return [*members, samples_f1(there[0], mean, parse_decoder(decoder))]


def surveys(key: str, runs: Sequence[Run], split: str) -> str:
    """How many surveys of `split` are counted, and of how many where that is a sample."""
    data, scheme = cache.dataset(key), runs[0].card.scheme
    known = int(data.targets.known[data.rows(split, scheme)].sum())
    found = (_stored(key, stamp(run), split, run) for run in runs)
    counted = max((len(each.rows) for each in found if each is not None), default=0)
    return f"{counted:,}" if counted == known else f"{counted:,} of {known:,}"
