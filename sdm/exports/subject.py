"""What an export is of: one species of a data set, as one run sees it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset, TargetKind
from sdm.errors import RunError, UnknownNameError
from sdm.evaluation.background_predictions import background_predictions
from sdm.evaluation.labelled_predictions import label
from sdm.evaluation.leaderboard.board import in_order
from sdm.evaluation.run_decoding import stored_predictions
from sdm.evaluation.species.occurrences import column_of, recorded_at
from sdm.evaluation.species.quality import SplitMeasures, measures_by_split
from sdm.inference.prediction_meaning import PredictionMeaning, prediction_meaning
from sdm.inference.predictor_grid import PredictorGrid, predictor_grid
from sdm.inference.simulated_predictors import can_simulate, write_simulated_predictors
from sdm.inference.species_map import why_no_map
from sdm.occurrences.report import OccurrenceImport, read_report
from sdm.runs import Run, require_match, require_same_data

NAMED = 5  # names that are told where one is not known


@dataclass(frozen=True)
class Subject:
    """The class `class_id` of `dataset`, and `run`, which was trained on it."""

    dataset: Dataset
    run: Run
    class_id: int

    @property
    def column(self) -> int:
        """Its place among the classes of the data set."""
        return column_of(self.dataset.targets, self.class_id)

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.dataset.targets.classes["name"].iloc[self.column])

    @cached_property
    def meaning(self) -> PredictionMeaning:
        """What the run's numbers mean."""
        return prediction_meaning(self.run, self.dataset)

    @cached_property
    def report(self) -> OccurrenceImport | None:
        """How the data set was made of tables, where it was."""
        return read_report(self.dataset.place)

    @property
    def simulated(self) -> bool:
        """Whether records or predictors are simulated, which is said wherever they are handed on."""
        return self.dataset.simulated or (self.report is not None and bool(self.report.world))

    @cached_property
    def grid(self) -> PredictorGrid | None:
        """The rasters over which the run can be asked; None where there are none."""
        found = predictor_grid(self.dataset)
        return None if found is None or why_no_map(self.run, found) else found

    @cached_property
    def recorded(self) -> np.ndarray:
        """bool (N,): at which sites it is recorded."""
        return recorded_at(self.dataset.targets, self.column, np.arange(len(self.dataset)))

    @cached_property
    def held_out(self) -> dict[str, pd.DataFrame]:
        """Split -> row, recorded and probability at its sites: stored predictions by models that have not learnt
        from the site."""
        parts = {
            split: label(self.dataset, stored_predictions(self.run, split), self.run.card.class_ids)
            for split in in_order(self.run.splits())
        }
        return {split: part.species(self.column) for split, part in parts.items() if len(part)}

    @cached_property
    def measures(self) -> SplitMeasures:
        """The measures on every split, and the threshold of maximal TSS on validation."""
        found = background_predictions(self.run, self.dataset)
        background = None if found is None else (found.rows, found.values[:, self.column])
        return measures_by_split(self.held_out, background)


def subject_of(dataset: Dataset, run: Run, species: str) -> Subject:
    """The species called `species`, or with that id; RunError where the run is of other data or has no order of
    classes, UnknownNameError with near names where none is called so."""
    require_match(run, dataset)
    require_same_data(run, dataset)
    if run.card.kind is not TargetKind.MULTILABEL or run.card.view or not run.card.ranks:
        raise RunError("only a run that gives each species a number can be exported", where=run.path)
    subject = Subject(dataset, run, find_species(dataset, species))
    if can_simulate(dataset):
        write_simulated_predictors(dataset)
    return subject


def find_species(dataset: Dataset, text: str) -> int:
    """The class_id of the species called `text`, whatever its case, or with that id."""
    classes, wanted = dataset.targets.classes, text.strip().casefold()
    names = classes["name"].astype(str)
    found = np.flatnonzero((names.str.casefold() == wanted) | (classes["class_id"].astype(str) == wanted))
    if found.size:
        return int(classes["class_id"].iloc[int(found[0])])
    near = get_close_matches(text, names.tolist(), NAMED, 0.5) or names.head(NAMED).tolist()
    raise UnknownNameError("no such species in this data set", expected=", ".join(near), got=text)
