"""What is known of one species: its records, what a run says of it, how it responds to the environment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from sdm.data.dataset import TargetKind
from sdm.data.splits import VALIDATION
from sdm.evaluation.confusion.outcomes import Outcomes
from sdm.evaluation.species import confused, response
from sdm.evaluation.species.quality import precision_recall, species_threshold
from sdm.evaluation.species.records import (
    by_country,
    by_split,
    class_labels,
    first_species,
    recorded_at,
    surveyed_rows,
)
from sdm.maps.thumbnail import thumbnail as thumbnail_of
from sdm.modalities import ENVIRONMENT
from sdm.runs import Run
from sdm.ui.cache import confusion
from sdm.ui.cache.confusion import ConfusionQuery
from sdm.ui.cache.datasets import dataset
from sdm.ui.cache.memo import memo
from sdm.ui.cache.predictions import labelled
from sdm.virtual_europe import grid
from sdm.virtual_europe.description import world_of


class SpeciesQuery(NamedTuple):
    """The species in `column` of the data set `key`, as `run` sees it at the surveys of `splits`.

    Without a run `splits` is empty.
    """

    key: str
    column: int
    run: Run | None = None
    splits: tuple[str, ...] = ()

    @property
    def run_name(self) -> str:
        """The name of the run, "" without one."""
        return "" if self.run is None else self.run.name


@memo(4)
def labels(key: str) -> dict[int, str]:
    """class_id -> what the box of species shows and searches: name, common name and id, by name."""
    return class_labels(dataset(key).targets.classes)


@memo(4)
def first(key: str) -> int:
    """The class_id to begin with."""
    return first_species(dataset(key).targets, surveyed(key))


@memo(4)
def surveyed(key: str) -> np.ndarray:
    """int64: the surveys that tell both where a class is and where it is not."""
    return surveyed_rows(dataset(key))


@memo(64)
def records(key: str, column: int) -> pd.DataFrame:
    """Records per split."""
    return by_split(dataset(key), column)


@memo(64)
def countries(key: str, column: int) -> pd.DataFrame:
    """Records per country."""
    return by_country(dataset(key), column)


def answerable(key: str, run: Run) -> tuple[str, ...]:
    """The splits whose predictions are stored and whose truth is known."""
    return tuple(split for split in run.splits() if len(labelled(key, run, split)))


@memo(128)
def _at_surveys(key: str, column: int, run: Run, split: str) -> pd.DataFrame:
    return labelled(key, run, split).species(column)


@memo(32)
def judged_surveys(query: SpeciesQuery) -> pd.DataFrame:
    """The table of `LabelledPredictions.species` over all splits of the query."""
    assert query.run is not None
    parts = [_at_surveys(query.key, query.column, query.run, split) for split in query.splits]
    return pd.concat(parts, ignore_index=True)


@memo(32)
def curve(query: SpeciesQuery) -> pd.DataFrame:
    """Precision and recall at every threshold."""
    return precision_recall(judged_surveys(query))


def on_validation(query: SpeciesQuery) -> SpeciesQuery:
    """The same query of the surveys the threshold is chosen on."""
    return query._replace(splits=(VALIDATION,))


def threshold(query: SpeciesQuery) -> float:
    """The threshold of best F1 on the validation surveys; NaN where the species is at none of them.

    See `species_threshold`.
    """
    assert query.run is not None
    if VALIDATION not in query.run.splits():
        return float("nan")
    return species_threshold(labelled(query.key, query.run, VALIDATION), query.column)


@memo(16)
def pairs(query: SpeciesQuery, decoder: str) -> pd.DataFrame:
    """What the species is mistaken for."""
    assert query.run is not None
    queries = [ConfusionQuery(query.key, query.run, split, decoder) for split in query.splits]
    parts: list[Outcomes] = [confusion.judged(each) for each in queries]
    return confused.around(confused.together(parts), dataset(query.key).targets.classes, query.column)


@memo(8, "Sorting the surveys by their environment …")
def bins(key: str, run: Run | None, splits: tuple[str, ...]) -> tuple[response.Bins, np.ndarray] | None:
    """Bins of the surveys judged, of all surveys without a run, and the rows in them; None without environment."""
    data = dataset(key)
    if ENVIRONMENT.name not in data.modalities:
        return None
    rows = surveyed(key) if run is None else np.concatenate([labelled(key, run, split).sites for split in splits])
    values = data.reader.read(ENVIRONMENT.name, rows)
    return (response.fit_bins(values), rows) if np.isfinite(values).any() else None


@memo(32)
def strengths(query: SpeciesQuery) -> np.ndarray:
    """What each predictor tells of the species; empty where nothing can be told."""
    made = bins(query.key, query.run, query.splits)
    if made is None:
        return np.zeros(0)
    return response.strength(made[0], recorded_at(dataset(query.key).targets, query.column, made[1]))


@memo(32)
def responses(query: SpeciesQuery, predictors: tuple[int, ...]) -> dict[int, pd.DataFrame]:
    """Position of each predictor -> its table of responses."""
    made = bins(query.key, query.run, query.splits)
    if made is None:
        return {}
    recorded = recorded_at(dataset(query.key).targets, query.column, made[1])
    probability = judged_surveys(query)["probability"].to_numpy() if query.run else None
    return {place: response.response(made[0], place, recorded, probability) for place in predictors}


@memo(4)
def pictured(key: str) -> np.ndarray:
    """bool (N,): the surveys with a satellite picture."""
    data = dataset(key)
    return data.available("patch")


def has_species(key: str) -> bool:
    """Whether the targets are classes at all."""
    targets = dataset(key).targets
    return targets.kind is not TargetKind.REGRESSION and len(targets.classes) > 0


@memo(64)
def true_probability(key: str, class_id: int) -> np.ndarray | None:
    """The true probability at every land cell of a virtual Europe."""
    world = world_of(dataset(key))
    return None if world is None else grid.true_probability(grid.land_grid(world.seed), class_id, world.species)


@memo(128)
def thumbnail(key: str, row: int) -> bytes | None:
    """The natural-colour picture of a survey as a small PNG; None where there is none that can be read."""
    return thumbnail_of(dataset(key), row)
