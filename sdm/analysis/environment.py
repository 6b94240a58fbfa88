"""The 64 predictors of one survey in words and numbers, and where it leaves what the training has seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.analysis.landcover import meaning
from sdm.analysis.novelty import Reference, percentile
from sdm.modalities import ENVIRONMENT, ENVIRONMENT_VARIABLES

GROUPS = {
    "bioclimatic": "Climate 1981–2010",
    "elevation": "Relief",
    "soilgrids": "Soil",
    "landcover": "Land cover",
    "human_footprint": "Human footprint",
}
IS_CLASS = np.array(ENVIRONMENT.coded)


def table(values: np.ndarray, reference: Reference | None = None) -> pd.DataFrame:
    """One row per predictor, in the order of PREDICTORS, for `values` (64,) in stored units.

    name, title, group, unit, source; `value` in that unit, NaN and marked `missing` where unknown; `meaning`,
    the class of a code, else "". Against the training surveys of `reference` (NaN without it): `percentile`
    (0..100) of a number, `training_share` (0..1) of surveys with the same class.
    """
    ranks = np.full(len(values), np.nan) if reference is None else reference.percentiles(values)
    return pd.DataFrame(
        {
            "name": [predictor.name for predictor in ENVIRONMENT_VARIABLES],
            "title": [predictor.title for predictor in ENVIRONMENT_VARIABLES],
            "group": [GROUPS[predictor.table] for predictor in ENVIRONMENT_VARIABLES],
            "value": ENVIRONMENT.to_physical(values).astype(float),
            "unit": [predictor.unit for predictor in ENVIRONMENT_VARIABLES],
            "meaning": [meaning(p.name, value) for p, value in zip(ENVIRONMENT_VARIABLES, values, strict=True)],
            "percentile": np.where(IS_CLASS, np.nan, ranks),
            "training_share": np.where(IS_CLASS, _class_shares(values, reference), np.nan),
            "missing": np.isnan(values),
            "source": [predictor.source for predictor in ENVIRONMENT_VARIABLES],
        }
    )


@dataclass(frozen=True)
class Outside:
    """How far outside the training cloud a site lies.

    `distance` from its centre (see `Reference.distance`); `percentile` of training surveys that lie nearer;
    `used` of `usable` predictors were known. `beyond` lists the predictors no training survey matches, worst
    first: name, title, value, unit, meaning, training_low, training_high, beyond. `beyond` is the distance to
    the training range in percent of that range, as the negative values of MESS (Elith et al. 2010,
    doi:10.1111/j.2041-210X.2010.00036.x); inf where all training surveys agree, NaN for an unseen class.
    """

    distance: float
    percentile: float
    used: int
    usable: int
    beyond: pd.DataFrame


def outside(values: np.ndarray, reference: Reference) -> Outside:
    """Where `values` (64,), in stored units, lie against the training surveys of `reference`."""
    distance = float(reference.distance(values[None])[0])
    return Outside(
        distance=distance,
        percentile=percentile(reference.distances, distance),
        used=int(np.isfinite(values[reference.used]).sum()),
        usable=len(reference.used),
        beyond=_beyond(values, reference),
    )


def _class_shares(values: np.ndarray, reference: Reference | None) -> np.ndarray:
    """The share of known training values that equal each value; NaN where either is missing."""
    if reference is None:
        return np.full(len(values), np.nan)
    pairs = zip(reference.ordered, values, strict=True)
    return np.array([np.nan if np.isnan(v) or not len(known) else np.mean(known == v) for known, v in pairs])


def _beyond(values: np.ndarray, reference: Reference) -> pd.DataFrame:
    ends = [(known[0], known[-1]) if len(known) else (np.nan, np.nan) for known in reference.ordered]
    low, high = np.array(ends, np.float32).T
    excess = np.maximum(np.maximum(low - values, values - high), 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(excess > 0, 100 * excess / (high - low), 0)
    unseen = IS_CLASS & (_class_shares(values, reference) == 0)
    rows = table(values)[["name", "title", "value", "unit", "meaning"]].assign(
        training_low=np.where(IS_CLASS, np.nan, ENVIRONMENT.to_physical(low)),
        training_high=np.where(IS_CLASS, np.nan, ENVIRONMENT.to_physical(high)),
        beyond=np.where(IS_CLASS, np.nan, percent).astype(float),
    )
    beyond = rows[unseen | (~IS_CLASS & (percent > 0))]
    return beyond.sort_values("beyond", ascending=False, ignore_index=True)
