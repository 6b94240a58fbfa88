"""The same model under several split schemes, side by side: what a random split hides.

Runs belong together when nothing but the scheme differs in their options, on the same data. Where pixels of one
polygon, or neighbours, are on both sides, a model scores by what it remembers (Roberts et al. 2017,
doi:10.1111/ecog.02881); the fall from the random scheme to block and site is the size of that leak.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from sdm.data.schemes import RANDOM, without_fold
from sdm.data.views import view_title
from sdm.evaluation.leaderboard.board import splits_of
from sdm.evaluation.leaderboard.run_scores import RunScores
from sdm.evaluation.metrics import METRICS
from sdm.runs.configuration import RunConfig
from sdm.runs.training_options import OPTIONS, recipe

SCHEMES = ("random", "polygon", "point", "block", "main_type", "site")
"""From the loosest to the hardest."""
COLUMNS = ("group", "model", "options", "scheme", "run", "split", "value", "low", "high", "rows", "leak")


def scheme_table(standings: Sequence[RunScores], metric: str) -> pd.DataFrame:
    """One row per run and split, for runs that stand under two schemes or more with all else equal.

    Columns: group (a number per set of equal options), model (title), options (what differs from the recipe),
    scheme, run, split, value, low and high (95 %), rows (that the value is a mean of), and leak: by how much the
    run under the random scheme is better on that split; NaN where there is none. The loosest scheme is first.
    """
    groups: dict[str, list[RunScores]] = {}
    for one in standings:
        if one.run.card.imported is None and not one.run.card.members:
            groups.setdefault(_key(one.run.config), []).append(one)
    several = [group for group in groups.values() if len({one.run.card.scheme for one in group}) > 1]
    rows = [row for number, group in enumerate(several) for row in _rows(number, group, metric)]
    table = pd.DataFrame(rows, columns=list(COLUMNS[:-1]))
    loosest = table[table["scheme"] == RANDOM].groupby(["group", "split"])["value"].first()
    reference = loosest.reindex(pd.MultiIndex.from_frame(table[["group", "split"]])).to_numpy(float)
    sign = 1 if METRICS[metric].higher_is_better else -1
    leak = sign * (reference - table["value"].to_numpy(float))
    table["leak"] = np.where(table["scheme"] == RANDOM, np.nan, leak)
    table["order"] = table["scheme"].map(_order)
    table = table.sort_values(["group", "order", "run"], kind="stable").reset_index(drop=True)
    return table[list(COLUMNS)]


def _order(scheme: str) -> tuple[int, str]:
    known = without_fold(scheme)
    return (SCHEMES.index(known) if known in SCHEMES else len(SCHEMES), scheme)


def _rows(number: int, group: Sequence[RunScores], metric: str) -> list[tuple[object, ...]]:
    rows = []
    for one in group:
        card, options = one.run.card, _options(one.run.config)
        for split in splits_of([one]):
            score = one.scores[split].get(metric)
            if score is not None:
                interval = (np.nan if end is None else end for end in (score.low, score.high))
                key = number, card.title, options, card.scheme, one.run.name, split
                rows.append((*key, score.value, *interval, score.defined))
    return rows


def _key(config: RunConfig) -> str:
    """All that makes a run but its scheme."""
    return json.dumps({**asdict(config), "training": {**asdict(config.training), "scheme": ""}}, sort_keys=True)


def _options(config: RunConfig) -> str:
    """What differs from the recipe of the model, in words."""
    training, usual = config.training, recipe(config.training.model)
    changed = [
        view_title(training.view) if name == "view" else f"{name.replace('_', ' ')} {getattr(training, name)}"
        for name in OPTIONS
        if name != "scheme" and getattr(training, name) != getattr(usual, name)
    ]
    return ", ".join(
        [*(f"{key} {value}" for key, value in training.model_config.items() if key != "modality"), *changed]
    )
