"""An ensemble: the weighted mean of what several runs say, kept as a run of its own beside them."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION, measured_splits
from sdm.data.views import seen_through
from sdm.errors import RunError
from sdm.evaluation.background_predictions import validation_measures
from sdm.evaluation.decoding.contract import blocks
from sdm.evaluation.held_out import map_folds
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.prediction_scores import best_decoder
from sdm.evaluation.run_evaluation import score_as, store_split
from sdm.evaluation.run_model import Track, model_of, predict_or_recall, predict_with, untracked
from sdm.models.preparation import AS_STORED
from sdm.models.statistics import Statistics
from sdm.runs import ModelCard, Predictions, Run, RunConfig, TrainingOptions, require_match, require_same_data
from sdm.runs.card import ROUND_OFF, SCHEMA, Member
from sdm.runs.folder import CARD, CONFIG, free_folder, merge_train_ids, named_folder, new_run
from sdm.runs.records import Scores, stored_scores

MODEL = "ensemble"
FROM_MEMBERS = "those of its members"
UNCHOSEN = "expected-f1"  # needs no validation surveys to be chosen on
DIGITS = 4  # of a fitted weight
SMALLEST = 1e-7  # probability a log loss is taken of
OWN_RUNS, NAME = "runs", "mixture"  # where an ensemble of runs of several folders is made, and what it is called


def make_ensemble(
    folder: Path,
    runs: Sequence[Run],
    weights: Sequence[float],
    dataset: Dataset,
    track: Track = untracked,
    *,
    fitted: bool = False,
) -> Run:
    """The mean of `runs` by `weights`, which sum to 1, as a run in the new `folder` beside theirs.

    Weights that were `fitted` to the validation surveys score there by those of other blocks of the map.
    A run of weight 0 is left out. With a member that has no weights, only its stored predictions, the ensemble too
    has but stored predictions. RunError for weights that are no shares, for runs that are not alike or not beside
    `folder`, for ensembles, and where there is such a folder. It is there whole or not at all.
    """
    check_alike(folder, runs, dataset)
    _check_shares(weights, len(runs))
    weighted = [(run, float(weight)) for run, weight in zip(runs, weights, strict=True) if weight > 0]
    members = tuple(Member(run.name, weight, run.card.digest, run.card.parameters) for run, weight in weighted)
    with new_run(folder) as new:
        card = _draft(folder, [run for run, _ in weighted], members)
        _store(new, card, [run for run, _ in weighted], dataset, track)
        config = RunConfig(TrainingOptions(MODEL, view=card.view, scheme=card.scheme), card.data)
        config.write(new / CONFIG)
        if fitted:
            _hold_out_weights(new, runs, dataset, track)
    return Run.open(folder)


def fit_weights(runs: Sequence[Run], dataset: Dataset, track: Track = untracked) -> np.ndarray:
    """float64 (R,): the shares of 1 by which the mean of `runs` has the least log loss on validation surveys.

    The log loss of a mean is convex in the weights, so that there is one best choice, and it is found. RunError
    unless the runs give probabilities of species, and for data without known validation surveys.
    """
    card = runs[0].card
    if card.kind is not TargetKind.MULTILABEL:
        raise RunError("weights are fitted to sets of species", expected=TargetKind.MULTILABEL, got=card.kind)
    rows = dataset.rows(VALIDATION, card.scheme)
    rows = rows[dataset.targets.known[rows]]
    if not rows.size:
        raise RunError("no validation survey to fit weights to", where=dataset.name)
    predictions = [predict_or_recall(run, dataset, rows, track) for run in runs]
    return least_log_loss(predictions[0].truth, [each.probabilities for each in predictions])


def ensemble_command(runs: Sequence[Run], weights: Sequence[float], data: Path | None, root: Path) -> str:
    """The lines that, run in `root`, make an ensemble of `runs` on the data set in `data`.

    Runs of several folders are first copied to `root`/runs. RunError where another run of that name is there.
    """
    homes = {run.path.parent for run in runs}
    home = runs[0].path.parent if len(homes) == 1 else root / OWN_RUNS
    copies = [f"cp -r {_quoted(run.path, root)} {_quoted(home, root)}/" for run in runs if _is_lacking(home, run)]
    members = " ".join(shlex.quote(f"{run.name}:{w:g}") for run, w in zip(runs, weights, strict=True))
    data_option = f" --data {_quoted(data, root)}" if data else ""
    out = _quoted(free_folder([home], NAME), root)
    return "\n".join([*copies, f"python -m sdm ensemble {out} {members}{data_option}"])


def _is_lacking(home: Path, run: Run) -> bool:
    """Whether `run` has to be copied to `home`; RunError where something else has its name there."""
    there = named_folder(home, run.name)
    if not there.exists():
        return True
    try:
        digest = Run.open(there).card.digest
    except RunError:
        digest = ""
    if digest != run.card.digest:
        raise RunError(
            "another run has this name", where=there, expected=f"the one in {run.path.parent.name}",
            remedy="Rename one of the two folders.",
        )  # fmt: skip
    return False


def _quoted(path: Path, root: Path) -> str:
    return shlex.quote(str(path.relative_to(root) if path.is_relative_to(root) else path))


def check_alike(folder: Path, runs: Sequence[Run], dataset: Dataset) -> None:
    """RunError unless `runs` are several, lie beside `folder`, and were trained for the same on `dataset`."""
    names = [run.name for run in runs]
    if len(runs) < 2 or len(set(names)) < len(names):
        raise RunError("an ensemble is of two runs or more, each once", got=", ".join(names) or "none")
    for run in runs:
        _check_member(folder, run)
        require_match(run, dataset)
        require_same_data(run, dataset)
    tasks = {(run.card.kind, run.card.view, run.card.scheme, run.card.class_ids) for run in runs}
    places = {(run.card.statistics.countries, run.card.statistics.regions) for run in runs if run.card.predicts}
    if len(tasks) > 1 or len(places) > 1:
        raise RunError(
            "the runs saw the data differently",
            expected="one view, one split scheme, the same species",
            got=", ".join(names),
        )


def _check_member(folder: Path, run: Run) -> None:
    """RunError unless `run` can be a member of the ensemble in `folder`."""
    home = folder.resolve().parent
    if named_folder(home, run.name) != run.path.resolve():
        raise RunError(
            "a member of an ensemble lies beside it", where=run.path, expected=home / run.name,
            remedy="Copy it there.",
        )  # fmt: skip
    if run.card.members:
        raise RunError("an ensemble cannot be of ensembles", where=run.path, remedy="Name its members instead.")
    if not run.card.ranks:
        raise RunError("sets have no probabilities to take the mean of", where=run.path, got=run.card.title)


def _check_shares(weights: Sequence[float], count: int) -> None:
    values = np.asarray(weights, np.float64)
    if len(values) != count or not np.isfinite(values).all() or (values < 0).any():
        raise RunError("a run without a weight, or one below 0", expected=f"{count} weights", got=values.tolist())
    if abs(values.sum() - 1) > ROUND_OFF:
        raise RunError(
            "the weights are no shares", expected="a sum of 1", got=f"{values.sum():g}", remedy="Or --fit them."
        )


def _splits(runs: Sequence[Run], dataset: Dataset) -> list[str]:
    """Splits all `runs` know; RunError when there is none."""
    stored = [set(run.splits()) for run in runs if not run.card.predicts]
    names = measured_splits(dataset.splits(runs[0].card.scheme))
    common = [name for name in names if all(name in splits for splits in stored)]
    if not common:
        raise RunError("the runs have stored no split in common", got=", ".join(run.name for run in runs))
    return common


def _store(folder: Path, card: ModelCard, runs: Sequence[Run], dataset: Dataset, track: Track) -> None:
    """Predictions of every split, then the card with the decoder chosen on validation, and their scores."""
    merge_train_ids(folder, runs)
    scores: dict[str, Scores] = {}
    for split in _splits(runs, dataset):
        mean = _mean(card, runs, dataset, split, track)
        if split == VALIDATION and card.kind is TargetKind.MULTILABEL and mean.known.any():
            card = replace(card, decoder=best_decoder(mean))
        scores[split] = store_split(mean, folder, dataset, card, split)
        if split == VALIDATION:
            scores[split] |= validation_measures(partial(model_of, runs[0].path, card), card, dataset, mean)
    replace(card, stored_scores=stored_scores(scores)).write(folder / CARD)


def _hold_out_weights(folder: Path, runs: Sequence[Run], dataset: Dataset, track: Track) -> None:
    """Put the validation scores on the card of the ensemble in `folder` that weights fitted elsewhere reach."""
    card = Run.open(folder).card
    rows = dataset.rows(VALIDATION, card.scheme)
    every = [predict_or_recall(run, dataset, rows[dataset.targets.known[rows]], track) for run in runs]
    parts = map_folds(every[0], dataset)
    if len(parts) < 2:
        return
    mean = np.zeros_like(every[0].probabilities)
    for part in parts:
        rest = np.setdiff1d(np.arange(len(mean)), part)
        weights = least_log_loss(every[0].truth[rest], [each.probabilities[rest] for each in every])
        mean[part] = sum(w * each.probabilities[part] for w, each in zip(weights, every, strict=True))
    held_out = every[0].with_probabilities(mean)
    scores = card.scores | {VALIDATION: score_as(card, held_out, dataset, VALIDATION)[0]}
    scores[VALIDATION] |= validation_measures(partial(model_of, runs[0].path, card), card, dataset, held_out)
    replace(card, stored_scores=stored_scores(scores)).write(folder / CARD)


def _mean(card: ModelCard, runs: Sequence[Run], dataset: Dataset, split: str, track: Track) -> LabelledPredictions:
    """The ensemble's predictions of a split: its own, or the mean of what its members predict and recall."""
    rows, dataset = dataset.rows(split, card.scheme), seen_through(dataset, card.view)
    if card.predicts:
        return predict_with(model_of(runs[0].path, card), card.statistics, dataset, rows, track)
    every = [predict_or_recall(run, dataset, rows, track) for run in runs]
    mean = np.zeros_like(every[0].probabilities)
    for member, each in zip(card.members, every, strict=True):
        mean += mean.dtype.type(member.weight) * each.probabilities
    truncated = any(each.predictions.truncated for each in every)
    predictions = Predictions.of(dataset.sites.iloc[rows], mean)
    return replace(every[0], predictions=replace(predictions, truncated=truncated))


def _draft(folder: Path, runs: Sequence[Run], members: tuple[Member, ...]) -> ModelCard:
    """The card, but for decoder and scores."""
    cards = [run.card for run in runs]
    predicts = all(card.predicts for card in cards)
    seen = cards[0].statistics if predicts else Statistics({}, {}, (), ())
    words = [*(f"{member.run}:{member.weight:g}" for member in members), "--data", cards[0].data.name]
    return replace(
        cards[0],
        schema=SCHEMA,
        model=MODEL,
        model_config={},
        inputs={name: AS_STORED for card in cards for name in card.inputs} if predicts else {},
        statistics=replace(seen, mean={}, std={}),
        decoder=UNCHOSEN if cards[0].kind is TargetKind.MULTILABEL else None,
        initial_weights=FROM_MEMBERS,
        weights=None,
        epochs=0,
        best_epoch=None,
        seconds=round(sum(card.seconds for card in cards), 3),
        milliseconds=round(sum(card.milliseconds for card in cards), 3),
        device=", ".join(sorted({card.device for card in cards})),
        versions={"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        reproduce=shlex.join(["python", "-m", "sdm", "ensemble", folder.name, *words]),
        stored_scores={},
        imported=None,
        calibration=None,
        thresholds=(),
        members=members,
    )  # fmt: skip


def least_log_loss(truth: csr_matrix, probabilities: Sequence[np.ndarray]) -> np.ndarray:
    """float64 (R,): the shares of least log loss, rounded, the largest taking what rounding left."""
    count = len(probabilities)
    optimum = minimize(
        _log_loss, np.full(count, 1 / count), args=(truth, probabilities), jac=True, method="SLSQP",
        bounds=[(0, 1)] * count, constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": np.ones_like},
        options={"ftol": 1e-9},
    )  # fmt: skip
    shares = np.round(np.clip(optimum.x, 0, 1), DIGITS)
    shares[shares.argmax()] += 1 - shares.sum()
    return np.round(shares, DIGITS)


def _log_loss(
    weights: np.ndarray, truth: csr_matrix, probabilities: Sequence[np.ndarray]
) -> tuple[float, np.ndarray]:
    """Mean log loss of the weighted mean, in nats per pair of survey and species, and its slope (R,)."""
    loss, slope = 0.0, np.zeros(len(weights))
    for rows, _ in blocks(probabilities[0]):
        each = np.stack([np.asarray(p[rows], np.float64) for p in probabilities])
        mean = np.tensordot(weights, each, 1).clip(SMALLEST, 1 - SMALLEST)
        present = truth[rows].toarray() != 0
        loss -= float(np.log(np.where(present, mean, 1 - mean)).sum())
        slope -= (each / np.where(present, mean, mean - 1)).sum(axis=(1, 2))
    pairs = probabilities[0].size
    return loss / pairs, slope / pairs
