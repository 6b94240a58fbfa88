"""The species predicted for one survey: ranked for one model, and compared between several."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from sdm.data.dataset import TargetKind
from sdm.evaluation.run_decoding import decoder_of
from sdm.runs import ModelCard

HIT, FALSE_ALARM, MISS, UNJUDGED = "hit", "false alarm", "miss", "predicted"
MOST_MISSES = 10  # misses listed below the predicted set
PROBABILITY, NAMED = "probability", "named"
QUIET = ""  # of a model that does not name a species that was not recorded either


def ranking(
    probabilities: np.ndarray,
    chosen: np.ndarray,
    classes: pd.DataFrame,
    truth: np.ndarray | None = None,
    most_misses: int = MOST_MISSES,
) -> pd.DataFrame:
    """Return predicted species by falling probability, then the most probable `most_misses` of those missed.

    `probabilities` (S,); `chosen` the columns decoded as present; `truth` the columns recorded, None when they
    do not count. Columns: rank, class_id, name, probability, verdict.
    """
    order = np.argsort(-probabilities, kind="stable")
    rank = np.empty(len(order), int)
    rank[order] = np.arange(1, len(order) + 1)
    predicted = order[np.isin(order, chosen)]
    recorded = np.array([], int) if truth is None else np.asarray(truth, int)
    missed = order[np.isin(order, np.setdiff1d(recorded, chosen))][:most_misses]
    shown = np.concatenate([predicted, missed]).astype(int)
    verdict = np.where(np.isin(shown, recorded), HIT, FALSE_ALARM) if truth is not None else UNJUDGED
    verdict = np.where(np.isin(shown, missed), MISS, verdict) if truth is not None else verdict
    return pd.DataFrame(
        {
            "rank": rank[shown],
            "class_id": classes["class_id"].to_numpy()[shown],
            "name": classes["name"].astype(str).to_numpy()[shown],
            "probability": probabilities[shown].astype(float),
            "verdict": verdict,
        }
    )


def set_f1(chosen: np.ndarray, truth: np.ndarray) -> float:
    """F1 of one survey's set, NaN when nothing is recorded and nothing predicted.

    >>> set_f1(np.array([1, 2]), np.array([2, 3]))
    0.5
    """
    total = len(chosen) + len(truth)
    return 2 * len(np.intersect1d(chosen, truth)) / total if total else float("nan")


def named_classes(card: ModelCard, probabilities: np.ndarray, decoder: str) -> pd.DataFrame:
    """The classes of a model with their `probabilities` (S,) and whether each is named; see `agreement`.

    `decoder` is "" for the model's own; only sets of species take another.
    """
    named = np.zeros(card.width, bool)
    sets = card.kind is TargetKind.MULTILABEL
    named[decoder_of(card, decoder if sets else "").decode(probabilities[None]).indices] = True
    return card.classes.assign(**{PROBABILITY: probabilities, NAMED: named})


def agreement(predicted: Mapping[str, pd.DataFrame], recorded: Collection[int] | None) -> pd.DataFrame:
    """Return one row per species that any model names, by the number of models that do, then by mean probability.

    `predicted` maps each model to its classes: class_id, name, probability, named (bool). `recorded` holds the
    class_ids recorded, None when they do not count.

    Columns: class_id, name, agree (models that name it), mean (probability, over the models that know the
    species), recorded (bool; NA without a record) and, of each model, "<model> probability" (NaN of a species it
    does not know) and "<model> named".
    """
    names: dict[int, str] = {}
    for classes in predicted.values():
        named = classes[classes[NAMED]]
        names |= dict(zip(named["class_id"].tolist(), named["name"].astype(str), strict=True))
    table = pd.DataFrame({"class_id": pd.Series(names.keys(), dtype=np.int64), "name": list(names.values())})
    each = {
        model: classes.set_index("class_id").reindex(table["class_id"]) for model, classes in predicted.items()
    }
    probability = pd.DataFrame({model: aligned[PROBABILITY].to_numpy(float) for model, aligned in each.items()})
    named_by = pd.DataFrame({model: aligned[NAMED].eq(True).to_numpy() for model, aligned in each.items()})
    there = pd.array([pd.NA if recorded is None else one in recorded for one in table["class_id"]], "boolean")
    table = table.assign(agree=named_by.sum(axis=1), mean=probability.mean(axis=1), recorded=there)
    for model in predicted:
        table[f"{model} {PROBABILITY}"], table[f"{model} {NAMED}"] = probability[model], named_by[model]
    return table.sort_values(["agree", "mean"], ascending=False, kind="stable", ignore_index=True)


def overlap(table: pd.DataFrame, first: str, second: str) -> float:
    """Return the Jaccard index of the species that two models of an `agreement` name: those of both / those of
    either, NaN when neither names any."""
    one, other = table[f"{first} {NAMED}"], table[f"{second} {NAMED}"]
    either = int((one | other).sum())
    return int((one & other).sum()) / either if either else float("nan")


def verdict(*, named: bool, recorded: bool | None) -> str:
    """Return hit, false alarm, miss or QUIET for one model and species; `recorded` is None without a record."""
    if recorded is None:
        return UNJUDGED if named else QUIET
    if named:
        return HIT if recorded else FALSE_ALARM
    return MISS if recorded else QUIET
