"""Reference scores: baselines, and the best reachable score, between which every model lies.

The best reachable score is known only where true probabilities are: in the virtual Europe.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.schemes import RANDOM
from sdm.data.splits import TRAIN, VALIDATION, is_test
from sdm.errors import RunError
from sdm.evaluation.best_reachable import DRAWS, best_reachable, oracle
from sdm.evaluation.decoding import TOP_CLASS, parse_decoder
from sdm.evaluation.prediction_scores import best_decoder, score
from sdm.evaluation.run_model import predict_with
from sdm.files import read_json, write_json
from sdm.modalities.layouts import PA_TEST, PA_TRAIN
from sdm.models.contract import Baseline
from sdm.models.preparation import fit_statistics
from sdm.models.registry import build
from sdm.models.statistics import Statistics
from sdm.runs.records import Scores
from sdm.virtual_europe.held_out_labels import has_truth, truth_rows
from sdm.virtual_europe.truth import Truth, open_truth

BASELINE = "country-frequency"
TEST_NEAR = "test_near"
UNINFORMED = ("class-frequency", "random-guess")
METRIC = "samples-f1"
ORACLE = "knows the history of the place, the site and the observer, which no input tells"
LEAK = (
    "A score above the best reachable is a leak, not an error: surveys close by were learnt from, and tell the "
    "history of the place and the site, which no input does."
)
MEASURED = ("best", "best_error", "oracle", "oracle_error")
MEASURE = "1"  # changes with what is measured, so that what was stored before is not read


@dataclass(frozen=True)
class ReferenceScores:
    """Samples-F1 on one split: of the country baseline, the best reachable, and the oracle.

    Best reachable is the base of share and skill. The oracle, which knows the history of the place, the site and
    the observer, as no input does, stands beside it. The errors are of the Monte Carlo.
    """

    baseline: float
    best: float
    best_error: float
    oracle: float = math.nan
    oracle_error: float = math.nan

    def share(self, value: float) -> float:
        """`value` as a share of the best reachable; NaN where nothing can be reached.

        >>> ReferenceScores(0.2, 0.6, 0.01).share(0.45)
        0.75
        """
        return value / self.best if self.best else math.nan

    def skill(self, value: float) -> float:
        """0 at the country baseline, 1 at the best reachable; NaN where the baseline cannot be bettered.

        >>> round(ReferenceScores(0.2, 0.6, 0.01).skill(0.5), 3)
        0.75
        """
        room = self.best - self.baseline
        return (value - self.baseline) / room if room > 0 else math.nan


def reference_scores(
    dataset: Dataset, split: str, scheme: str, store: Path | None = None
) -> ReferenceScores | None:
    """Return those of validation or a test split of `dataset`; None where not all its surveys have a truth.

    What the redraws give, a second or two for 600 surveys, is kept in the folder `store` where there is one.
    """
    if not has_truth(dataset) or dataset.place is None or not (is_test(split) or split == VALIDATION):
        return None
    truth, wanted = open_truth(dataset.place), dataset.rows(split, scheme)
    rows, of_truth = truth_rows(dataset, truth, PA_TEST if is_test(split) else PA_TRAIN)
    own = of_truth[np.isin(rows, wanted)]
    if len(own) < len(wanted):
        return None
    name = f"{_digest(truth, own, dataset.world_version)}.json"
    measured = _stored(None if store is None else store / name, lambda: _measure(truth, own))
    return ReferenceScores(_baseline(dataset, split, scheme), **measured)


def _measure(truth: Truth, rows: np.ndarray) -> dict[str, float]:
    """Best reachable and oracle with their errors, as `ReferenceScores` names them."""
    scores = (*best_reachable(truth, rows), *oracle(truth, rows))
    return dict(zip(MEASURED, scores, strict=True))


def _digest(truth: Truth, rows: np.ndarray, version: str | None) -> str:
    """What tells apart all that `_measure` reads."""
    digest = hashlib.sha256(f"{MEASURE} {version} {DRAWS} {truth.probabilities.shape}".encode())
    for table in (truth.probabilities, truth.oracle):
        digest.update(np.ascontiguousarray(table[rows]).tobytes())
    return digest.hexdigest()[:32]


def _stored(path: Path | None, measure: Callable[[], dict[str, float]]) -> dict[str, float]:
    """The figures in `path`; where it has none they are measured, and kept there if it can be written."""
    if path is None:
        return measure()
    with contextlib.suppress(RunError, ValueError, TypeError, KeyError):
        known = read_json(path, RunError)
        return {name: float(known[name]) for name in MEASURED}
    measured = measure()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, measured)
    return measured


def uninformed_scores(dataset: Dataset, split: str, scheme: str) -> dict[str, Scores]:
    """Scores on `split` of what sees nothing of a survey: model -> metric -> score, for classes or a value.

    Empty for sets of species, which have a baseline of their own.
    """
    if dataset.targets.kind is TargetKind.MULTILABEL:
        return {}
    return {name: _of_baseline(name, dataset, split, scheme) for name in UNINFORMED}


def _of_baseline(name: str, dataset: Dataset, split: str, scheme: str) -> Scores:
    targets, statistics = dataset.targets, Statistics({}, {}, (), ())
    predictor = build(name, targets.kind, targets.width)
    assert isinstance(predictor, Baseline)
    train, rows = dataset.rows(TRAIN, scheme), dataset.rows(split, scheme)
    predictor.fit(dataset, train[targets.known[train]], statistics)
    labelled = predict_with(predictor, statistics, dataset, rows)
    return score(labelled, dataset, targets.kind, parse_decoder(TOP_CLASS))[0]


def _baseline(dataset: Dataset, split: str, scheme: str) -> float:
    """Samples-F1 of the country baseline, its decoder chosen on validation."""
    targets = dataset.targets
    train, validation = dataset.rows("train", scheme), dataset.rows("validation", scheme)
    statistics = fit_statistics(dataset, train, ())
    predictor = build(BASELINE, targets.kind, targets.width)
    assert isinstance(predictor, Baseline)
    predictor.fit(dataset, train[targets.known[train]], statistics)
    decoder = parse_decoder(best_decoder(predict_with(predictor, statistics, dataset, validation)))
    labelled = predict_with(predictor, statistics, dataset, dataset.rows(split, scheme))
    scores, _ = score(labelled, dataset, targets.kind, decoder)
    return scores[METRIC].value


def leak(references: ReferenceScores, value: float, split: str, scheme: str) -> str:
    """What a score above the best reachable means, in a sentence; "" where it is not above."""
    if not value > references.best:
        return ""
    if scheme == RANDOM or split == TEST_NEAR:
        return LEAK
    return "A score above the best reachable is chance where its interval reaches below it; otherwise a leak."
