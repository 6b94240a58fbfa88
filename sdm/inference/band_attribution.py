"""Which bands or channels of one input count in a prediction: each in turn is replaced by its training mean."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sdm.data.survey import Dossier
from sdm.errors import ServiceError
from sdm.inference.answers import RunService, request_of
from sdm.inference.loaded_model import Request
from sdm.inference.service import DEADLINE_SECONDS, Prediction
from sdm.modalities import MODALITIES
from sdm.modalities.raster_bands import family_of
from sdm.runs import Run


@dataclass(frozen=True)
class BandAttribution:
    """`change` float64 (B, S): how much each output is higher with a band than with its training mean instead."""

    modality: str
    change: np.ndarray
    whole: np.ndarray

    def table(self, output: int) -> pd.DataFrame:
        """One row per band, in order: band, title, change of the output in that column."""
        row = MODALITIES[self.modality]
        bands = {"band": row.channels, "title": row.channel_titles}
        return pd.DataFrame({**bands, "change": self.change[:, output]})


def raster_inputs(run: Run, survey: Dossier) -> list[str]:
    """The inputs of `run` whose bands can be told apart, of those that the survey has."""
    return [name for name in run.card.inputs if family_of(name) and survey.values.get(name) is not None]


def attribute_bands(
    submit: Callable[[Request], Future[Prediction]], request: Request, modality: str, usual: np.ndarray
) -> BandAttribution:
    """The occlusion of each band of `modality` in what `submit` answers; `usual` (B,) are the training means.

    Missing values stay missing. ServiceError when there is no answer.
    """
    values, waiting = request.arrays[modality], [submit(request)]
    for place, mean in enumerate(usual):
        other = np.array(values, np.float32)
        other[place] = np.where(np.isfinite(other[place]), np.float32(mean), other[place])
        waiting.append(submit(replace(request, arrays={**request.arrays, modality: other})))
    try:
        outputs = np.stack([future.result(timeout=DEADLINE_SECONDS).probabilities for future in waiting])
    except TimeoutError:
        raise ServiceError("the model gave no answer in time", remedy="Try again shortly.") from None
    return BandAttribution(modality, outputs[0] - outputs[1:].astype(np.float64), outputs[0])


def band_attribution(service: RunService, run: Run, survey: Dossier, modality: str) -> BandAttribution:
    """Which bands of `modality` count in the prediction of `run` for `survey`."""
    usual = np.asarray(run.card.statistics.mean[modality])
    return attribute_bands(lambda request: service.submit(run, request), request_of(survey), modality, usual)
