"""Every metric of a target kind, of labelled predictions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.views import single_label_pairs
from sdm.evaluation.decoding import TOP_CLASS, Decoder, Decodes, choose_decoder, parse_decoder
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.metrics import METRICS, Metric, class_scores
from sdm.evaluation.metrics.intervals import macro_f1_interval
from sdm.evaluation.metrics.ranking import supported
from sdm.evaluation.metrics.sets import one_hot
from sdm.runs.records import ClassScores, Scores


def score(
    labelled: LabelledPredictions, dataset: Dataset, kind: TargetKind, decoder: Decodes, *, ranks: bool = True
) -> tuple[Scores, ClassScores | None]:
    """All metrics of `kind` over the surveys of known targets, and those of each class.

    `decoder` makes sets of probabilities. Without `ranks` they stand for sets already, and metrics that need an
    order of the classes are left out. The metrics of each class are None then, for regression, and where only the
    most probable classes are known and no metrics were stored with them.
    """
    if not labelled.known.any():
        return {}, None
    known = labelled.of_known()
    truth, probabilities, blocks = known.truth, known.probabilities, known.blocks
    if kind is TargetKind.REGRESSION:
        return _values(truth.toarray(), probabilities, blocks), None
    classes = None
    if ranks:
        stored = labelled.predictions
        classes = stored.scores if stored.truncated else class_scores(truth, probabilities)
    scores = _ranking(known, classes, kind) if ranks else {}
    sets = decoder.decode(probabilities)
    if dataset.targets.kind is not kind:  # a single-label view: one item per survey and species
        survey, species = single_label_pairs(known.targets)
        truth, sets, blocks = one_hot(species, truth.shape[1]), sets[survey], blocks[survey]
    scores |= _sets(truth, sets, kind, blocks)
    if kind is TargetKind.MULTICLASS and dataset.targets.kind is kind:
        scores |= _levels(truth, probabilities, dataset, blocks)
    return {name: scores[name] for name in [*METRICS, *scores] if name in scores}, classes


def each_survey(labelled: LabelledPredictions, decoder: Decoder, metric: Metric) -> np.ndarray:
    """float64 (N,): what `metric`, which must be over surveys, gives each of N surveys of known targets."""
    if metric.reads == "values":
        return metric.each(labelled.truth.toarray(), labelled.probabilities)
    return metric.each(labelled.truth, labelled.sets(decoder))


def best_decoder(labelled: LabelledPredictions) -> str:
    """The decoder of highest samples-F1 on the validation surveys `labelled`, those of known species."""
    known = labelled.of_known()
    decoder, _ = choose_decoder(known.truth, known.probabilities)
    return str(decoder)


def _ranking(known: LabelledPredictions, classes: ClassScores | None, kind: TargetKind) -> Scores:
    """Where only the most probable classes are stored, the metrics over classes are those stored with them."""
    each = {} if classes is None else {"auc": classes.auc, "average-precision": classes.average_precision}
    enough, whole = supported(known.truth), not known.predictions.truncated
    return {
        name: metric.summarise(np.where(enough, each[name], np.nan))
        if name in each
        else metric.score(known.truth, known.probabilities)
        for name, metric in METRICS.items()
        if kind in metric.kinds
        and metric.reads == "probabilities"
        and (metric.over != "class" or whole or name in each)
    }


def _sets(truth: csr_matrix, sets: csr_matrix, kind: TargetKind, blocks: np.ndarray) -> Scores:
    scores = {
        name: metric.score(truth, sets, blocks)
        for name, metric in METRICS.items()
        if kind in metric.kinds and metric.reads == "sets"
    }
    if kind is TargetKind.MULTICLASS and truth.nnz == sets.nnz == truth.shape[0]:  # one class each
        low, high = macro_f1_interval(truth.indices, sets.indices, blocks)
        if np.isfinite(low):
            scores["macro-f1"] = replace(scores["macro-f1"], low=low, high=high)
    return scores


def _values(truth: np.ndarray, values: np.ndarray, blocks: np.ndarray) -> Scores:
    measured = {name: metric for name, metric in METRICS.items() if metric.reads == "values"}
    return {name: metric.score(truth, values, blocks) for name, metric in measured.items()}


def _levels(truth: csr_matrix, probabilities: np.ndarray, dataset: Dataset, blocks: np.ndarray) -> Scores:
    """The same scores at each coarser level of the hierarchy, as "macro-f1/main_type": probabilities add up."""
    scores: Scores = {}
    for level in dataset.targets.hierarchy[:-1]:
        groups = np.unique(dataset.targets.classes[level].astype(str), return_inverse=True)[1]
        rolled_up = one_hot(groups, int(groups.max()) + 1).astype(np.float32)
        sets = parse_decoder(TOP_CLASS).decode(probabilities @ rolled_up)
        for name, value in _sets(truth @ rolled_up, sets, TargetKind.MULTICLASS, blocks).items():
            scores[f"{name}/{level}"] = value
    return scores
