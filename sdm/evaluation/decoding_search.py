"""The search for the best decoding of a run: every calibration with every decoder, on validation surveys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION
from sdm.errors import RunError
from sdm.evaluation.background_predictions import run_measures
from sdm.evaluation.calibration import (
    CALIBRATIONS,
    bin_probabilities,
    calibrate,
    calibration_error,
    log_loss,
)
from sdm.evaluation.decoding import (
    DECODERS,
    FITTED,
    SPECIES_THRESHOLDS,
    Decoder,
    fit_thresholds,
    parse_decoder,
)
from sdm.evaluation.held_out import calibrated_elsewhere, fitted_elsewhere, map_folds
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.run_evaluation import known_splits, score_as
from sdm.evaluation.run_model import Track, predict_or_recall, untracked
from sdm.runs import Run, require_match, require_same_data
from sdm.runs.folder import CARD
from sdm.runs.records import Calibration, stored_scores

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

    What has to be fitted, a calibration, k or thresholds, is measured on other blocks of the map than it was
    fitted on. Where there is one block only, calibrations and thresholds per species are left out.
    """
    parts = map_folds(validation, dataset)
    return [result for name in CALIBRATIONS for result in _of_calibration(validation, name, parts)]


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

    On validation surveys what was fitted there is measured on other blocks than it was fitted on. One file
    changes, the card. Predictions are stored as the model gives them. RunError for other data than it was
    trained on.
    """
    require_same_data(run, dataset)
    result = fitted.result
    card = replace(run.card, decoder=result.decoder, calibration=fitted.calibration, thresholds=fitted.thresholds)
    scores = {split: score_as(card, each, dataset, split)[0] for split, each in predictions.items()}
    if VALIDATION in scores:
        scores[VALIDATION] |= run_measures(run, dataset, predictions[VALIDATION])
    replace(card, stored_scores=stored_scores(scores)).write(run.path / CARD)
    return Run.open(run.path)


def _of_calibration(
    validation: LabelledPredictions, name: str, parts: Sequence[np.ndarray]
) -> Iterator[DecodingResult]:
    """The results of calibration `name`; none where it cannot be held out."""
    if CALIBRATIONS[name] is not None and len(parts) < 2:
        return
    calibrated = calibrated_elsewhere(validation, name, parts)
    bins = bin_probabilities(calibrated.truth, calibrated.probabilities)
    for decoder, f1 in _by_decoder(calibrated, parts).items():
        yield DecodingResult(name, decoder, f1, log_loss(bins), calibration_error(bins))


def _by_decoder(labelled: LabelledPredictions, parts: Sequence[np.ndarray]) -> dict[str, float]:
    """Decoder -> samples-F1; of those with numbers to find, the numbers that suit all surveys and the F1 that
    numbers of other blocks reach."""
    truth, values = labelled.truth, labelled.probabilities
    fitted = {name: fit for name, fit in FITTED.items() if len(parts) > 1 or name != SPECIES_THRESHOLDS}
    names = [str(fit(truth, values)) for fit in fitted.values()]
    names += [spec.grammar for name, spec in DECODERS.items() if name not in FITTED]
    sets = {name: fitted_elsewhere(labelled, name, parts).decode(values) for name in names}
    return {name: F1.score(truth, of_surveys).value for name, of_surveys in sets.items()}
