"""How good a run is at each source of a split: a model that reads the site from its channels falls at others.

"Clever Hans" models are right for the wrong reason: Lapuschkin et al. 2019, doi:10.1038/s41467-019-08987-4.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import TRAIN
from sdm.data.views import seen_through
from sdm.evaluation.labelled_predictions import LabelledPredictions
from sdm.evaluation.metrics import METRICS
from sdm.evaluation.prediction_scores import score
from sdm.evaluation.run_decoding import decoder_of
from sdm.runs import ModelCard

MEASURES = {
    TargetKind.MULTILABEL: ("samples-f1",), TargetKind.MULTICLASS: ("macro-f1", "accuracy"),
    TargetKind.REGRESSION: ("rmse",),
}  # fmt: skip
COLUMNS = ("split", "source", "sites", "in_training", "metric", "value", "low", "high")


def by_source(dataset: Dataset, card: ModelCard, splits: Mapping[str, LabelledPredictions]) -> pd.DataFrame:
    """One row per split, source, measure: split, source, sites, in_training, metric, value, low and high (95 %).

    `in_training`: training sites of that source under the run's scheme. Only known targets count; ends are NaN
    where a measure has no interval.
    """
    dataset = seen_through(dataset, card.view)
    sources = dataset.sites["source"].astype(str).to_numpy()
    training = dataset.rows(TRAIN, card.scheme) if TRAIN in dataset.splits(card.scheme) else np.zeros(0, np.int64)
    learnt = pd.Series(sources[training]).value_counts()
    rows = []
    for split, labelled in splits.items():
        known = labelled.of_known()
        for source in np.unique(sources[known.sites]):
            part = known.take(np.flatnonzero(sources[known.sites] == source))
            scores, _ = score(part, dataset, card.kind, decoder_of(card), ranks=False)
            for name in MEASURES[card.kind]:
                one = scores[name]
                ends = (np.nan if end is None else end for end in (one.low, one.high))
                rows.append((split, source, len(part), int(learnt.get(source, 0)), name, one.value, *ends))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def falls(table: pd.DataFrame) -> tuple[str, float, str, float] | None:
    """(source, value, source, value) of the first measure: the best that training saw, the worst it never saw.

    None where training saw every source, or none.
    """
    if table.empty:
        return None
    metric = str(table["metric"].iloc[0])
    first = table[table["metric"] == metric]
    seen, unseen = first[first["in_training"] > 0], first[first["in_training"] == 0]
    if seen.empty or unseen.empty:
        return None
    sign = 1 if METRICS[metric].higher_is_better else -1
    best = seen.iloc[int((sign * seen["value"]).argmax())]
    worst = unseen.iloc[int((sign * unseen["value"]).argmin())]
    return str(best["source"]), float(best["value"]), str(worst["source"]), float(worst["value"])
