"""From stored arrays to a batch: the one way data reaches a model, in training and in the app.

A batch is a dict of tensors for n surveys:

    <modality>            float32 (n, *shape), for instance patch (n, 4, 64, 64), landsat (n, 6, 4, 21)
    <modality>_valid      bool, the same shape: False where a value is missing and 0 stands in for it
    site                  float64 (n, 4): longitude, latitude (degrees), year, log10 area (m²); NaN if unknown
    country, region       int64 (n,): 1.. in the order of the training split, 0 for any other
    survey_id             int64 (n,)
    labels, weight        multilabel (n, S) in [0, 1] and (n, 1); multiclass int64 (n,) and (n,);
                          regression float32 (n,) and (n,). weight 0: the target is unknown
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import torch
from scipy.sparse import issparse

from sdm.data.dataset import Dataset, TargetKind, Targets
from sdm.errors import DataError, RunError, UnknownNameError
from sdm.modalities import MODALITIES
from sdm.modalities.quantile import quantile_normalise
from sdm.models.statistics import Statistics

Batch = dict[str, torch.Tensor]
SITE = ("lon", "lat", "year", "log10_area")
STATISTICS_SURVEYS = 4096  # per-channel moments of a patch are settled long before this many
ROUND_OFF = 1e-12  # a variance below this share of the squared mean is that of a constant
BRIGHTEST, GAMMA, LEVELS = 10_000, 2.5, 255  # of the patches of GeoLifeCLEF 2024, which come as 8-bit pictures


def fit_statistics(dataset: Dataset, rows: np.ndarray, modalities: tuple[str, ...]) -> Statistics:
    """Statistics of `rows`, which must be the training split alone."""
    mean: dict[str, tuple[float, ...]] = {}
    std: dict[str, tuple[float, ...]] = {}
    for name in modalities:
        having = rows[dataset.reader.available(name)[rows]]
        sample = having[np.linspace(0, len(having) - 1, min(len(having), STATISTICS_SURVEYS)).astype(int)]
        mean[name], std[name] = _moments(dataset, name, sample)
    sites = dataset.sites.iloc[rows]
    return Statistics(mean, std, _names(sites["country"]), _names(sites["region"]))


def _moments(dataset: Dataset, name: str, rows: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation per channel over valid values; 0 and 1 for a channel without any.

    The deviation of a constant channel is 1. DataError where none of `rows` has a valid value.
    """
    channels = len(MODALITIES[name].channels)
    count, total, squares = np.zeros(channels), np.zeros(channels), np.zeros(channels)
    for part in np.array_split(rows, max(1, len(rows) // 256)):
        values = dataset.reader.read(name, part).astype(np.float64)
        values = np.moveaxis(values, 1, 0).reshape(channels, -1)
        valid = np.isfinite(values)
        values = np.where(valid, values, 0)
        count += valid.sum(axis=1)
        total += values.sum(axis=1)
        squares += (values * values).sum(axis=1)
    if len(rows) and not count.any():
        raise DataError(
            f"every value of {name} is missing", where=dataset.place or dataset.name,
            expected="a number in at least one survey", got=f"none in {len(rows):,} surveys looked at",
            remedy=f"Download {name} again, or choose a model that does without it.",
        )  # fmt: skip
    mean = np.divide(total, count, out=np.zeros(channels), where=count > 0)
    variance = np.divide(squares, count, out=np.ones(channels), where=count > 0) - mean**2
    varies = (count > 0) & (variance > ROUND_OFF * mean**2)
    std = np.sqrt(variance, out=np.ones(channels), where=varies)
    return tuple(mean.tolist()), tuple(std.tolist())


def _names(column: pd.Series) -> tuple[str, ...]:
    return tuple(sorted(str(name) for name in column.dropna().unique()))


def _standardise(values: np.ndarray, name: str, statistics: Statistics) -> np.ndarray:
    if name not in statistics.mean:
        raise RunError(f"no statistics of {name!r}", expected=", ".join(statistics.mean))
    trailing = (1,) * (values.ndim - 2)
    mean = np.asarray(statistics.mean[name], np.float32).reshape(-1, *trailing)
    std = np.asarray(statistics.std[name], np.float32).reshape(-1, *trailing)
    return (values - mean) / std


def _standardise_pixel(values: np.ndarray, _name: str, _statistics: Statistics) -> np.ndarray:
    """Each pixel (n, band) by the mean and deviation of its own bands; a pixel of equal bands becomes 0."""
    valid = np.isfinite(values)
    count = np.maximum(valid.sum(axis=1, keepdims=True), 1)
    centred = values - np.where(valid, values, 0).sum(axis=1, keepdims=True) / count
    std = np.sqrt(np.where(valid, centred**2, 0).sum(axis=1, keepdims=True) / count)
    return centred / np.where(std > 0, std, 1)


def _quantile(values: np.ndarray, _name: str, _statistics: Statistics) -> np.ndarray:
    return quantile_normalise(values)


def _gamma(values: np.ndarray, _name: str, _statistics: Statistics) -> np.ndarray:
    """Reflectance x 10,000 as 8-bit brightness in [0, 1]: what is beyond is cut off, the dark drawn apart."""
    share = np.clip(values, 0, BRIGHTEST) / np.float32(BRIGHTEST)
    return np.round(share ** np.float32(1 / GAMMA) * LEVELS) / np.float32(LEVELS)


def _keep_codes(values: np.ndarray, name: str, statistics: Statistics) -> np.ndarray:
    """Numbers standardised, class codes as they are."""
    return np.where(coded_channels(name), values, _standardise(values, name, statistics))


def _stored(values: np.ndarray, _name: str, _statistics: Statistics) -> np.ndarray:
    return values


AS_STORED = "stored"  # for a predictor whose parts each prepare what they see
PREPARATIONS: dict[str, Callable[[np.ndarray, str, Statistics], np.ndarray]] = {
    AS_STORED: _stored,
    "standardise": _standardise,
    "standardise-pixel": _standardise_pixel,
    "quantile": _quantile,
    "gamma": _gamma,
    "standardise-numbers": _keep_codes,
}


def suits(preparation: str, modality: str) -> bool:
    """Whether `modality` declares the preparation; what is stored suits all."""
    return preparation == AS_STORED or preparation in MODALITIES[modality].preparations


def coded_channels(modality: str) -> np.ndarray:
    """bool (channels, 1, ...): which channels hold class codes, shaped to broadcast over the modality's values."""
    row = MODALITIES[modality]
    coded = np.array(row.coded or (False,) * len(row.channels))
    return coded.reshape(-1, *(1,) * (len(row.shape) - 1))


def make_batch(
    arrays: Mapping[str, np.ndarray],
    sites: pd.DataFrame,
    inputs: Mapping[str, str],
    statistics: Statistics,
) -> Batch:
    """A batch without targets.

    `arrays` holds (n, *shape) per modality in stored units with NaN where missing; `sites` the n rows of
    `Dataset.sites`; `inputs` maps each modality the model sees to its preparation.
    """
    batch: Batch = {
        "survey_id": torch.from_numpy(sites["survey_id"].to_numpy(np.int64, copy=True)),
        "site": torch.from_numpy(_site(sites)),
        "country": _code(sites["country"], statistics.countries),
        "region": _code(sites["region"], statistics.regions),
    }
    return batch | prepare_inputs(arrays, inputs, statistics)


def prepare_again(batch: Batch, inputs: Mapping[str, str], statistics: Statistics) -> Batch:
    """`batch`, whose inputs are as stored, prepared for a predictor of such `inputs`."""
    arrays = {
        name: np.where(batch[f"{name}_valid"].numpy(), batch[name].numpy(), np.float32(np.nan)) for name in inputs
    }
    return batch | prepare_inputs(arrays, inputs, statistics)


def prepare_inputs(arrays: Mapping[str, np.ndarray], inputs: Mapping[str, str], statistics: Statistics) -> Batch:
    """Values and mask of each of `inputs`; see `make_batch`."""
    batch: Batch = {}
    for name, preparation in inputs.items():
        if preparation not in PREPARATIONS:
            raise UnknownNameError("unknown preparation", expected=", ".join(PREPARATIONS), got=preparation)
        values = PREPARATIONS[preparation](arrays[name], name, statistics)
        valid = np.isfinite(values)
        batch[name] = torch.from_numpy(np.where(valid, values, np.float32(0)).astype(np.float32))
        batch[f"{name}_valid"] = torch.from_numpy(valid)
    return batch


def read_batch(
    dataset: Dataset, rows: np.ndarray, inputs: Mapping[str, str], statistics: Statistics, *, targets: bool = True
) -> Batch:
    """The batch of `rows`, with labels and weight when `targets`; a modality the data set lacks is missing."""
    arrays = {name: _read(dataset, name, rows) for name in inputs}
    batch = make_batch(arrays, dataset.sites.iloc[rows], inputs, statistics)
    if targets:
        batch |= target_tensors(dataset.targets, rows)
    return batch


def _read(dataset: Dataset, name: str, rows: np.ndarray) -> np.ndarray:
    if name in dataset.modalities:
        return dataset.reader.read(name, rows)
    return np.full((len(rows), *MODALITIES[name].shape), np.nan, np.float32)


def target_tensors(targets: Targets, rows: np.ndarray) -> Batch:
    """`labels` and `weight` of `rows`."""
    known = torch.from_numpy(targets.known[rows].astype(np.float32))
    values = targets.values[rows]
    if issparse(values):
        return {"labels": torch.from_numpy(values.toarray().astype(np.float32)), "weight": known[:, None]}
    if targets.kind is TargetKind.MULTICLASS:
        return {"labels": torch.from_numpy(values.astype(np.int64)), "weight": known}
    numbers = np.where(targets.known[rows], values, 0).astype(np.float32)
    return {"labels": torch.from_numpy(numbers), "weight": known}


def _site(sites: pd.DataFrame) -> np.ndarray:
    area = sites["area_m2"].to_numpy(np.float64, na_value=np.nan)
    positive = np.isfinite(area) & (area > 0)
    log_area = np.full(len(area), np.nan)
    log_area[positive] = np.log10(area[positive])
    columns = [sites[c].to_numpy(np.float64, na_value=np.nan) for c in ("lon", "lat", "year")]
    return np.stack([*columns, log_area], axis=1)


def _code(column: pd.Series, known: tuple[str, ...]) -> torch.Tensor:
    return torch.from_numpy(pd.Index(known).get_indexer(pd.Index(column.astype(object))).astype(np.int64) + 1)
