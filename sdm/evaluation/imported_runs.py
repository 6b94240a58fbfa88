"""A submission kept as a run without weights: its predictions and a card, nothing that could predict more."""

from __future__ import annotations

import platform
import re
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset, TargetKind, Targets
from sdm.data.splits import VALIDATION
from sdm.data.survey_blocks import survey_blocks
from sdm.data.targets import with_more_classes
from sdm.errors import RunError
from sdm.evaluation.decoding import TOP_CLASS, parse_decoder
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.prediction_scores import best_decoder, score
from sdm.evaluation.run_evaluation import store_split
from sdm.evaluation.submissions.check import CheckedSubmission, require_valid
from sdm.evaluation.submissions.read import Submission
from sdm.models.statistics import Statistics
from sdm.runs.card import SCHEMA, Imported, ModelCard
from sdm.runs.configuration import DataSource, RunConfig
from sdm.runs.folder import CARD, CONFIG, Run, new_run, write_train_ids
from sdm.runs.predictions import MOST_DENSE, Predictions, probability_type
from sdm.runs.records import Scores, stored_scores
from sdm.runs.top_classes import TOP
from sdm.runs.training_options import TrainingOptions
from sdm.runs.weights import sha256

MODEL = "imported"
ELSEWHERE = "elsewhere"
SETS_DECODER = "threshold:0.5"  # gives back a set whose species have probability 1
USUAL_DECODER = "expected-f1"  # needs no validation surveys to be chosen on
LONGEST_FILE_NAME = 120


def import_run(
    path: Path, folder: Path, dataset: Dataset, checked: CheckedSubmission, name: str | None = None
) -> Run:
    """Store the submission in `path`, `checked` against `dataset`, as a run in the new `folder`.

    `name` is that of the original file where `path` is a copy; its last part is stored.

    Scored is what `dataset` knows. DataError unless the submission is valid; RunError when there is such a folder.
    The run is there whole or not at all.
    """
    submission = require_valid(checked, path)
    _require_room(submission, len(dataset.targets.classes) + len(checked.unchecked), path)
    with new_run(folder) as new:
        config = RunConfig(TrainingOptions(MODEL, scheme=checked.scheme), DataSource.of(dataset))
        source = Imported(_file_name(name or path.name), sha256(path), submission.holds)
        _store(checked, submission, dataset, _draft(checked, dataset, config, source, folder), new)
        config.write(new / CONFIG)
    return Run.open(folder)


def submission_scores(checked: CheckedSubmission, dataset: Dataset) -> dict[str, Scores]:
    """split -> metric -> score of a valid submission, for the splits of which `dataset` knows the truth."""
    submission = require_valid(checked, Path("submission"))
    kind, ranks = dataset.targets.kind, submission.holds != "sets"
    decoder = parse_decoder(_decoder(checked, submission, dataset) if kind is TargetKind.MULTILABEL else TOP_CLASS)
    scores = {
        split: score(_labelled(checked, submission, dataset, split), dataset, kind, decoder, ranks=ranks)[0]
        for split in checked.splits
    }
    return {split: of_split for split, of_split in scores.items() if of_split}


def _file_name(given: str) -> str:
    """The last part of a path of any system, as far as it can be printed."""
    last = re.split(r"[\\/]", given)[-1]
    return "".join(c for c in last if c.isprintable())[:LONGEST_FILE_NAME]


def _require_room(submission: Submission, width: int, path: Path) -> None:
    """RunError where a set is larger than what is kept of very many surveys."""
    largest = int(np.diff(submission.values.indptr).max(initial=0)) if submission.holds == "sets" else 0
    if largest > TOP and submission.values.shape[0] * width > MOST_DENSE:
        raise RunError("a set is too large to be kept", where=path, expected=f"{TOP} species at most", got=largest)


def _store(
    checked: CheckedSubmission, submission: Submission, dataset: Dataset, card: ModelCard, folder: Path
) -> None:
    """Predictions of every split, then the card with their scores."""
    write_train_ids(folder, dataset.sites.iloc[:0])
    if card.kind is TargetKind.MULTILABEL:
        card = replace(card, decoder=_decoder(checked, submission, dataset))
    scores = {
        split: store_split(_labelled(checked, submission, dataset, split), folder, dataset, card, split)
        for split in checked.splits
    }
    replace(card, stored_scores=stored_scores(scores)).write(folder / CARD)


def _decoder(checked: CheckedSubmission, submission: Submission, dataset: Dataset) -> str:
    if submission.holds == "sets":
        return SETS_DECODER
    if VALIDATION not in checked.splits:
        return USUAL_DECODER
    validation = _labelled(checked, submission, dataset, VALIDATION)
    return best_decoder(validation) if validation.known.any() else USUAL_DECODER


def _labelled(
    checked: CheckedSubmission, submission: Submission, dataset: Dataset, split: str
) -> LabelledPredictions:
    """The submission's surveys of `split`, over the data set's own columns and those of species unknown to it."""
    rows = dataset.rows(split, checked.scheme)
    targets = _targets(checked, dataset.targets.take(rows))
    width = targets.width
    probabilities = np.zeros((len(rows), width), probability_type(len(rows), width))
    chosen = csr_matrix(submission.values[pd.Index(checked.rows).get_indexer(rows)]).tocoo()
    column = chosen.col
    if submission.holds != "values":
        column = pd.Index(targets.class_ids).get_indexer(submission.class_ids)[column]
    probabilities[chosen.row, column] = chosen.data
    sites = dataset.sites.iloc[rows]
    return LabelledPredictions(rows, targets, Predictions.of(sites, probabilities), survey_blocks(sites))


def _targets(checked: CheckedSubmission, targets: Targets) -> Targets:
    """`targets`, species that they do not name behind their own."""
    return with_more_classes(targets, [*targets.class_ids.tolist(), *checked.unchecked.tolist()])


def _draft(
    checked: CheckedSubmission, dataset: Dataset, config: RunConfig, source: Imported, folder: Path
) -> ModelCard:
    """The card, but for decoder and scores."""
    targets, words = (
        _targets(checked, dataset.targets),
        ["python", "-m", "sdm", "import", source.file, "--run", str(folder.name)],
    )
    return ModelCard(
        schema=SCHEMA,
        model=MODEL,
        model_config={},
        kind=targets.kind,
        class_ids=tuple(targets.class_ids.tolist()),
        class_names=tuple(targets.classes["name"].astype(str)),
        unit=targets.unit,
        view="",
        data=config.data,
        scheme=config.training.scheme,
        splits={},
        inputs={},
        statistics=Statistics({}, {}, (), ()),
        decoder=None,
        initial_weights=ELSEWHERE,
        weights=None,
        epochs=0,
        best_epoch=None,
        seconds=0.0,
        milliseconds=0.0,
        device=ELSEWHERE,
        versions={"python": platform.python_version(), "numpy": np.__version__},
        reproduce=shlex.join([*words, "--data", dataset.name]),
        stored_scores={},
        imported=source,
    )
