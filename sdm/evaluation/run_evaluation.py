"""How good a run is on a split, and the scores and predictions that its folder stores of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION, measured_splits
from sdm.data.views import seen_through
from sdm.evaluation.background_predictions import run_measures
from sdm.evaluation.calibration import calibrate
from sdm.evaluation.decoding import Decodes
from sdm.evaluation.held_out import held_out
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.metrics import class_scores
from sdm.evaluation.prediction_scores import score
from sdm.evaluation.run_decoding import decoder_of
from sdm.evaluation.run_model import Track, predict_or_recall, untracked
from sdm.runs import ModelCard, Predictions, Run, require_match, require_same_data
from sdm.runs.folder import CARD, predictions_path
from sdm.runs.predictions import pack
from sdm.runs.records import ClassScores, Scores, stored_scores


def known_splits(dataset: Dataset, scheme: str) -> list[str]:
    """Validation and the test splits, those with known targets."""
    known = dataset.targets.known
    return [name for name in measured_splits(dataset.splits(scheme)) if known[dataset.rows(name, scheme)].any()]


def evaluate(run: Run, dataset: Dataset, split: str, track: Track = untracked) -> Scores:
    """Metric name -> score of `run` on the surveys of `split` whose targets are known.

    samples-F1, accuracy and RMSE carry a 95 % block-bootstrap interval. AUC, TSS and Boyce index of validation
    records of few species are against background sites (`run_measures`). Empty when no target is known; RunError
    when the run does not fit the data. The validation score of an ensemble is the one on its card, for which
    fitted weights were held out; so is that of a run that others validate.
    """
    require_match(run, dataset)
    if split == VALIDATION and _on_card(run.card) and run.card.data.fingerprint == dataset.fingerprint:
        return run.card.scores.get(VALIDATION, {})
    rows = dataset.rows(split, run.card.scheme)
    rows = rows[dataset.targets.known[rows]]
    if not rows.size:
        return {}
    labelled = predict_or_recall(run, dataset, rows, track, calibrated=False)
    scores, _ = score_as(run.card, labelled, dataset, split)
    return scores | run_measures(run, dataset, labelled) if split == VALIDATION else scores


def _on_card(card: ModelCard) -> bool:
    """Whether the run itself must not be asked about validation surveys."""
    return bool(card.members or card.folds)


def score_as(
    card: ModelCard, labelled: LabelledPredictions, dataset: Dataset, split: str
) -> tuple[Scores, ClassScores | None]:
    """The scores of uncalibrated predictions of `split`, calibrated and decoded as `card` says; those of classes.

    Each of the validation surveys is calibrated and decoded by what other blocks of the map say.
    """
    calibrated, decoder = _decoding(card, labelled, dataset, split)
    scores, classes = score(calibrated, seen_through(dataset, card.view), card.kind, decoder, ranks=card.ranks)
    if classes is not None and card.calibration is not None:  # thresholds are stored as probabilities are
        known = labelled.of_known()
        classes = class_scores(known.truth, known.probabilities)
    return scores, classes


def _decoding(
    card: ModelCard, labelled: LabelledPredictions, dataset: Dataset, split: str
) -> tuple[LabelledPredictions, Decodes]:
    calibration = card.calibration
    if split == VALIDATION and card.kind is TargetKind.MULTILABEL and card.decoder:
        return held_out(labelled, dataset, calibration.method if calibration else "none", card.decoder)
    if calibration is not None:
        labelled = labelled.with_probabilities(calibrate(calibration, labelled.probabilities))
    return labelled, decoder_of(card)


def store_split(
    labelled: LabelledPredictions, folder: Path, dataset: Dataset, card: ModelCard, split: str
) -> Scores:
    """Score uncalibrated predictions of `split` as `card` says, and store them in the run's folder."""
    scores, predictions = _measured(labelled, dataset, card, split)
    predictions.write(predictions_path(folder, split))
    return scores


def remeasure(run: Run, dataset: Dataset, splits: Sequence[str], track: Track = untracked) -> Run:
    """Measure `run` on `splits` and store predictions and scores in its folder; the decoder stays the chosen one.

    For test labels that became known after the training; validation scores of an ensemble stay. All is measured
    before anything is written; a run that cannot predict keeps its stored predictions. RunError when the run does
    not fit the data.
    """
    require_match(run, dataset)
    require_same_data(run, dataset)
    card = run.card
    measured: dict[str, tuple[Scores, Predictions]] = {}
    for split in splits:
        if split == VALIDATION and card.folds:
            continue
        rows = dataset.rows(split, card.scheme)
        labelled = predict_or_recall(run, dataset, rows, track, calibrated=False)
        scores, predictions = _measured(labelled, dataset, card, split)
        if split == VALIDATION:
            scores |= run_measures(run, dataset, labelled)
        measured[split] = scores, predictions
    if card.predicts:
        for split, (_, predictions) in measured.items():
            predictions.write(predictions_path(run.path, split))
    every = card.scores | {split: scores for split, (scores, _) in measured.items()}
    if card.members and VALIDATION in card.scores:
        every[VALIDATION] = card.scores[VALIDATION]
    replace(card, stored_scores=stored_scores(every)).write(run.path / CARD)
    return Run.open(run.path)


def _measured(
    labelled: LabelledPredictions, dataset: Dataset, card: ModelCard, split: str
) -> tuple[Scores, Predictions]:
    """The scores of uncalibrated predictions by the card's calibration and decoder, and what is to be stored."""
    scores, classes = score_as(card, labelled, dataset, split)
    source, survey_id = labelled.predictions.source, labelled.predictions.survey_id
    regression = card.kind is TargetKind.REGRESSION
    return scores, pack(source, survey_id, labelled.probabilities, labelled.truth, classes, regression=regression)
