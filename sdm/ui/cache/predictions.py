"""The stored predictions of runs and of their mixtures, and their scores where records are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sdm.data.dataset import Dataset
from sdm.data.splits import VALIDATION, measured_splits
from sdm.data.views import seen_through
from sdm.evaluation import calibration_report, set_size
from sdm.evaluation.calibration import Bins
from sdm.evaluation.conformal import ConformalSets, Coverage, SurveySets, fit_conformal, fit_weighted
from sdm.evaluation.covariate_shift import ShiftWeights, shift_features, shift_weights
from sdm.evaluation.decoding import Decoder, parse_decoder
from sdm.evaluation.ensembles import least_log_loss
from sdm.evaluation.held_out import FOLDS
from sdm.evaluation.labelled_predictions import LabelledPredictions, label
from sdm.evaluation.leaderboard.board import in_order
from sdm.evaluation.mixtures import mixture, require_same_surveys, samples_f1
from sdm.evaluation.run_decoding import stored_predictions
from sdm.evaluation.set_size import DecoderScore, SetSizeScores
from sdm.runs import Run
from sdm.ui.cache.memo import memo

MOST_SPLITS = 6  # held at a time, at most 100 MB each: of two runs, three splits each
MOST_PAIRS = 4_000_000  # of survey and species of a sample: mixed and decoded in some 30 ms, held in 16 MB


@memo(MOST_SPLITS, "Reading the stored predictions …")
def labelled(data: Dataset, run: Run, split: str) -> LabelledPredictions:
    """The surveys of a split whose targets the data set knows; SdmError for damaged predictions and for none."""
    return label(seen_through(data, run.card.view), stored_predictions(run, split), run.card.class_ids)


def splits(data: Dataset, run: Run) -> list[str]:
    """The splits that have such surveys, the hardest last."""
    return in_order(split for split in measured_splits(run.splits()) if len(labelled(data, run, split)))


def tests(data: Dataset, run: Run) -> list[str]:
    """Those of `splits` that nothing was chosen on."""
    return [split for split in splits(data, run) if split != VALIDATION]


@memo(16, "Fitting the decoders on validation surveys …")
def decoders(data: Dataset, run: Run) -> list[Decoder]:
    """One decoder of each kind, fitted on the validation surveys."""
    return set_size.own_decoders(run.card, labelled(data, run, VALIDATION) if VALIDATION in run.splits() else None)


@memo(256, "Trying a decoder on all surveys …")
def decoder_score(data: Dataset, run: Run, split: str, decoder: Decoder) -> DecoderScore:
    """The score of `decoder` on a split."""
    return set_size.decoder_score(labelled(data, run, split), decoder)


@memo(16, "Trying every set size on all surveys …")
def set_size_scores(data: Dataset, run: Run, split: str) -> SetSizeScores:
    """The scores of every set size and threshold on a split."""
    return set_size.set_size_scores(labelled(data, run, split))


@memo(16, "Comparing probabilities with records …")
def calibrated(data: Dataset, run: Run) -> dict[str, dict[str, Bins]]:
    """Calibration -> split -> pairs of survey and class by probability."""
    return calibration_report.calibrated({
        split: calibration_report.fold_bins(
            label(seen_through(data, run.card.view), run.predictions(split), run.card.class_ids), data,
            FOLDS if split == VALIDATION else 1,
        )
        for split in splits(data, run)
    })  # fmt: skip


@memo(256)
def conformal_sets(data: Dataset, run: Run, stated: float) -> ConformalSets:
    """The sets that cover the share `stated`, fitted on the validation surveys."""
    validation = labelled(data, run, VALIDATION)
    return fit_conformal(validation.recorded_entries, validation.entries.probability, stated)


@memo(32, "Weighting the validation surveys …")
def weights(data: Dataset, run: Run, split: str) -> ShiftWeights:
    """How much more often places like those of validation, and of `split`, occur in `split`."""
    sides = (labelled(data, run, each).sites for each in (VALIDATION, split))
    return shift_weights(*(shift_features(data, rows) for rows in sides))


@memo(256)
def weighted_sets(data: Dataset, run: Run, stated: float, split: str) -> SurveySets:
    """The sets of the surveys of a test split, fitted on validation surveys weighted to be like them."""
    validation, by_place = labelled(data, run, VALIDATION), weights(data, run, split)
    known = validation.recorded_entries, validation.entries.probability
    fitted = fit_weighted(*known, stated, by_place.validation)
    return SurveySets(stated, fitted.thresholds(by_place.test))


@memo(256, "Checking the coverage …")
def coverages(data: Dataset, run: Run, stated: float, *, weighted: bool = False) -> dict[str, Coverage]:
    """Test split -> what the sets of a stated share really cover."""
    return {
        split: (
            weighted_sets(data, run, stated, split) if weighted else conformal_sets(data, run, stated)
        ).coverage(test.recorded_entries, test.entries.probability, test.blocks, test.entries.largest_elsewhere)
        for split in tests(data, run)
        for test in (labelled(data, run, split),)
    }


@memo(16, "Checking the coverage …")
def all_coverages(data: Dataset, run: Run, *, weighted: bool = False) -> dict[float, dict[str, Coverage]]:
    """Stated share -> test split -> what is really covered."""
    return {stated: coverages(data, run, stated, weighted=weighted) for stated in calibration_report.STATED}


def threshold_here(data: Dataset, run: Run, stated: float, source: str, survey_id: int) -> float | None:
    """The threshold of the weighted sets at one survey; None where it is in no test split."""
    for split in tests(data, run):
        row = labelled(data, run, split).predictions.row_of(source, survey_id)
        if row is not None:
            return float(weighted_sets(data, run, stated, split).thresholds[row])
    return None


@memo(12, "Reading stored predictions …")
def _sample(data: Dataset, run: Run, split: str) -> LabelledPredictions | None:
    whole = labelled(data, run, split)
    return whole.sample(MOST_PAIRS) if len(whole) else None


def sample(data: Dataset, run: Run, split: str) -> LabelledPredictions | None:
    """An even sample of the surveys of `labelled`; None where there is none."""
    return _sample(data, run, split) if split in run.splits() else None


@memo(256)
def sample_f1(data: Dataset, run: Run, split: str, decoder: str) -> float | None:
    """samples-F1 on a `sample`; None where there is none."""
    part = sample(data, run, split)
    return None if part is None else samples_f1(part.truth, part.probabilities, parse_decoder(decoder))


def _samples(data: Dataset, runs: Sequence[Run], split: str) -> list[LabelledPredictions] | None:
    """The samples of the same surveys; None where one run has stored nothing, RunError for other surveys."""
    samples = [one for run in runs if (one := sample(data, run, split)) is not None]
    if len(samples) < len(runs):
        return None
    require_same_surveys(runs, [one.sites for one in samples], split)
    return samples


@memo(32, "Fitting the weights …")
def mixture_weights(data: Dataset, runs: tuple[Run, ...]) -> np.ndarray | None:
    """float64 (R,): the weights of least log loss on validation surveys; None where not all have stored them."""
    samples = _samples(data, runs, VALIDATION)
    return None if samples is None else least_log_loss(samples[0].truth, [each.probabilities for each in samples])


def mixture_scores(
    data: Dataset, runs: Sequence[Run], weights: Sequence[float], split: str, decoder: str
) -> list[float | None]:
    """samples-F1 on `split` of each of `runs`, and last of their mean by `weights`; None where a run has stored
    nothing. RunError for damaged predictions, and for those of other surveys."""
    members = [sample_f1(data, run, split, decoder) for run in runs]
    counted = [(run, weight) for run, weight in zip(runs, weights, strict=True) if weight > 0]
    samples = _samples(data, [run for run, _ in counted], split)
    if samples is None:
        return [*members, None]
    mean = mixture([weight for _, weight in counted], [each.probabilities for each in samples])
    return [*members, samples_f1(samples[0].truth, mean, parse_decoder(decoder))]


def mixture_surveys(data: Dataset, runs: Sequence[Run], split: str) -> tuple[int, int]:
    """Surveys of `split` that are counted, and those whose species are known."""
    known = int(data.targets.known[data.rows(split, runs[0].card.scheme)].sum())
    samples = (sample(data, run, split) for run in runs)
    return max((len(each) for each in samples if each is not None), default=0), known
