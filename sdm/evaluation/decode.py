"""How to read a run best: every calibration with every decoder, measured on validation surveys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

import numpy as np

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION, block_folds
from sdm.errors import RunError
from sdm.evaluation.calibration import (
    CALIBRATIONS,
    Bins,
    bin_probabilities,
    calibrate,
    calibration_error,
    log_loss,
)
from sdm.evaluation.decoding import (
    DECODERS,
    SPECIES_THRESHOLDS,
    Decoder,
    best_threshold,
    best_top_k,
    fit_thresholds,
    parse_decoder,
)
from sdm.evaluation.evaluate import Outcome, Track, answers, known_splits, score
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.run_decoding import decoder_of
from sdm.runs import Run, require_match
from sdm.runs.folder import CARD
from sdm.runs.records import Calibration, Scores, stored_scores

FOLDS = 5
FITTED = ("top-k", "threshold", SPECIES_THRESHOLDS)  # decoders with numbers to find
F1 = METRICS["samples-f1"]


@dataclass(frozen=True)
class DecodingResult:
    """One way from probabilities to sets: a name of CALIBRATIONS and the text of a decoder.

    `f1` is its samples-F1 on validation surveys, `log_loss` (nats) and `error` (expected calibration error) are of
    its probabilities, per pair of survey and species.
    """

    calibration: str
    decoder: str
    f1: float
    log_loss: float
    error: float


@dataclass(frozen=True)
class Fitted:
    """What a reading needs of all validation surveys: its calibration, and thresholds if it decodes by them."""

    reading: DecodingResult
    calibration: Calibration | None
    thresholds: tuple[float, ...]

    @property
    def decoder(self) -> Decoder:
        """Ready to use."""
        return parse_decoder(self.reading.decoder, np.asarray(self.thresholds, np.float32))

    def apply(self, found: Outcome) -> Outcome:
        """`found` with calibrated probabilities."""
        return replace(found, probabilities=calibrate(self.calibration, found.probabilities))


def given(run: Run, dataset: Dataset, track: Track = lambda batches: batches) -> dict[str, Outcome]:
    """Split -> what the model of `run` gives, uncalibrated, at the surveys of known targets; validation first.

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
    return {split: answers(run, dataset, of[known[of]], track, calibrated=False) for split, of in rows.items()}


def readings(found: Outcome, dataset: Dataset) -> list[DecodingResult]:
    """Every reading of the validation surveys `found`, of each kind of decoder its best.

    What has to be fitted, a calibration or thresholds per species, is measured on other blocks of the map than it
    was fitted on; it is left out where there is but one.
    """
    parts = _parts(found, dataset)
    return [reading for name in CALIBRATIONS for reading in _of_calibration(found, name, parts)]


def _parts(found: Outcome, dataset: Dataset) -> list[np.ndarray]:
    """The surveys `found` by blocks of the map, in at most FOLDS parts."""
    sites = dataset.sites.iloc[found.rows]
    fold = block_folds(sites["lon"].to_numpy(float), sites["lat"].to_numpy(float), FOLDS)
    return [np.flatnonzero(fold == part) for part in np.unique(fold)]


def fit(found: Outcome, reading: DecodingResult) -> Fitted:
    """What `reading` needs, from all of the validation surveys `found`."""
    fitter = CALIBRATIONS[reading.calibration]
    calibration = None if fitter is None else fitter(bin_probabilities(found.truth, found.probabilities))
    fitted = Fitted(reading, calibration, ())
    if reading.decoder != SPECIES_THRESHOLDS:
        return fitted
    thresholds = fit_thresholds(found.truth, fitted.apply(found).probabilities)
    return replace(fitted, thresholds=tuple(float(f"{value:.6g}") for value in thresholds))


def f1_elsewhere(found: Outcome, fitted: Sequence[Fitted]) -> list[float]:
    """Samples-F1 of each of `fitted` on the surveys `found`."""
    calibrated = {one.reading.calibration: one for one in fitted}
    values = {name: one.apply(found).probabilities for name, one in calibrated.items()}
    return [F1.score(found.truth, one.decoder.decode(values[one.reading.calibration])).value for one in fitted]


def store(run: Run, fitted: Fitted, found: Mapping[str, Outcome], dataset: Dataset) -> Run:
    """Read `run` so from now on; its scores are those of `found`, all its known splits.

    On validation surveys what was fitted there is measured on other blocks than it was fitted on; of sets made by
    thresholds per species that is samples-F1 alone, and other scores of sets are left out. One file changes, the
    card. Predictions are stored as the model gives them.
    """
    card = replace(
        run.card,
        decoder=fitted.reading.decoder,
        calibration=fitted.calibration,
        thresholds=fitted.thresholds,
    )
    scores = {
        split: score(fitted.apply(each), dataset, card.kind, decoder_of(card))[0] for split, each in found.items()
    }
    scores[VALIDATION] = _held_apart(found[VALIDATION], scores[VALIDATION], fitted.reading, dataset)
    replace(card, stored_scores=stored_scores(scores)).write(run.path / CARD)
    return Run.open(run.path)


def _held_apart(found: Outcome, scores: Scores, reading: DecodingResult, dataset: Dataset) -> Scores:
    """`scores` of the validation surveys `found` where nothing is judged on what it was fitted on."""
    parts = _parts(found, dataset)
    if len(parts) < 2 or (CALIBRATIONS[reading.calibration] is None and reading.decoder != SPECIES_THRESHOLDS):
        return scores
    calibrated = replace(found, probabilities=_held_out(found, reading.calibration, parts))
    if reading.decoder != SPECIES_THRESHOLDS:
        return score(calibrated, dataset, TargetKind.MULTILABEL, parse_decoder(reading.decoder))[0]
    apart = {name: value for name, value in scores.items() if METRICS[name].reads == "probabilities"}
    return {F1.name: F1.summarise(_each_by_species(calibrated, parts), bootstrap=True), **apart}


def _of_calibration(found: Outcome, name: str, parts: Sequence[np.ndarray]) -> Iterator[DecodingResult]:
    """The readings by calibration `name`; none where it cannot be held apart from what it is measured on."""
    if CALIBRATIONS[name] is not None and len(parts) < 2:
        return
    calibrated = replace(found, probabilities=_held_out(found, name, parts))
    bins = bin_probabilities(calibrated.truth, calibrated.probabilities)
    for decoder, f1 in _by_decoder(calibrated, parts).items():
        yield DecodingResult(name, decoder, f1, log_loss(bins), calibration_error(bins))


def _held_out(found: Outcome, name: str, parts: Sequence[np.ndarray]) -> np.ndarray:
    """The probabilities, each part calibrated by the others."""
    fitter = CALIBRATIONS[name]
    if fitter is None:
        return found.probabilities
    bins = [bin_probabilities(found.truth[part], found.probabilities[part]) for part in parts]
    values = np.empty_like(found.probabilities)
    for i, part in enumerate(parts):
        others: Bins = reduce(add, bins[:i] + bins[i + 1 :])
        values[part] = calibrate(fitter(others), found.probabilities[part])
    return values


def _by_decoder(found: Outcome, parts: Sequence[np.ndarray]) -> dict[str, float]:
    """Decoder -> samples-F1, of each kind of decoder its best."""
    truth, values = found.truth, found.probabilities
    f1 = dict([best_top_k(truth, values), best_threshold(truth, values)])
    if len(parts) > 1:
        f1[SPECIES_THRESHOLDS] = F1.summarise(_each_by_species(found, parts)).value
    others = [card.grammar for name, card in DECODERS.items() if name not in FITTED]
    return f1 | {text: F1.score(truth, parse_decoder(text).decode(values)).value for text in others}


def _each_by_species(found: Outcome, parts: Sequence[np.ndarray]) -> np.ndarray:
    """float64 (n,): F1 of each survey by thresholds per species, each part by those of the others."""
    each = np.zeros(len(found.rows))
    for part in parts:
        others = np.setdiff1d(np.arange(len(found.rows)), part)
        thresholds = fit_thresholds(found.truth[others], found.probabilities[others])
        sets = parse_decoder(SPECIES_THRESHOLDS, thresholds).decode(found.probabilities[part])
        each[part] = F1.each(found.truth[part], sets)
    return each
