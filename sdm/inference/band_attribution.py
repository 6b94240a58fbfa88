"""Which bands, or dates of a series, count in a prediction: each in turn is replaced by the training mean."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sdm.data.survey import Dossier
from sdm.errors import ServiceError
from sdm.evaluation.run_inputs import training_means
from sdm.inference.answers import RunService, request_of
from sdm.inference.loaded_model import Request
from sdm.inference.service import DEADLINE_SECONDS, Prediction
from sdm.modalities import MODALITIES
from sdm.modalities.raster_bands import family_of
from sdm.runs import Run

SERIES_AXES = ("band", "month")


@dataclass(frozen=True)
class BandAttribution:
    """`change` float64 (B, S): how much each output is higher with a band than with its training mean instead.

    Of a series `by_step` (steps, S) says the same of each date with all its bands; it is empty of other inputs.
    """

    modality: str
    change: np.ndarray
    whole: np.ndarray
    by_step: np.ndarray

    def table(self, output: int) -> pd.DataFrame:
        """One row per band, in order: band, title, change of the output in that column."""
        row = MODALITIES[self.modality]
        bands = {"band": row.channels, "title": row.channel_titles}
        return pd.DataFrame({**bands, "change": self.change[:, output]})

    def step_table(self, output: int) -> pd.DataFrame:
        """One row per step of a series, from 1: step, change of the output in that column."""
        return pd.DataFrame({"step": np.arange(1, len(self.by_step) + 1), "change": self.by_step[:, output]})


def raster_inputs(run: Run, survey: Dossier) -> list[str]:
    """The inputs of `run` whose bands can be told apart, of those that the survey has."""
    return [name for name in run.card.inputs if family_of(name) and survey.values.get(name) is not None]


def attribute_bands(
    submit: Callable[[Request], Future[Prediction]], request: Request, modality: str, usual: np.ndarray
) -> BandAttribution:
    """The occlusion of each band of `modality`, and of each step of a series, in what `submit` answers.

    `usual` (B,) are the training means. Missing values stay missing. ServiceError when there is no answer.
    """
    values, waiting = np.asarray(request.arrays[modality], np.float32), [submit(request)]
    steps = values.shape[1] if MODALITIES[modality].axes == SERIES_AXES else 0
    for hidden in [(band,) for band in range(len(usual))] + [(slice(None), step) for step in range(steps)]:
        other = without(values, hidden, usual)
        waiting.append(submit(replace(request, arrays={**request.arrays, modality: other})))
    try:
        outputs = np.stack([future.result(timeout=DEADLINE_SECONDS).probabilities for future in waiting])
    except TimeoutError:
        raise ServiceError("the model gave no answer in time", remedy="Try again shortly.") from None
    bands, by_step = np.split(outputs[0] - outputs[1:].astype(np.float64), [len(usual)])
    return BandAttribution(modality, bands, outputs[0], by_step)


def without(values: np.ndarray, hidden: tuple[int | slice, ...], usual: np.ndarray) -> np.ndarray:
    """`values` (band, ...) in which what stands at the index `hidden` is the mean `usual` of its band.

    >>> without(np.array([[1.0, np.nan], [3.0, 4.0]]), (slice(None), 1), np.array([7.0, 8.0])).tolist()
    [[1.0, nan], [3.0, 8.0]]
    """
    means = np.broadcast_to(np.reshape(usual, (-1, *[1] * (values.ndim - 1))), values.shape)
    other = values.copy()
    other[hidden] = np.where(np.isfinite(values[hidden]), means[hidden], values[hidden])
    return other


def band_attribution(service: RunService, run: Run, survey: Dossier, modality: str) -> BandAttribution:
    """Which bands of `modality` count in the prediction of `run` for `survey`."""
    usual = training_means(run, modality)
    return attribute_bands(lambda request: service.submit(run, request), request_of(survey), modality, usual)
