"""The calibration and decoder of a run in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sdm.data.dataset import TargetKind
from sdm.evaluation.run_decoding import decoder_of
from sdm.number_format import counted, number, percent
from sdm.runs.card import ModelCard

WORDS: Mapping[str, Callable[[str], str]] = {
    "top-k": lambda k: f"the {k} most probable",
    "threshold": lambda least: f"all of at least {percent(float(least))}",
    "species-thresholds": lambda _: "all of at least the species' own threshold",
    "richness": lambda _: "as many as the probabilities add up to",
    "expected-f1": lambda _: "as many as maximise the expected F1",
    "exact-f1": lambda _: "as many as maximise the expected F1, computed exactly",
    "simulated-f1": lambda draws: f"as many as maximise the expected F1, by {draws} random draws",
}
"""Name of a decoder -> what it takes, given its argument."""


def decoder(card: ModelCard) -> str:
    """What the run names as present, and the decoder's text."""
    if card.kind is not TargetKind.MULTILABEL:
        return "the most probable class"
    text = str(decoder_of(card))
    name, _, argument = text.partition(":")
    return f"{WORDS[name](argument)} ({text})" if name in WORDS else text


def calibration(card: ModelCard) -> str:
    """What probabilities go through before they are decoded."""
    calibrator = card.calibration
    if calibrator is None:
        return "none"
    if calibrator.method == "temperature":
        return f"temperature {number(calibrator.temperature)}"
    return f"isotonic, through {counted(len(calibrator.given), 'point')}"
