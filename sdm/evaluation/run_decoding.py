"""The decoding of a run: its calibration and its decoder, applied to what it stored."""

from __future__ import annotations

from functools import partial

import numpy as np

from sdm.data.dataset import TargetKind
from sdm.evaluation.calibration import calibrate
from sdm.evaluation.decoding import TOP_CLASS, USUAL, Decoder, parse_decoder
from sdm.runs import ModelCard, Predictions, Run


def decoder_of(card: ModelCard, text: str | None = None) -> Decoder:
    """The decoder `text`, else the run's own, else the usual one of the target kind.

    UnknownNameError shows the grammar; RunError where the run has no thresholds per species for it.
    """
    thresholds = np.asarray(card.thresholds, np.float32) if card.thresholds else None
    usual = USUAL if card.kind is TargetKind.MULTILABEL else TOP_CLASS
    return parse_decoder(text or card.decoder or usual, thresholds)


def stored_predictions(run: Run, split: str, *, calibrated: bool = True) -> Predictions:
    """The stored predictions of `split`, `calibrated` as the card says or as stored; errors: `Run.predictions`."""
    predictions, calibration = run.predictions(split), run.card.calibration
    if calibration is None or not calibrated:
        return predictions
    return predictions.transformed(partial(calibrate, calibration))
