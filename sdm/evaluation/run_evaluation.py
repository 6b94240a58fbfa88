"""How good a run is on a split, and the scores and predictions that its folder stores of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION, measured_splits
from sdm.data.views import seen_through
from sdm.evaluation.calibration import calibrate
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.metrics import class_scores
from sdm.evaluation.prediction_scores import score
from sdm.evaluation.run_decoding import decoder_of
from sdm.evaluation.run_model import Track, predict_or_recall, untracked
from sdm.runs import ModelCard, Predictions, Run, require_match, require_same_data
from sdm.runs.folder import CARD, predictions_path
from sdm.runs.predictions import pack
from sdm.runs.records import Scores, stored_scores


def known_splits(dataset: Dataset, scheme: str) -> list[str]:
    """Validation and the test splits, those with known targets."""
    known = dataset.targets.known
    return [name for name in measured_splits(dataset.splits(scheme)) if known[dataset.rows(name, scheme)].any()]


def evaluate(run: Run, dataset: Dataset, split: str, track: Track = untracked) -> Scores:
    """Metric name -> score of `run` on the surveys of `split` whose targets are known.

    samples-F1, accuracy and RMSE carry a 95 % block-bootstrap interval. Empty when no target is known;
    RunError when the run does not fit the data.
    """
    require_match(run, dataset)
    rows = dataset.rows(split, run.card.scheme)
    rows = rows[dataset.targets.known[rows]]
    return score_as(run.card, predict_or_recall(run, dataset, rows, track), dataset) if rows.size else {}


def score_as(card: ModelCard, labelled: LabelledPredictions, dataset: Dataset) -> Scores:
    """The scores of calibrated predictions, decoded as `card` says."""
    seen = seen_through(dataset, card.view)
    return score(labelled, seen, card.kind, decoder_of(card), ranks=card.ranks)[0]


def store_split(
    labelled: LabelledPredictions, folder: Path, dataset: Dataset, card: ModelCard, split: str
) -> Scores:
    """Score uncalibrated predictions of `split` as `card` says, and store them in the run's folder."""
    scores, predictions = _measured(labelled, dataset, card)
    predictions.write(predictions_path(folder, split))
    return scores


def remeasure(run: Run, dataset: Dataset, splits: Sequence[str], track: Track = untracked) -> Run:
    """Measure `run` on `splits` and store predictions and scores in its folder; the decoder stays the chosen one.

    For test labels that became known after the training. Validation scores on the card stay: what was fitted on
    validation surveys was held out for them. All is measured before anything is written; a run that cannot predict
    keeps its stored predictions. RunError when the run does not fit the data.
    """
    require_match(run, dataset)
    require_same_data(run, dataset)
    card = run.card
    measured: dict[str, tuple[Scores, Predictions]] = {}
    for split in splits:
        rows = dataset.rows(split, card.scheme)
        measured[split] = _measured(predict_or_recall(run, dataset, rows, track, calibrated=False), dataset, card)
    if card.predicts:
        for split, (_, predictions) in measured.items():
            predictions.write(predictions_path(run.path, split))
    scores = card.scores | {split: scores for split, (scores, _) in measured.items()}
    if VALIDATION in card.scores:
        scores[VALIDATION] = card.scores[VALIDATION]
    replace(card, stored_scores=stored_scores(scores)).write(run.path / CARD)
    return Run.open(run.path)


def _measured(labelled: LabelledPredictions, dataset: Dataset, card: ModelCard) -> tuple[Scores, Predictions]:
    """The scores of uncalibrated predictions by the card's calibration and decoder, and what is to be stored."""
    calibrated = labelled
    if card.calibration is not None:
        calibrated = labelled.with_probabilities(calibrate(card.calibration, labelled.probabilities))
    seen = seen_through(dataset, card.view)
    scores, classes = score(calibrated, seen, card.kind, decoder_of(card), ranks=card.ranks)
    if classes is not None and card.calibration is not None:  # thresholds are stored as probabilities are
        known = labelled.of_known()
        classes = class_scores(known.truth, known.probabilities)
    source, survey_id = labelled.predictions.source, labelled.predictions.survey_id
    regression = card.kind is TargetKind.REGRESSION
    return scores, pack(source, survey_id, labelled.probabilities, labelled.truth, classes, regression=regression)
