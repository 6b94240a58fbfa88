"""The runs that answer the question of a data set, the best first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION
from sdm.evaluation.metrics import HEADLINE, METRICS
from sdm.runs import Run, mismatch


def fitting(known: Mapping[str, Run], dataset: Dataset) -> tuple[dict[str, Run], dict[str, str]]:
    """Runs of `known` that answer the question of `dataset`, best on validation first; for the others why they do
    not."""
    reasons = {name: mismatch(run, dataset) for name, run in known.items()}
    able = sorted((run for name, run in known.items() if reasons[name] is None), key=_order)
    return {run.name: run for run in able}, {name: reason for name, reason in reasons.items() if reason}


def validation_score(run: Run, metric: str = "") -> float:
    """The score of `run` on its validation surveys by `metric`, the headline if "", turned so that more is better;
    -inf where there is none."""
    name = metric or HEADLINE[run.card.kind]
    score = run.card.scores.get(VALIDATION, {}).get(name)
    if score is None or not np.isfinite(score.value):
        return -np.inf
    return score.value if METRICS[name].higher_is_better else -score.value


def same_question(runs: Sequence[Run]) -> tuple[list[Run], list[Run]]:
    """Those of `runs` that answer what the first one answers, and the others.

    Runs that fit no data at hand may answer quite different questions: species, habitats, a height.
    """
    alike = [run for run in runs if _question(run) == _question(runs[0])]
    return alike, [run for run in runs if run not in alike]


def _question(run: Run) -> tuple[TargetKind, tuple[int, ...], str]:
    return run.card.kind, run.card.class_ids, run.card.unit


def _order(run: Run) -> tuple[bool, bool, float]:
    """Ascending: runs that can predict anything, and see the data as they are, before views and imports."""
    return not run.card.predicts, bool(run.card.view), -validation_score(run)
