"""The search for the best decoding of a run: every calibration with every decoder, on validation surveys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION, block_folds
from sdm.errors import RunError
from sdm.evaluation.calibration import (
    CALIBRATIONS,
    bin_probabilities,
    calibrate,
    calibration_error,
    fit_held_out,
    log_loss,
)
from sdm.evaluation.decoding import (
    DECODERS,
    SPECIES_THRESHOLDS,
    Decoder,
    best_common_threshold,
    best_top_k,
    fit_thresholds,
    parse_decoder,
)
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.prediction_scores import score
from sdm.evaluation.run_evaluation import known_splits, score_as
from sdm.evaluation.run_model import Track, predict_or_recall, untracked
from sdm.runs import Run, require_match, require_same_data
from sdm.runs.folder import CARD
from sdm.runs.records import Calibration, Scores, stored_scores

FOLDS = 5
FITTED = ("top-k", "threshold", SPECIES_THRESHOLDS)  # decoders with numbers to find
F1 = METRICS["samples-f1"]


@dataclass(frozen=True)
class DecodingResult:
    """One decoding, a name of CALIBRATIONS and the text of a decoder, and how good it is on validation surveys.

    `f1` is its samples-F1; `log_loss` (nats) and `error` (expected calibration error) are of its probabilities,
    per pair of survey and species.
    """

    calibration: str
    decoder: str
    f1: float
    log_loss: float
    error: float


@dataclass(frozen=True)
class FittedDecoding:
    """A decoding with what it needs of all validation surveys: calibration, and thresholds where it has them."""

    result: DecodingResult
    calibration: Calibration | None
    thresholds: tuple[float, ...]

    @property
    def decoder(self) -> Decoder:
        """Ready to use."""
        return parse_decoder(self.result.decoder, np.asarray(self.thresholds, np.float32))

    def calibrated(self, labelled: LabelledPredictions) -> LabelledPredictions:
        """The same surveys with calibrated probabilities."""
        return labelled.with_probabilities(calibrate(self.calibration, labelled.probabilities))


def uncalibrated_predictions(
    run: Run, dataset: Dataset, track: Track = untracked
) -> dict[str, LabelledPredictions]:
    """Split -> uncalibrated predictions of `run` for the surveys of known species; validation first.

    RunError unless the run gives probabilities of species for validation surveys of `dataset`.
    """
    require_match(run, dataset)
    card = run.card
    if card.kind is not TargetKind.MULTILABEL or not card.ranks:
        raise RunError("only probabilities of species can be decoded", where=run.path, got=card.title)
    splits = [split for split in known_splits(dataset, card.scheme) if card.predicts or split in run.splits()]
    if VALIDATION not in splits:
        raise RunError("no validation survey to choose by", where=run.path, got=", ".join(splits) or "no split")
    known = dataset.targets.known
    rows = {split: dataset.rows(split, card.scheme) for split in splits}
    return {
        split: predict_or_recall(run, dataset, of[known[of]], track, calibrated=False)
        for split, of in rows.items()
    }


def decoding_results(validation: LabelledPredictions, dataset: Dataset) -> list[DecodingResult]:
    """The best decoding of each calibration and kind of decoder, on uncalibrated `validation` predictions.

    What has to be fitted, a calibration or thresholds per species, is measured on other blocks of the map than it
    was fitted on; it is left out where there is one block only.
    """
    parts = map_folds(validation, dataset)
    return [result for name in CALIBRATIONS for result in _of_calibration(validation, name, parts)]


def map_folds(labelled: LabelledPredictions, dataset: Dataset, folds: int = FOLDS) -> list[np.ndarray]:
    """int64 rows of `labelled` in at most `folds` parts, each of whole blocks of the map."""
    sites = dataset.sites.iloc[labelled.sites]
    fold = block_folds(sites["lon"].to_numpy(float), sites["lat"].to_numpy(float), folds)
    return [np.flatnonzero(fold == part) for part in np.unique(fold)]


def fit_decoding(validation: LabelledPredictions, result: DecodingResult) -> FittedDecoding:
    """What the decoding of `result` needs, from all of the uncalibrated `validation` predictions."""
    fit = CALIBRATIONS[result.calibration]
    calibration = None if fit is None else fit(bin_probabilities(validation.truth, validation.probabilities))
    fitted = FittedDecoding(result, calibration, ())
    if result.decoder != SPECIES_THRESHOLDS:
        return fitted
    thresholds = fit_thresholds(validation.truth, fitted.calibrated(validation).probabilities)
    return replace(fitted, thresholds=tuple(float(f"{value:.6g}") for value in thresholds))


def f1_of(decodings: Sequence[FittedDecoding], labelled: LabelledPredictions) -> list[float]:
    """Samples-F1 of each of `decodings` on uncalibrated predictions."""
    by_calibration = {one.result.calibration: one for one in decodings}
    values = {name: one.calibrated(labelled).probabilities for name, one in by_calibration.items()}
    return [
        F1.score(labelled.truth, one.decoder.decode(values[one.result.calibration])).value for one in decodings
    ]


def store_decoding(
    run: Run, fitted: FittedDecoding, predictions: Mapping[str, LabelledPredictions], dataset: Dataset
) -> Run:
    """Decode `run` so from now on; its scores are those of `predictions`, uncalibrated, of all its known splits.

    On validation surveys what was fitted there is measured on other blocks than it was fitted on; of sets made by
    thresholds per species that is samples-F1 alone, and other scores of sets are left out. One file changes, the
    card. Predictions are stored as the model gives them. RunError for other data than it was trained on.
    """
    require_same_data(run, dataset)
    result = fitted.result
    card = replace(run.card, decoder=result.decoder, calibration=fitted.calibration, thresholds=fitted.thresholds)
    scores = {split: score_as(card, fitted.calibrated(each), dataset) for split, each in predictions.items()}
    scores[VALIDATION] = _held_out_scores(predictions[VALIDATION], scores[VALIDATION], result, dataset)
    replace(card, stored_scores=stored_scores(scores)).write(run.path / CARD)
    return Run.open(run.path)


def _held_out_scores(
    validation: LabelledPredictions, scores: Scores, result: DecodingResult, dataset: Dataset
) -> Scores:
    """`scores` of the validation surveys, none of them measured on what its decoding was fitted on."""
    parts = map_folds(validation, dataset)
    if len(parts) < 2 or (CALIBRATIONS[result.calibration] is None and result.decoder != SPECIES_THRESHOLDS):
        return scores
    calibrated = _held_out(validation, result.calibration, parts)
    if result.decoder != SPECIES_THRESHOLDS:
        return score(calibrated, dataset, TargetKind.MULTILABEL, parse_decoder(result.decoder))[0]
    ranking = {name: value for name, value in scores.items() if METRICS[name].reads == "probabilities"}
    return {F1.name: F1.summarise(_each_by_species(calibrated, parts), validation.blocks), **ranking}


def _of_calibration(
    validation: LabelledPredictions, name: str, parts: Sequence[np.ndarray]
) -> Iterator[DecodingResult]:
    """The results of calibration `name`; none where it cannot be held out."""
    if CALIBRATIONS[name] is not None and len(parts) < 2:
        return
    calibrated = _held_out(validation, name, parts)
    bins = bin_probabilities(calibrated.truth, calibrated.probabilities)
    for decoder, f1 in _by_decoder(calibrated, parts).items():
        yield DecodingResult(name, decoder, f1, log_loss(bins), calibration_error(bins))


def _held_out(labelled: LabelledPredictions, name: str, parts: Sequence[np.ndarray]) -> LabelledPredictions:
    """The same with each part calibrated by the others."""
    fit = CALIBRATIONS[name]
    if fit is None:
        return labelled
    truth, probabilities = labelled.truth, labelled.probabilities
    bins = [bin_probabilities(truth[part], probabilities[part]) for part in parts]
    values = np.empty_like(probabilities)
    for part, calibration in zip(parts, fit_held_out(fit, bins), strict=True):
        values[part] = calibrate(calibration, probabilities[part])
    return labelled.with_probabilities(values)


def _by_decoder(labelled: LabelledPredictions, parts: Sequence[np.ndarray]) -> dict[str, float]:
    """Decoder -> samples-F1, of each kind of decoder its best."""
    truth, values = labelled.truth, labelled.probabilities
    f1 = dict([best_top_k(truth, values), best_common_threshold(truth, values)])
    if len(parts) > 1:
        f1[SPECIES_THRESHOLDS] = F1.summarise(_each_by_species(labelled, parts)).value
    others = [spec.grammar for name, spec in DECODERS.items() if name not in FITTED]
    return f1 | {text: F1.score(truth, parse_decoder(text).decode(values)).value for text in others}


def _each_by_species(labelled: LabelledPredictions, parts: Sequence[np.ndarray]) -> np.ndarray:
    """float64 (n,): F1 of each survey by thresholds per species, each part by those of the others."""
    truth, probabilities = labelled.truth, labelled.probabilities
    each = np.zeros(len(labelled))
    for part in parts:
        others = np.setdiff1d(np.arange(len(labelled)), part)
        thresholds = fit_thresholds(truth[others], probabilities[others])
        sets = parse_decoder(SPECIES_THRESHOLDS, thresholds).decode(probabilities[part])
        each[part] = F1.each(truth[part], sets)
    return each
