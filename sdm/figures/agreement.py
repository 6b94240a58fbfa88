"""On which species of one survey several models agree, and how often they are right where they do."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from sdm.figures.ranking import FALSE_ALARM, HIT, MISS, UNJUDGED

PROBABILITY, NAMED = "probability", "named"
QUIET = ""  # of a model that rightly does not name a species


def agreement(said: Mapping[str, pd.DataFrame], recorded: Collection[int] | None) -> pd.DataFrame:
    """One row per species that any model names, first those that most models name, then by mean probability.

    `said` maps each model to its classes: class_id, name, probability, named (bool); `recorded` holds class_ids,
    None when they must not judge. Columns: class_id, name, agree (models that name it), mean (probability, over
    the models that know the species), recorded (bool; NA unjudged) and, of each model, "<model> probability" (NaN
    of a species it does not know) and "<model> named".
    """
    names: dict[int, str] = {}
    for classes in said.values():
        named = classes[classes[NAMED]]
        names |= dict(zip(named["class_id"].tolist(), named["name"].astype(str), strict=True))
    table = pd.DataFrame({"class_id": pd.Series(names.keys(), dtype=np.int64), "name": list(names.values())})
    each = {model: classes.set_index("class_id").reindex(table["class_id"]) for model, classes in said.items()}
    probability = pd.DataFrame({model: found[PROBABILITY].to_numpy(float) for model, found in each.items()})
    is_named = pd.DataFrame({model: found[NAMED].eq(True).to_numpy() for model, found in each.items()})
    there = pd.array([pd.NA if recorded is None else one in recorded for one in table["class_id"]], "boolean")
    table = table.assign(agree=is_named.sum(axis=1), mean=probability.mean(axis=1), recorded=there)
    for model in said:
        table[f"{model} {PROBABILITY}"], table[f"{model} {NAMED}"] = probability[model], is_named[model]
    return table.sort_values(["agree", "mean"], ascending=False, kind="stable", ignore_index=True)


def overlap(table: pd.DataFrame, first: str, second: str) -> float:
    """Jaccard's index of what two models of an `agreement` name: the share, of all species that either names, of
    those that both name; NaN when neither names any."""
    one, other = table[f"{first} {NAMED}"], table[f"{second} {NAMED}"]
    either = int((one | other).sum())
    return int((one & other).sum()) / either if either else float("nan")


def verdict(*, named: bool, recorded: bool | None) -> str:
    """What a model's word on a species is worth beside the record, None for no record."""
    if recorded is None:
        return UNJUDGED if named else QUIET
    if named:
        return HIT if recorded else FALSE_ALARM
    return MISS if recorded else QUIET
