"""A run's stored predictions, and what they are worth where records are known."""

from __future__ import annotations

from sdm.data.splits import VALIDATION, measured_splits
from sdm.evaluation import reliability, set_size
from sdm.evaluation.calibration import Bins
from sdm.evaluation.conformal import ConformalSets, Coverage, fit_conformal
from sdm.evaluation.decode import FOLDS
from sdm.evaluation.decoding import Decoder, parse_decoder
from sdm.evaluation.judged import Judged
from sdm.evaluation.judged import judged as join
from sdm.evaluation.leaderboard.board import in_order
from sdm.evaluation.mixtures import samples_f1
from sdm.evaluation.run_decoding import stored_predictions
from sdm.evaluation.set_size import Cuts, Worth
from sdm.runs import Predictions, Run
from sdm.ui.cache.datasets import dataset
from sdm.ui.cache.memo import memo

MOST_SPLITS = 6  # held at a time, at most 100 MB each: of two runs, three splits each
MOST_PAIRS = 4_000_000  # of survey and species of a sample: mixed and decoded in some 30 ms, held in 16 MB


@memo(12)
def stored(run: Run, split: str) -> Predictions:
    """The predictions of a split; SdmError for damaged ones and for a split without."""
    return stored_predictions(run, split)


@memo(MOST_SPLITS, "Reading the stored predictions …")
def judged(key: str, run: Run, split: str) -> Judged:
    """The surveys of a split whose classes the data set knows."""
    return join(dataset(key), stored_predictions(run, split))


def splits(key: str, run: Run) -> list[str]:
    """The splits that have such surveys, the hardest last."""
    return in_order(split for split in measured_splits(run.splits()) if len(judged(key, run, split)))


def tests(key: str, run: Run) -> list[str]:
    """Those of `splits` that nothing was chosen on."""
    return [split for split in splits(key, run) if split != VALIDATION]


@memo(16, "Fitting the decoders on validation surveys …")
def decoders(key: str, run: Run) -> list[Decoder]:
    """One decoder of each kind, fitted on the validation surveys."""
    return set_size.own_decoders(run.card, judged(key, run, VALIDATION) if VALIDATION in run.splits() else None)


@memo(256, "Trying a decoder on all surveys …")
def worth(key: str, run: Run, split: str, decoder: Decoder) -> Worth:
    """What `decoder` is worth on a split."""
    return set_size.worth(judged(key, run, split), decoder)


@memo(16, "Trying every cut on all surveys …")
def cuts(key: str, run: Run, split: str) -> Cuts:
    """Every cut of a split at once."""
    return set_size.cuts(judged(key, run, split))


@memo(16, "Comparing probabilities with records …")
def calibrated(key: str, run: Run) -> dict[str, dict[str, Bins]]:
    """Calibration -> split -> pairs of survey and class by probability."""
    data = dataset(key)
    return reliability.calibrated({
        split: reliability.binned(
            data, run.predictions(split), FOLDS if split == VALIDATION else 1
        )
        for split in splits(key, run)
    })  # fmt: skip


@memo(256)
def conformal_sets(key: str, run: Run, stated: float) -> ConformalSets:
    """The sets that cover the share `stated`, fitted on the validation surveys."""
    validation = judged(key, run, VALIDATION)
    return fit_conformal(validation.truth, validation.probability, stated)


@memo(256, "Checking the coverage …")
def coverages(key: str, run: Run, stated: float) -> dict[str, Coverage]:
    """Test split -> what the sets of a stated share really cover."""
    sets = conformal_sets(key, run, stated)
    return {
        split: sets.coverage(found.truth, found.probability, found.unseen)
        for split in tests(key, run)
        for found in (judged(key, run, split),)
    }


@memo(16, "Checking the coverage …")
def all_coverages(key: str, run: Run) -> dict[float, dict[str, Coverage]]:
    """Stated share -> test split -> what is really covered."""
    return {stated: coverages(key, run, stated) for stated in reliability.STATED}


@memo(12, "Reading stored predictions …")
def _sample(key: str, run: Run, split: str) -> Judged | None:
    found = judged(key, run, split)
    return found.sample(run.card.width, MOST_PAIRS) if len(found) else None


def sample(key: str, run: Run, split: str) -> Judged | None:
    """An even sample of the surveys of `judged`; None where there is none."""
    return _sample(key, run, split) if split in run.splits() else None


@memo(256)
def sample_f1(key: str, run: Run, split: str, decoder: str) -> float | None:
    """samples-F1 on a `sample`; None where there is none."""
    found = sample(key, run, split)
    return None if found is None else samples_f1(found.truth, found.probability, parse_decoder(decoder))
