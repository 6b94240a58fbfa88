"""What the measures of a species are measured on, in words: plots, or records by blocks."""

from __future__ import annotations

from sdm.data.dataset import Dataset
from sdm.data.record_types import presence_only
from sdm.data.splits import VALIDATION
from sdm.evaluation import background_predictions
from sdm.evaluation.species.quality import MEASURES
from sdm.inference.prediction_meaning import PROBABILITY, prediction_meaning
from sdm.models.presence_only.background import FEWEST_SPECIES
from sdm.number_format import counted
from sdm.runs import Run

PLAIN = {"probabilities": "values", "more probable": "higher", "probability": "value"}
TESTED = (
    " Test sites are plots, which tell absence, too: only they can tell whether numbers are calibrated, that is "
    "whether they rise with the share of plots with the species as probabilities do."
)
FEW = (
    f" Of fewer than {FEWEST_SPECIES} species that tells little: AUC, TSS and the Boyce index compare with the "
    "background sites instead, on the page Species, too. The other measures here do not."
)


def of_records(data: Dataset, run: Run) -> bool:
    """Whether the validation sites of the run are records of presence alone."""
    column = data.sites.get(f"split_{run.card.scheme}")
    held_back = None if column is None else (column == VALIDATION).to_numpy()
    return held_back is not None and bool(held_back.any()) and bool(presence_only(data)[held_back].all())


def note(data: Dataset, run: Run) -> str:
    """What validation means where it is of records; "" elsewhere."""
    if not of_records(data, run):
        return ""
    words = (
        f"Validation is by records ({_how(run)}): sites with a record of the species against sites where only "
        "others were recorded. Absence there is not known, so AUC and TSS compare with what was recorded instead, "
        "and no calibration can be told."
    )
    plots = "test" in data.splits(run.card.scheme)
    few = FEW if few_species(data, run) else ""
    return words + (TESTED if plots else " Presence-absence plots would tell it.") + few


def _how(run: Run) -> str:
    folds = len(run.card.folds)
    return (
        f"each site by a model that has learnt from the other {counted(folds - 1, 'fold')} of blocks"
        if folds > 1
        else "sites of the blocks that training has left out"
    )


def few_species(data: Dataset, run: Run) -> str:
    """What stands above the measures where records of few species are measured against the background."""
    if not (of_records(data, run) and background_predictions.few_species(data) and run.card.predicts):
        return ""
    return (
        f"Records of fewer than {FEWEST_SPECIES} species tell nothing of where a species is absent. AUC, TSS and "
        f"the Boyce index compare records ({_how(run)}) with the background sites, as this run sees them. Some of "
        "those may have the species, so that even a perfect model stays below 1. Precision, recall, F1 and "
        "calibration need known absences: presence-absence plots would tell them."
    )


def gloss(measure: str, data: Dataset, run: Run) -> str:
    """What a measure is."""
    return plain(MEASURES[measure][1], data, run)


def plain(words: str, data: Dataset, run: Run) -> str:
    """`words`, without calling a probability what is none."""
    if prediction_meaning(run, data) is PROBABILITY:
        return words
    for probable, other in PLAIN.items():
        words = words.replace(probable, other)
    return words
