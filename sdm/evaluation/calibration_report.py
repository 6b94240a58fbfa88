"""Calibration before and after recalibration, and the coverage of conformal sets, on whole splits and in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, fields
from functools import reduce
from operator import add

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset
from sdm.data.splits import VALIDATION
from sdm.evaluation.calibration import CALIBRATIONS, Bins, bin_probabilities, calibrate, fit_held_out
from sdm.evaluation.conformal import Coverage
from sdm.evaluation.decoding.contract import SURVEYS
from sdm.evaluation.held_out import FOLDS, map_folds
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.number_format import fixed, percent
from sdm.runs.records import Calibration

STATED = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99)
THIRTY = 0.3  # one of the edges of the groups
INTERVALS = "Judged by 95 % intervals, for which whole blocks of neighbouring surveys are drawn."
NOTHING_TO_CHECK = "No test survey's species are known here, so the coverage guarantee cannot be checked."


@dataclass(frozen=True)
class FoldBins:
    """Pairs of survey and class by probability: of all surveys, and of those of each fold of the map."""

    whole: Bins
    folds: tuple[Bins, ...]


def fold_bins(labelled: LabelledPredictions, dataset: Dataset, folds: int = FOLDS) -> FoldBins:
    """The uncalibrated probabilities of `labelled`, all known; a fold has whole blocks of the map."""
    parts = map_folds(labelled, dataset, folds) or [np.zeros(0, np.int64)]
    bins = tuple(_bins(labelled, part) for part in parts)
    return FoldBins(reduce(add, bins), bins)


def _bins(labelled: LabelledPredictions, rows: np.ndarray) -> Bins:
    parts = [rows[start : start + SURVEYS] for start in range(0, max(len(rows), 1), SURVEYS)]
    return reduce(
        add, (bin_probabilities(labelled.truth[part], labelled.predictions.rows(part)) for part in parts)
    )


def calibrated(splits: Mapping[str, FoldBins]) -> dict[str, dict[str, Bins]]:
    """Name of CALIBRATIONS -> split -> its pairs by calibrated probability.

    Calibrations are fitted on the validation surveys, and there each fold is calibrated by the others; what cannot
    be held apart so, or cannot be fitted, is left out.
    """
    by_name = {name: _by(fitter, splits) for name, fitter in CALIBRATIONS.items()}
    return {name: bins for name, bins in by_name.items() if bins}


def _by(fitter: Callable[[Bins], Calibration] | None, splits: Mapping[str, FoldBins]) -> dict[str, Bins]:
    if fitter is None:
        return {split: each.whole for split, each in splits.items()}
    validation = splits.get(VALIDATION)
    if validation is None or not validation.whole.count.sum():
        return {}
    fitted = fitter(validation.whole)
    bins = {split: through(each.whole, fitted) for split, each in splits.items() if split != VALIDATION}
    if len(validation.folds) > 1:
        bins[VALIDATION] = reduce(add, map(through, validation.folds, fit_held_out(fitter, validation.folds)))
    return {split: bins[split] for split in splits if split in bins}


def through(bins: Bins, calibration: Calibration) -> Bins:
    """The same pairs with their probabilities calibrated."""
    return Bins(bins.count, calibrate(calibration, bins.mean), bins.present)


def coverage_table(coverages: Mapping[float, Mapping[str, Coverage]]) -> pd.DataFrame:
    """A row for each of `coverages`, stated share -> split -> coverage: split and the fields of Coverage."""
    rows = [(split, *astuple(each)) for by_split in coverages.values() for split, each in by_split.items()]
    return pd.DataFrame(rows, columns=["split", *(field.name for field in fields(Coverage))])


def share_at_thirty(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return what was observed where about 30 % was predicted, in words; `tables` are those of
    `sdm.evaluation.calibration.reliability` by title of the split."""
    groups = {title: table[table["low"] == THIRTY] for title, table in tables.items()}
    there = [
        f"{percent(float(group['observed'].iloc[0]))} ({title})" for title, group in groups.items() if len(group)
    ]
    if not there:
        return "Nowhere was 30 to 40 % predicted."
    words = " and ".join([", ".join(there[:-1]), there[-1]] if there[1:] else there)
    return f"Where 30 to 40 % was predicted, observed were {words}."


def coverage_sentence(stated: float, measured: Mapping[str, Coverage]) -> str:
    """Return whether the coverage guarantee holds, in words; `measured` is by title of the split, nearest first.

    It counts as held where the interval, or without one the measured share, reaches the stated share.
    """
    known = {title: coverage for title, coverage in measured.items() if coverage.surveys}
    return f"{_guarantee(stated, known)} {INTERVALS}" if known else NOTHING_TO_CHECK


def _guarantee(stated: float, known: Mapping[str, Coverage]) -> str:
    held = [title for title, coverage in known.items() if np.nanmax([coverage.measured, coverage.high]) >= stated]
    short = {title: 100 * (stated - coverage.measured) for title, coverage in known.items() if title not in held}
    broken = " and ".join(f"{fixed(points, 0)} points {title}" for title, points in short.items())
    if not short:
        return (
            f"The coverage guarantee holds {' and '.join(held)}. "
            "It is for surveys like those it was fitted on alone."
        )
    if held:
        return (
            f"The coverage guarantee holds {' and '.join(held)} but falls short by {broken}: "
            "surveys there are not drawn like those it was fitted on."
        )
    return (
        f"The coverage falls short by {broken}: the guarantee is for surveys drawn like those it was fitted on, "
        "and these are not. Only measuring tells by how much."
    )
