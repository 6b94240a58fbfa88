"""How good a run is on a split: probabilities, then every metric its target kind has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION, measured_splits
from sdm.data.views import single_label_pairs
from sdm.errors import RunError
from sdm.evaluation.calibration import calibrate
from sdm.evaluation.decoding import TOP_CLASS, Decoder, choose_decoder, parse_decoder
from sdm.evaluation.metrics import METRICS, ClassScores, class_scores, target_matrix
from sdm.evaluation.metrics.sets import one_hot
from sdm.evaluation.run_decoding import decoder_of, stored_predictions
from sdm.evaluation.run_model import open_model
from sdm.models.model import Model
from sdm.models.preparation import Statistics, read_batch
from sdm.runs import ModelCard, Run, require_match
from sdm.runs.folder import CARD, predictions_path
from sdm.runs.predictions import Predictions, pack, probability_type
from sdm.runs.records import Scores, stored_scores

BATCH = 256

Track = Callable[[Iterable[np.ndarray]], Iterable[np.ndarray]]


@dataclass(frozen=True)
class Outcome:
    """What a predictor gives on the surveys `rows` of a data set.

    `probabilities` (n, width) is float32, or float16 when there are very many; `truth` csr (n, width) has empty
    rows where `known` is False. `truncated`: only the largest were kept, and classes cannot be ranked by them;
    `classes` is how they were ranked before, None where that is not known.
    """

    rows: np.ndarray
    probabilities: np.ndarray
    truth: csr_matrix
    known: np.ndarray
    truncated: bool = False
    classes: ClassScores | None = None


def outcome(
    predictor: Model,
    statistics: Statistics,
    dataset: Dataset,
    rows: np.ndarray,
    track: Track = lambda batches: batches,
) -> Outcome:
    """Predict the surveys `rows`; `track` may wrap the batches to show progress."""
    probabilities = np.zeros((len(rows), predictor.width), probability_type(len(rows), predictor.width))
    parts = np.array_split(np.arange(len(rows)), -(-len(rows) // BATCH))
    for part in track(parts):
        batch = read_batch(dataset, rows[part], predictor.inputs, statistics, targets=False)
        probabilities[part] = predictor.predict(batch).numpy()
    if not np.isfinite(probabilities).all():
        raise RunError("the model gives values that are no numbers", where=dataset.name)
    targets = dataset.targets.take(rows)
    return Outcome(rows, probabilities, target_matrix(targets), targets.known)


def known_splits(dataset: Dataset, scheme: str) -> list[str]:
    """Validation and the test splits, those with known targets."""
    known = dataset.targets.known
    return [name for name in measured_splits(dataset.splits(scheme)) if known[dataset.rows(name, scheme)].any()]


def evaluate(run: Run, dataset: Dataset, split: str, track: Track = lambda batches: batches) -> Scores:
    """Metric name -> score of `run` on the surveys of `split` whose targets are known.

    samples-F1, accuracy and RMSE carry a 95 % bootstrap interval over surveys. Empty when no target is known;
    RunError when the run does not fit the data.
    """
    require_match(run, dataset)
    card = run.card
    rows = dataset.rows(split, card.scheme)
    rows = rows[dataset.targets.known[rows]]
    if not rows.size:
        return {}
    found = answers(run, dataset, rows, track)
    scores, _ = score(found, dataset, card.kind, decoder_of(card), ranks=card.ranks)
    return scores


def answers(
    run: Run,
    dataset: Dataset,
    rows: np.ndarray,
    track: Track = lambda batches: batches,
    *,
    calibrated: bool = True,
) -> Outcome:
    """What `run` says of the surveys `rows`: predicted, or, by a run that cannot, recalled.

    Probabilities are `calibrated` as its card says, or else as the model gives them.
    """
    if not run.card.predicts:
        return recalled(run, dataset, rows, run.splits(), calibrated=calibrated)
    predictor = open_model(run, calibrated=calibrated)
    return outcome(predictor, run.card.statistics, dataset, rows, track)


def recalled(
    run: Run, dataset: Dataset, rows: np.ndarray, splits: Sequence[str], *, calibrated: bool = True
) -> Outcome:
    """What `run` has stored of the surveys `rows` under `splits`, beside what is known of them now.

    RunError when a survey is not among them.
    """
    wanted = pd.MultiIndex.from_frame(dataset.sites.iloc[rows][["source", "survey_id"]].astype({"source": str}))
    width = run.card.width
    probabilities = np.zeros((len(rows), width), probability_type(len(rows), width))
    lacking, truncated = np.ones(len(rows), bool), False
    classes: ClassScores | None = None
    for split in splits:
        stored = stored_predictions(run, split, calibrated=calibrated)
        there = _take_over(stored, wanted, probabilities)
        lacking[there] = False
        truncated |= stored.tops is not None and len(there) > 0
        if len(there) == len(rows) == len(stored):
            classes = stored.scores
    if lacking.any():
        survey = int(dataset.sites["survey_id"].iloc[rows[lacking.argmax()]])
        raise RunError(f"{run.name} has no prediction of survey {survey}", where=run.path)
    targets = dataset.targets.take(rows)
    truth = target_matrix(targets)
    return Outcome(rows, probabilities, truth, targets.known, truncated, classes if truncated else None)


def _take_over(stored: Predictions, wanted: pd.MultiIndex, probabilities: np.ndarray) -> np.ndarray:
    """Put what is stored of the surveys `wanted` (source, survey_id) into `probabilities`; the rows it has."""
    at = pd.MultiIndex.from_arrays([stored.source, stored.survey_id]).get_indexer(wanted)
    there = np.flatnonzero(at >= 0)
    for part in np.array_split(there, -(-len(there) // BATCH) or 1):
        probabilities[part] = stored.rows(at[part])
    return there


def score(
    found: Outcome, dataset: Dataset, kind: TargetKind, decoder: Decoder, *, ranks: bool = True
) -> tuple[Scores, ClassScores | None]:
    """All metrics of `kind` over the known surveys of `found`, and those of each class.

    `decoder` makes sets of probabilities. Without `ranks` they stand for sets already, and what asks for an order
    of classes is left out. The metrics of each class are None then, for regression, and where nobody can know.
    """
    if not found.known.any():
        return {}, None
    known = slice(None) if found.known.all() else np.flatnonzero(found.known)  # a slice copies nothing
    truth, probabilities = found.truth[known], found.probabilities[known]
    if kind is TargetKind.REGRESSION:
        return {"rmse": METRICS["rmse"].score(truth.toarray(), probabilities, bootstrap=True)}, None
    sets = decoder.decode(probabilities)
    classes = found.classes
    if ranks and not found.truncated:
        classes = class_scores(truth, probabilities)
    scores = _ranking(truth, probabilities, classes, kind) if ranks else {}
    if dataset.targets.kind is not kind:  # a single-label view: one item per survey and species
        survey, species = single_label_pairs(dataset.targets.take(found.rows[known]))
        truth, sets = one_hot(species, truth.shape[1]), sets[survey]
    scores |= _sets(truth, sets, kind)
    if kind is TargetKind.MULTICLASS and dataset.targets.kind is kind:
        scores |= _levels(truth, probabilities, dataset)
    return {name: scores[name] for name in [*METRICS, *scores] if name in scores}, classes


def _ranking(
    truth: csr_matrix, probabilities: np.ndarray, classes: ClassScores | None, kind: TargetKind
) -> Scores:
    each = {} if classes is None else {"auc": classes.auc, "average-precision": classes.average_precision}
    return {
        name: metric.summarise(each[name]) if metric.over == "class" else metric.score(truth, probabilities)
        for name, metric in METRICS.items()
        if kind in metric.kinds and metric.reads == "probabilities" and (metric.over != "class" or name in each)
    }


def _sets(truth: csr_matrix, sets: csr_matrix, kind: TargetKind) -> Scores:
    return {
        name: metric.score(truth, sets, bootstrap=metric.over == "survey")
        for name, metric in METRICS.items()
        if kind in metric.kinds and metric.reads == "sets"
    }


def _levels(truth: csr_matrix, probabilities: np.ndarray, dataset: Dataset) -> Scores:
    """The same scores at each coarser level of the hierarchy, as "macro-f1/main_type": probabilities add up."""
    scores: Scores = {}
    for level in dataset.targets.hierarchy[:-1]:
        groups = np.unique(dataset.targets.classes[level].astype(str), return_inverse=True)[1]
        rolled_up = one_hot(groups, int(groups.max()) + 1).astype(np.float32)
        sets = parse_decoder(TOP_CLASS).decode(probabilities @ rolled_up)
        for name, value in _sets(truth @ rolled_up, sets, TargetKind.MULTICLASS).items():
            scores[f"{name}/{level}"] = value
    return scores


def choose(found: Outcome) -> str:
    """The decoder of highest samples-F1 on the known surveys of a validation outcome."""
    known = np.flatnonzero(found.known)
    decoder, _ = choose_decoder(found.truth[known], found.probabilities[known])
    return str(decoder)


def keep(found: Outcome, folder: Path, dataset: Dataset, card: ModelCard, split: str) -> Scores:
    """Score `found`, as the model gave it, and store it as the predictions of `split` in the run's folder."""
    scores, predictions = _packed(found, dataset, card)
    predictions.write(predictions_path(folder, split))
    return scores


def _packed(found: Outcome, dataset: Dataset, card: ModelCard) -> tuple[Scores, Predictions]:
    """The scores of `found` by the card's calibration and decoder, and `found` itself, ready to store."""
    scores, classes = score(_calibrated(found, card), dataset, card.kind, decoder_of(card), ranks=card.ranks)
    if classes is not None and card.calibration is not None:  # thresholds are stored as probabilities are
        classes = class_scores(found.truth[found.known], found.probabilities[found.known])
    sites = dataset.sites.iloc[found.rows]
    predictions = pack(
        sites["source"].to_numpy(),
        sites["survey_id"].to_numpy(np.int64),
        found.probabilities,
        found.truth,
        classes,
        regression=card.kind is TargetKind.REGRESSION,
    )
    return scores, predictions


def _calibrated(found: Outcome, card: ModelCard) -> Outcome:
    return replace(found, probabilities=calibrate(card.calibration, found.probabilities))


def record(run: Run, dataset: Dataset, splits: Sequence[str], track: Track = lambda batches: batches) -> Run:
    """Measure `run` on `splits` and keep predictions and scores in its folder; the decoder stays as it was chosen.

    For test labels that became known after the training. Validation scores that the card has stay: what was fitted
    there was held apart for them. All is measured before anything is written; a run that cannot predict keeps the
    predictions it has. RunError when the run does not fit the data.
    """
    require_match(run, dataset)
    card = run.card
    scores: dict[str, Scores] = {}
    predictions: dict[str, Predictions] = {}
    for split in splits:
        found = answers(run, dataset, dataset.rows(split, card.scheme), track, calibrated=False)
        if card.predicts:
            scores[split], predictions[split] = _packed(found, dataset, card)
        else:
            scores[split], _ = score(
                _calibrated(found, card), dataset, card.kind, decoder_of(card), ranks=card.ranks
            )
    for split, of_split in predictions.items():
        of_split.write(predictions_path(run.path, split))
    stay = {VALIDATION: card.scores[VALIDATION]} if VALIDATION in card.scores else {}
    replace(card, stored_scores=stored_scores({**card.scores, **scores, **stay})).write(run.path / CARD)
    return Run.open(run.path)
