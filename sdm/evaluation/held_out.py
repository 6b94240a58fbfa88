"""Cross-fitting: validation surveys calibrated and decoded by what was fitted to other blocks of the map.

What is fitted to surveys and measured on the same ones looks too good, the more so the more numbers it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, vstack

from sdm.data.dataset import Dataset
from sdm.data.splits import block_folds
from sdm.evaluation.calibration import CALIBRATIONS, bin_probabilities, calibrate, fit_held_out
from sdm.evaluation.decoding import FITTED, Decoder, Decodes, parse_decoder
from sdm.evaluation.labelled_predictions import LabelledPredictions

FOLDS = 5


@dataclass(frozen=True)
class HeldOutDecoder:
    """Decodes the surveys of each of `parts`, rows that together are all, by the decoder fitted to the others."""

    parts: tuple[np.ndarray, ...]
    decoders: tuple[Decoder, ...]

    def decode(self, probabilities: np.ndarray) -> csr_matrix:
        """csr bool (N, S) of those very surveys' `probabilities` (N, S)."""
        sets = [each.decode(probabilities[part]) for part, each in zip(self.parts, self.decoders, strict=True)]
        return vstack(sets, format="csr")[np.argsort(np.concatenate(self.parts))]


def map_folds(labelled: LabelledPredictions, dataset: Dataset, folds: int = FOLDS) -> list[np.ndarray]:
    """int64 rows of `labelled` in at most `folds` parts, each of whole blocks of the map."""
    sites = dataset.sites.iloc[labelled.sites]
    fold = block_folds(sites["lon"].to_numpy(float), sites["lat"].to_numpy(float), folds)
    return [np.flatnonzero(fold == part) for part in np.unique(fold)]


def fitted_elsewhere(labelled: LabelledPredictions, text: str, parts: Sequence[np.ndarray]) -> Decodes:
    """The decoder `text`; where it has numbers to find, those found for each of `parts` on the others.

    Where there is one part only, those found on it.
    """
    name, truth, probabilities = text.partition(":")[0], labelled.truth, labelled.probabilities
    if name not in FITTED:
        return parse_decoder(text)
    if len(parts) < 2:
        return FITTED[name](truth, probabilities)
    others = (np.setdiff1d(np.arange(len(labelled)), part) for part in parts)
    return HeldOutDecoder(tuple(parts), tuple(FITTED[name](truth[rest], probabilities[rest]) for rest in others))


def calibrated_elsewhere(
    labelled: LabelledPredictions, name: str, parts: Sequence[np.ndarray]
) -> LabelledPredictions:
    """The same with each part calibrated by the others; as it is where there is one part only."""
    fit = CALIBRATIONS[name]
    if fit is None or len(parts) < 2:
        return labelled
    truth, probabilities = labelled.truth, labelled.probabilities
    bins = [bin_probabilities(truth[part], probabilities[part]) for part in parts]
    values = np.empty_like(probabilities)
    for part, calibration in zip(parts, fit_held_out(fit, bins), strict=True):
        values[part] = calibrate(calibration, probabilities[part])
    return labelled.with_probabilities(values)


def held_out(
    labelled: LabelledPredictions, dataset: Dataset, calibration: str, decoder: str
) -> tuple[LabelledPredictions, Decodes]:
    """Calibrated predictions of the validation surveys of known species, and what decodes them, each fitted to
    other blocks; `labelled` are uncalibrated."""
    known = labelled.of_known()
    parts = map_folds(known, dataset)
    calibrated = calibrated_elsewhere(known, calibration, parts)
    return calibrated, fitted_elsewhere(calibrated, decoder, parts)
