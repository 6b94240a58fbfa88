"""How good a run is by distance to training: a survey next to one that was learnt from asks for little.

Prediction close to training data is interpolation, far from it extrapolation (Roberts et al. 2017,
doi:10.1111/ecog.02881; Meyer and Pebesma 2021, doi:10.1111/2041-210X.13650).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset
from sdm.data.overview import distance_to_training
from sdm.data.survey_blocks import OWN_BLOCKS, block_title
from sdm.data.views import SINGLE_LABEL
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.metrics import METRICS, PER_SURVEY
from sdm.evaluation.prediction_scores import each_survey
from sdm.evaluation.run_decoding import decoder_of
from sdm.runs import ModelCard

EDGES_KM = (0.0, 1.0, 3.0, 10.0, 30.0, 100.0, np.inf)
OF_PIXELS = 100  # the same steps, but of 10 m for 1 km
NEAR_KM = 1.0
COLUMNS = ("split", "low_km", "high_km", "surveys", "value", "value_low", "value_high")


def distance_edges(dataset: Dataset) -> tuple[float, ...]:
    """Ends of the bins of distance, km: of pixels, whose blocks are of 200 m, a hundredth of those of surveys."""
    return tuple(edge / OF_PIXELS for edge in EDGES_KM) if block_title(dataset) == OWN_BLOCKS else EDGES_KM


def training_distances(dataset: Dataset, scheme: str) -> np.ndarray:
    """float64 (N,): km from each site to the nearest training survey; NaN in training and without a position."""
    result, table = np.full(len(dataset), np.nan), distance_to_training(dataset, scheme)
    result[table["row"].to_numpy(np.int64)] = table["km"]
    return result


def distance_scores(
    dataset: Dataset, card: ModelCard, splits: Mapping[str, LabelledPredictions], km: np.ndarray
) -> pd.DataFrame:
    """One row per split and bin of distance that holds a survey: COLUMNS, of the metric over surveys of its kind.

    `km` (N,) are the `training_distances`. The value is a mean over known surveys, with its 95 % interval by
    blocks, NaN where they are of one block. Empty for a run that sees one species at a time.
    """
    if card.view == SINGLE_LABEL:
        return pd.DataFrame(columns=list(COLUMNS))
    metric, edges = METRICS[PER_SURVEY[card.kind]], distance_edges(dataset)
    rows: list[tuple[object, ...]] = []
    for split, every in splits.items():
        labelled = every.of_known()
        each, at = each_survey(labelled, decoder_of(card), metric), km[labelled.sites]
        for low, high in pairwise(edges):
            inside = (at >= low) & (at < high)
            score = metric.summarise(each[inside], labelled.blocks[inside])
            if score.defined:
                ends = (np.nan if end is None else end for end in (score.low, score.high))
                rows.append((split, low, high, score.defined, score.value, *ends))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def shares_within(dataset: Dataset, scheme: str, km: np.ndarray, near_km: float = NEAR_KM) -> dict[str, float]:
    """Split -> the share of its surveys with a position that lie within `near_km` of training.

    `km` (N,) are the `training_distances`; splits without any such survey are left out.
    """
    split = dataset.sites[f"split_{scheme}"].astype(str).to_numpy()
    placed = np.isfinite(km)
    return {str(name): float((km[placed & (split == name)] < near_km).mean()) for name in np.unique(split[placed])}
