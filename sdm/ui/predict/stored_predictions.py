"""What is kept, between reruns, of a run's stored predictions where records can judge them.

One object per process for each state of a run; shared and never changed.
"""

from __future__ import annotations

import streamlit as st

from sdm.data.splits import VALIDATION, measured_splits
from sdm.evaluation import reliability, run_decoding, set_size
from sdm.evaluation.calibration import Bins
from sdm.evaluation.conformal import ConformalSets, Coverage, fit_conformal
from sdm.evaluation.decode import FOLDS
from sdm.evaluation.decoding import Decoder
from sdm.evaluation.judged import Judged, judged
from sdm.evaluation.leaderboard.board import in_order
from sdm.evaluation.reliability import Binned
from sdm.evaluation.set_size import Cuts, Worth
from sdm.runs import Run
from sdm.ui import cache
from sdm.ui.components.runs import Stamp, stamp

NOT_COUNTED = (
    "–: nobody can tell, because only the most probable species of each survey are stored, and such sets may hold "
    "more of them."
)
MOST_SPLITS = 6  # held at a time, at most 100 MB each: of two runs, three splits each


def surveys(key: str, run: Run, split: str) -> Judged:
    """The surveys of a split whose classes the data set `key` knows; RunError for damaged predictions."""
    return _surveys(key, stamp(run), split, run)


def splits(key: str, run: Run) -> list[str]:
    """The splits that have such surveys, the hardest last."""
    return in_order(split for split in measured_splits(run.splits()) if len(surveys(key, run, split)))


def tests(key: str, run: Run) -> list[str]:
    """Those of `splits` that nothing was chosen on."""
    return [split for split in splits(key, run) if split != VALIDATION]


def decoders(key: str, run: Run) -> list[Decoder]:
    """One decoder of each kind, fitted on the validation surveys."""
    return _decoders(key, stamp(run), run)


def worth(key: str, run: Run, split: str, decoder: Decoder) -> Worth:
    """What `decoder` is worth on a split."""
    return _worth(key, stamp(run), split, str(decoder), run, decoder)


def cuts(key: str, run: Run, split: str) -> Cuts:
    """Every cut of a split at once."""
    return _cuts(key, stamp(run), split, run)


def calibrated(key: str, run: Run) -> dict[str, dict[str, Bins]]:
    """Calibration -> split -> pairs of survey and class by probability."""
    return _calibrated(key, stamp(run), run)


def promised(key: str, run: Run, stated: float) -> ConformalSets:
    """The sets that promise to hold the share `stated`."""
    return _promised(key, stamp(run), stated, run)


def coverages(key: str, run: Run, stated: float) -> dict[str, Coverage]:
    """Test split -> how the promise was kept."""
    return _coverages(key, stamp(run), (stated,), run)[stated]


def all_coverages(key: str, run: Run) -> dict[float, dict[str, Coverage]]:
    """Stated share -> test split -> how the promise was kept."""
    return _coverages(key, stamp(run), reliability.STATED, run)


@st.cache_resource(show_spinner="Reading the stored predictions …", max_entries=MOST_SPLITS)
def _surveys(key: str, of: Stamp, split: str, _run: Run) -> Judged:  # noqa: ARG001  the stamp is part of the key
    return judged(cache.dataset(key), run_decoding.stored_predictions(_run, split))


@st.cache_resource(show_spinner="Fitting the decoders on validation surveys …", max_entries=16)
def _decoders(key: str, of: Stamp, _run: Run) -> list[Decoder]:  # noqa: ARG001
    there = VALIDATION in _run.splits()
    return set_size.own_decoders(_run.card, surveys(key, _run, VALIDATION) if there else None)


@st.cache_resource(show_spinner="Trying a decoder on all surveys …", max_entries=256)
def _worth(key: str, of: Stamp, split: str, text: str, _run: Run, _decoder: Decoder) -> Worth:  # noqa: ARG001
    return set_size.worth(surveys(key, _run, split), _decoder)


@st.cache_resource(show_spinner="Trying every cut on all surveys …", max_entries=16)
def _cuts(key: str, of: Stamp, split: str, _run: Run) -> Cuts:  # noqa: ARG001
    return set_size.cuts(surveys(key, _run, split))


@st.cache_resource(show_spinner="Comparing probabilities with records …", max_entries=16)
def _calibrated(key: str, of: Stamp, _run: Run) -> dict[str, dict[str, Bins]]:  # noqa: ARG001
    data = cache.dataset(key)
    found: dict[str, Binned] = {}
    for split in splits(key, _run):
        folds = FOLDS if split == VALIDATION else 1
        found[split] = reliability.binned(data, _run.predictions(split), folds)
    return reliability.calibrated(found)


@st.cache_resource(show_spinner=False, max_entries=256)
def _promised(key: str, of: Stamp, stated: float, _run: Run) -> ConformalSets:  # noqa: ARG001
    validation = surveys(key, _run, VALIDATION)
    return fit_conformal(validation.truth, validation.probability, stated)


@st.cache_resource(show_spinner="Checking the promise …", max_entries=256)
def _coverages(
    key: str,
    of: Stamp,  # noqa: ARG001
    stated: tuple[float, ...],
    _run: Run,
) -> dict[float, dict[str, Coverage]]:
    return {
        share: {
            split: promised(key, _run, share).coverage(found.truth, found.probability, found.unseen)
            for split in tests(key, _run)
            for found in (surveys(key, _run, split),)
        }
        for share in stated
    }
