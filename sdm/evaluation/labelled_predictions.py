"""Predictions joined with the recorded targets of the same surveys: what a run is measured by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from sdm.data.dataset import Dataset, TargetKind, Targets
from sdm.data.survey_blocks import survey_blocks
from sdm.data.targets import target_matrix, with_more_classes
from sdm.data.views import seen_through, single_label_pairs
from sdm.errors import DataError, RunError
from sdm.evaluation.decoding import Decoder
from sdm.evaluation.run_decoding import stored_predictions
from sdm.runs import Predictions, Run
from sdm.runs.top_classes import Entries


@dataclass(frozen=True)
class LabelledPredictions:
    """Predictions of N surveys of a data set, and the targets recorded there.

    `sites` int64 (N,) are the surveys' rows in the data set; `targets` and `predictions` are in the same order,
    and `blocks` int64 (N,), the `survey_blocks` that neighbours share.
    """

    sites: np.ndarray
    targets: Targets
    predictions: Predictions
    blocks: np.ndarray

    def __len__(self) -> int:
        return len(self.sites)

    @property
    def known(self) -> np.ndarray:
        """bool (N,): whether the target is known."""
        return self.targets.known

    @cached_property
    def truth(self) -> csr_matrix:
        """csr float32 (N, width), see `target_matrix`; rows of unknown targets are empty."""
        return target_matrix(self.targets)

    @cached_property
    def probabilities(self) -> np.ndarray:
        """(N, width) of all classes; those beyond the stored ones of a survey share evenly what is left."""
        return self.predictions.matrix()

    @cached_property
    def entries(self) -> Entries:
        """The probabilities that are known one by one, those of the recorded classes always among them."""
        return self.predictions.entries(self.truth)

    @cached_property
    def recorded_entries(self) -> csr_matrix:
        """csr (N, c): the truth in the places of `entries`."""
        return self.entries.by_place(self.truth)

    def take(self, rows: np.ndarray) -> LabelledPredictions:
        """The same of `rows`, in that order."""
        return LabelledPredictions(
            self.sites[rows], self.targets.take(rows), self.predictions.take(rows), self.blocks[rows]
        )

    def of_known(self) -> LabelledPredictions:
        """The surveys whose target is known."""
        return self if self.known.all() else self.take(np.flatnonzero(self.known))

    def sample(self, pairs: int) -> LabelledPredictions:
        """Evenly chosen surveys, at most `pairs` of survey and class and at least one survey, by site, in full."""
        count = min(len(self), max(pairs // self.predictions.width, 1))
        rows = np.argsort(self.sites, kind="stable")[np.linspace(0, len(self) - 1, count).astype(int)]
        sample = self.take(rows)
        return replace(sample, predictions=sample.predictions.in_full())

    def with_probabilities(self, probabilities: np.ndarray) -> LabelledPredictions:
        """The same surveys with other probabilities (N, width)."""
        return replace(self, predictions=self.predictions.with_matrix(probabilities))

    def sets(self, decoder: Decoder) -> csr_matrix:
        """csr bool (N, S): the classes `decoder` takes, of the stored ones where not all are stored."""
        entries = self.predictions.entries()
        places = decoder.decode(entries.probability, entries.elsewhere, entries.species)
        return entries.by_class(places, self.predictions.width)

    def class_pairs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """int64 (P,) each: row, recorded class and most probable class.

        One pair per survey, or, where sets are recorded, one per survey and species.
        """
        predicted = self.predictions.most_probable()
        if isinstance(self.targets.values, np.ndarray):
            return np.arange(len(self)), self.targets.values.astype(np.int64), predicted
        row, recorded = single_label_pairs(self.targets)
        return row, recorded, predicted[row]

    def species(self, column: int) -> pd.DataFrame:
        """One class at each survey: row (in the data set), recorded (bool), probability (float32, 0..1)."""
        recorded = np.zeros(len(self), bool)
        recorded[self.truth[:, [column]].nonzero()[0]] = True
        probability = self.predictions.column(column)
        return pd.DataFrame({"row": self.sites, "recorded": recorded, "probability": probability})


def label(dataset: Dataset, predictions: Predictions, class_ids: Sequence[int] = ()) -> LabelledPredictions:
    """The surveys of `predictions` whose targets `dataset` knows, none or more, in the order of the predictions.

    The scores of classes stay: they were computed over known surveys. `class_ids` are those of the predictions:
    where sets go on beyond the classes of the data set, the others are recorded nowhere. DataError for predictions
    of other classes.
    """
    key = ["source", "survey_id"]
    known = dataset.targets.known & np.isin(dataset.sites["survey_id"].to_numpy(), predictions.survey_id)
    sites = dataset.sites.loc[known, key].astype({"source": str}).drop_duplicates(key)
    stored = pd.DataFrame(dict(zip(key, (predictions.source.astype(object), predictions.survey_id), strict=True)))
    both = stored.reset_index(names="stored").merge(sites.reset_index(names="site"), on=key)
    rows = both["site"].to_numpy(np.int64)
    targets, known_ids = dataset.targets.take(rows), dataset.targets.class_ids
    if targets.kind is TargetKind.MULTILABEL and np.array_equal(class_ids[: len(known_ids)], known_ids):
        targets = with_more_classes(targets, class_ids)
    if rows.size:
        _require_width(dataset.name, targets, predictions, dataset.trainable)
    taken = replace(predictions.take(both["stored"].to_numpy()), scores=predictions.scores)
    return LabelledPredictions(rows, targets, taken, survey_blocks(dataset.sites.iloc[rows]))


def recall(
    run: Run, dataset: Dataset, rows: np.ndarray, splits: Sequence[str], *, calibrated: bool = True
) -> LabelledPredictions:
    """What `run` has stored under `splits` of the surveys `rows` of `dataset`, in full, `calibrated` or as stored.

    Their targets may be unknown. RunError when a survey is not among the stored ones.
    """
    dataset = seen_through(dataset, run.card.view)
    sites = dataset.sites.iloc[rows]
    wanted = pd.MultiIndex.from_frame(sites[["source", "survey_id"]].astype({"source": str}))
    lacking = np.ones(len(rows), bool)
    parts: list[tuple[np.ndarray, Predictions]] = []
    for split in splits:
        stored = stored_predictions(run, split, calibrated=calibrated)
        at = pd.MultiIndex.from_arrays([stored.source, stored.survey_id]).get_indexer(wanted)
        present = np.flatnonzero(at >= 0)
        lacking[present] = False
        if present.size:
            parts.append((present, stored.take(at[present]).in_full()))
    if lacking.any():
        survey = int(sites["survey_id"].iloc[lacking.argmax()])
        raise RunError(f"{run.name} has no prediction of survey {survey}", where=run.path)
    targets = with_more_classes(dataset.targets.take(rows), run.card.class_ids)
    return LabelledPredictions(rows, targets, _joined(parts, sites, run.card.width), survey_blocks(sites))


def _joined(parts: Sequence[tuple[np.ndarray, Predictions]], sites: pd.DataFrame, width: int) -> Predictions:
    """Predictions of `sites` from parts of them, each at the positions where it belongs."""
    if len(parts) == 1 and len(parts[0][0]) == len(sites):
        return parts[0][1]
    joined = Predictions.of(sites, np.zeros((len(sites), width), np.float32))
    for positions, part in parts:
        joined.matrix()[positions] = part.matrix()
    return replace(joined, truncated=any(part.truncated for _, part in parts))


def _require_width(name: str, targets: Targets, predictions: Predictions, trainable: bool) -> None:
    if predictions.width != targets.width:
        raise DataError(
            "the predictions are of other classes", where=name, expected=targets.width,
            got=predictions.width, remedy=f"Train a model on {name}." if trainable else None,
        )  # fmt: skip
