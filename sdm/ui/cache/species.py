"""What is known of one species: its records, what a run says of it, how it responds to the environment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset
from sdm.data.record_types import of_records
from sdm.data.splits import VALIDATION
from sdm.evaluation.background_predictions import BackgroundPredictions, background_predictions
from sdm.evaluation.confusion.outcomes import Outcomes
from sdm.evaluation.confusion.pair_null import pair_null
from sdm.evaluation.confusion.pair_tests import PairTests, species_to_test
from sdm.evaluation.confusion.presence import presence, stacked
from sdm.evaluation.leaderboard.board import in_order
from sdm.evaluation.species import confused, occurrences, response
from sdm.evaluation.species.occurrences import (
    FIRST_SHARE,
    by_country,
    by_split,
    class_labels,
    first_species,
    recorded_at,
    records_of,
    surveyed_rows,
)
from sdm.evaluation.species.predictors import predictor_variables, responding
from sdm.evaluation.species.quality import SplitMeasures, measures_by_split, precision_recall
from sdm.evaluation.species.threshold import species_threshold
from sdm.inference.partial_dependence import Dependence
from sdm.maps import thumbnail as thumbnails
from sdm.runs import Run
from sdm.ui.cache import confusion
from sdm.ui.cache.confusion import ConfusionQuery
from sdm.ui.cache.memo import memo
from sdm.ui.cache.predictions import labelled
from sdm.virtual_europe import grid, niche
from sdm.virtual_europe.description import world_of
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.place import Places


class SpeciesQuery(NamedTuple):
    """The species in `column` of a data set, as `run` sees it at the surveys of `splits`.

    Without a run `splits` is empty.
    """

    data: Dataset
    column: int
    run: Run | None = None
    splits: tuple[str, ...] = ()

    @property
    def run_name(self) -> str:
        """The name of the run, "" without one."""
        return "" if self.run is None else self.run.name


surveyed = memo(4)(surveyed_rows)
predictors = memo(4)(predictor_variables)
records = memo(64)(by_split)
countries = memo(64)(by_country)
recorded_at_tests = memo(32)(occurrences.recorded_at_tests)
rows_of_tests = memo(4)(occurrences.rows_of_tests)
thumbnail = memo(128)(thumbnails.thumbnail)


@memo(4)
def labels(data: Dataset) -> dict[int, str]:
    """class_id -> what the box of species shows and searches, by name: name, common name and id.

    Of data of records it is the number of records instead of the id.
    """
    return class_labels(data.targets.classes, records_of(data) if of_records(data) else None)


@memo(4)
def first(data: Dataset) -> int:
    """The class_id to begin with: of tables of records, where each site tells of few species, the commonest."""
    return first_species(data.targets, surveyed(data), 1.0 if of_records(data) else FIRST_SHARE)


def answerable(data: Dataset, run: Run) -> tuple[str, ...]:
    """The splits whose predictions are stored and whose truth is known."""
    return tuple(split for split in run.splits() if len(labelled(data, run, split)))


@memo(32)
def species_surveys(query: SpeciesQuery) -> pd.DataFrame:
    """The table of `LabelledPredictions.species` over all splits of the query."""
    assert query.run is not None
    parts = [labelled(query.data, query.run, split).species(query.column) for split in query.splits]
    return pd.concat(parts, ignore_index=True)


@memo(32)
def curve(query: SpeciesQuery) -> pd.DataFrame:
    """Precision and recall at every threshold."""
    return precision_recall(species_surveys(query))


def threshold(query: SpeciesQuery) -> float:
    """The threshold of best F1 on the validation surveys; NaN where the species is at none of them.

    See `species_threshold`. Where records of few species are measured against the background, that of maximal TSS.
    """
    assert query.run is not None
    if background(query.data, query.run) is not None:
        return measures(query).threshold
    if VALIDATION not in query.run.splits():
        return float("nan")
    return species_threshold(labelled(query.data, query.run, VALIDATION), query.column)


@memo(32)
def measures(query: SpeciesQuery) -> SplitMeasures:
    """The measures on every split that has records, whichever the query asks for."""
    assert query.run is not None
    splits = in_order(answerable(query.data, query.run))
    found = background(query.data, query.run)
    at_background = None if found is None else (found.rows, found.values[:, query.column])
    surveys = {split: species_surveys(query._replace(splits=(split,))) for split in splits}
    return measures_by_split(surveys, at_background)


@memo(4, "Asking the model about the background …")
def background(data: Dataset, run: Run) -> BackgroundPredictions | None:
    """What the run says of the background, where records of few species are measured against it."""
    return background_predictions(run, data)


@memo(16)
def pairs(query: SpeciesQuery, decoder: str) -> pd.DataFrame:
    """What the species is mistaken for, beside what the totals alone foretell."""
    return confused.around(_errors(query, decoder), query.data.targets.classes, query.column)


@memo(16, "Testing which errors fall together …")
def pair_tests(query: SpeciesQuery, decoder: str) -> PairTests | None:
    """What the species is mistaken for more often than expected; None where that cannot be tested."""
    assert query.run is not None
    if not confusion.testable(query.run):
        return None
    errors = _errors(query, decoder)
    columns = species_to_test(errors)
    parts = [presence(labelled(query.data, query.run, split), columns) for split in query.splits]
    null = pair_null(errors, columns, stacked(parts))
    return confused.tests_around(errors, null, query.data.targets.classes, query.column)


def _errors(query: SpeciesQuery, decoder: str) -> Outcomes:
    """The outcomes at the surveys of all splits of the query."""
    assert query.run is not None
    queries = [ConfusionQuery(query.data, query.run, split, decoder) for split in query.splits]
    return confused.together([confusion.class_outcomes(each) for each in queries])


@memo(8, "Sorting the surveys by their predictors …")
def bins(data: Dataset, run: Run | None, splits: tuple[str, ...]) -> tuple[response.Bins, np.ndarray] | None:
    """Bins of the surveys judged, of all surveys without a run, and the rows in them; None without predictors."""
    name = responding(data.modalities)
    if name is None:
        return None
    rows = (
        surveyed(data) if run is None else np.concatenate([labelled(data, run, split).sites for split in splits])
    )
    values = data.reader.read(name, rows)
    return (response.fit_bins(values, predictors(data)), rows) if np.isfinite(values).any() else None


@memo(32)
def strengths(query: SpeciesQuery) -> np.ndarray:
    """What each predictor tells of the species; empty where nothing can be told."""
    made = bins(query.data, query.run, query.splits)
    if made is None:
        return np.zeros(0)
    return response.strength(made[0], recorded_at(query.data.targets, query.column, made[1]))


@memo(32)
def responses(query: SpeciesQuery, predictors: tuple[int, ...]) -> dict[int, pd.DataFrame]:
    """Position of each predictor -> its table of responses."""
    made = bins(query.data, query.run, query.splits)
    if made is None:
        return {}
    recorded = recorded_at(query.data.targets, query.column, made[1])
    probability = species_surveys(query)["probability"].to_numpy() if query.run else None
    return {place: response.response(made[0], place, recorded, probability) for place in predictors}


def evaluated_rows(query: SpeciesQuery) -> np.ndarray:
    """Rows of the data set: the surveys of all splits of the query, in the order of `species_surveys`."""
    return species_surveys(query)["row"].to_numpy(np.int64)


@memo(64)
def true_dependence(query: SpeciesQuery, predictor: int, _of: Dependence) -> np.ndarray | None:
    """What becomes of the true probability (G, n) as the predictor changes alone; None where that is not known.

    `_of` is the model's answer to the same question.
    """
    world, name = world_of(query.data), predictors(query.data)[predictor].name
    if world is None or name not in niche.VARIABLES:
        return None
    there = _places(query.data, tuple(_of.rows.tolist()), world.seed)
    class_id = int(query.data.targets.class_ids[query.column])
    return niche.true_dependence(there, name, _of.at, class_id, world.species)


@memo(4)
def _places(data: Dataset, rows: tuple[int, ...], seed: int) -> Places:
    """All variables of the places of some surveys."""
    sites = data.sites.iloc[list(rows)]
    return places(
        sites["lon"].to_numpy(float), sites["lat"].to_numpy(float), sites["year"].to_numpy(np.int64), seed
    )


@memo(4)
def pictured(data: Dataset) -> np.ndarray:
    """bool (N,): the surveys with a satellite picture."""
    return data.available("patch")


@memo(64)
def true_probability(data: Dataset, class_id: int) -> np.ndarray | None:
    """The true probability at every land cell of a virtual Europe."""
    world = world_of(data)
    return None if world is None else grid.true_probability(grid.land_grid(world.seed), class_id, world.species)
