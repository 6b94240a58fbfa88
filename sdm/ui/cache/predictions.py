"""A run's stored predictions, and what they are worth where records are known."""

from __future__ import annotations

from sdm.data.splits import VALIDATION, measured_splits
from sdm.evaluation import reliability, set_size
from sdm.evaluation.calibration import Bins
from sdm.evaluation.conformal import ConformalSets, Coverage, fit_conformal
from sdm.evaluation.decoding import Decoder, parse_decoder
from sdm.evaluation.decoding_search import FOLDS
from sdm.evaluation.labelled_predictions import LabelledPredictions, label
from sdm.evaluation.leaderboard.board import in_order
from sdm.evaluation.mixtures import samples_f1
from sdm.evaluation.run_decoding import stored_predictions
from sdm.evaluation.set_size import DecoderScore, SetSizeScores
from sdm.runs import Run
from sdm.ui.cache.datasets import dataset
from sdm.ui.cache.memo import memo

MOST_SPLITS = 6  # held at a time, at most 100 MB each: of two runs, three splits each
MOST_PAIRS = 4_000_000  # of survey and species of a sample: mixed and decoded in some 30 ms, held in 16 MB


@memo(MOST_SPLITS, "Reading the stored predictions …")
def labelled(key: str, run: Run, split: str) -> LabelledPredictions:
    """The surveys of a split whose targets the data set knows; SdmError for damaged predictions and for none."""
    return label(dataset(key), stored_predictions(run, split))


def splits(key: str, run: Run) -> list[str]:
    """The splits that have such surveys, the hardest last."""
    return in_order(split for split in measured_splits(run.splits()) if len(labelled(key, run, split)))


def tests(key: str, run: Run) -> list[str]:
    """Those of `splits` that nothing was chosen on."""
    return [split for split in splits(key, run) if split != VALIDATION]


@memo(16, "Fitting the decoders on validation surveys …")
def decoders(key: str, run: Run) -> list[Decoder]:
    """One decoder of each kind, fitted on the validation surveys."""
    return set_size.own_decoders(run.card, labelled(key, run, VALIDATION) if VALIDATION in run.splits() else None)


@memo(256, "Trying a decoder on all surveys …")
def decoder_score(key: str, run: Run, split: str, decoder: Decoder) -> DecoderScore:
    """The score of `decoder` on a split."""
    return set_size.decoder_score(labelled(key, run, split), decoder)


@memo(16, "Trying every set size on all surveys …")
def set_size_scores(key: str, run: Run, split: str) -> SetSizeScores:
    """The scores of every set size and threshold on a split."""
    return set_size.set_size_scores(labelled(key, run, split))


@memo(16, "Comparing probabilities with records …")
def calibrated(key: str, run: Run) -> dict[str, dict[str, Bins]]:
    """Calibration -> split -> pairs of survey and class by probability."""
    data = dataset(key)
    return reliability.calibrated({
        split: reliability.fold_bins(
            label(data, run.predictions(split)), data, FOLDS if split == VALIDATION else 1
        )
        for split in splits(key, run)
    })  # fmt: skip


@memo(256)
def conformal_sets(key: str, run: Run, stated: float) -> ConformalSets:
    """The sets that cover the share `stated`, fitted on the validation surveys."""
    validation = labelled(key, run, VALIDATION)
    return fit_conformal(validation.recorded_entries, validation.entries.probability, stated)


@memo(256, "Checking the coverage …")
def coverages(key: str, run: Run, stated: float) -> dict[str, Coverage]:
    """Test split -> what the sets of a stated share really cover."""
    sets = conformal_sets(key, run, stated)
    return {
        split: sets.coverage(test.recorded_entries, test.entries.probability, test.entries.largest_elsewhere)
        for split in tests(key, run)
        for test in (labelled(key, run, split),)
    }


@memo(16, "Checking the coverage …")
def all_coverages(key: str, run: Run) -> dict[float, dict[str, Coverage]]:
    """Stated share -> test split -> what is really covered."""
    return {stated: coverages(key, run, stated) for stated in reliability.STATED}


@memo(12, "Reading stored predictions …")
def _sample(key: str, run: Run, split: str) -> LabelledPredictions | None:
    whole = labelled(key, run, split)
    return whole.sample(MOST_PAIRS) if len(whole) else None


def sample(key: str, run: Run, split: str) -> LabelledPredictions | None:
    """An even sample of the surveys of `labelled`; None where there is none."""
    return _sample(key, run, split) if split in run.splits() else None


@memo(256)
def sample_f1(key: str, run: Run, split: str, decoder: str) -> float | None:
    """samples-F1 on a `sample`; None where there is none."""
    part = sample(key, run, split)
    return None if part is None else samples_f1(part.truth, part.probabilities, parse_decoder(decoder))
