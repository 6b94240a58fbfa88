"""What the name of a series tells: its group and direction; and its best values, their epochs and cost."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

import numpy as np
import pandas as pd

from sdm.runs.card import LAST_EPOCHS

LOSS = re.compile(r"loss|perplexity")
RATE = re.compile(r"(^|[^a-z])lr([^a-z]|$)|learning.?rate")
BATCH = re.compile(r"(^|[^a-z])(batch|iter|iteration|step)([^a-z]|$)")
# What a series that should fall is called; every other one (scores) should rise.
FALLING = ("loss", "error", "rmse", "mse", "mae", "perplexity")
POINT = ("value", "step", "epoch", "seconds")


class Group(StrEnum):
    """The kind of quantity of a series."""

    LOSS = "loss"  # per epoch
    BATCH = "batch"  # loss per batch
    RATE = "rate"
    SCORE = "score"


@lru_cache(maxsize=1024)
def group_of(series: str) -> Group:
    """Return the group of a series by its name, as our runs, Lightning and most scripts choose it.

    >>> [str(group_of(name)) for name in ("validation_loss", "batch_loss", "train_loss_step", "lr-Adam", "f1")]
    ['loss', 'batch', 'batch', 'rate', 'score']
    """
    name = series.lower()
    if RATE.search(name):
        return Group.RATE
    if LOSS.search(name):
        return Group.BATCH if BATCH.search(name) else Group.LOSS
    return Group.SCORE


def lower_is_better(series: str) -> bool | None:
    """Return whether lower values of a series of this name are better; None for a learning rate.

    >>> lower_is_better("val_loss"), lower_is_better("samples-F1"), lower_is_better("lr-AdamW")
    (True, False, None)
    """
    name = series.lower()
    if RATE.search(name):
        return None
    return any(word in name for word in FALLING)


def best_points(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per run and series of the curve `table` with the first of its best values.

    Columns: run, series, value, step, epoch, seconds (of the best point), epochs_to_best (epochs trained until
    then, it included), epochs, last_epochs (mean of the last LAST_EPOCHS, NaN for fewer), total_seconds (of the
    whole run), lower_is_better. NaN where the log does not tell; a series without any finite value, and a learning
    rate, have no best point.
    """
    rows = [
        _best(str(run), str(series), part) for (run, series), part in table.groupby(["run", "series"], sort=False)
    ]
    columns = ["run", "series", *POINT, "epochs_to_best", "epochs", "last_epochs", "total_seconds"]
    columns.append("lower_is_better")
    return pd.DataFrame(rows, columns=columns)


def headline_series(table: pd.DataFrame) -> str | None:
    """Return the score, or without any the loss, that most runs of the curve `table` have; None without either."""
    each = table[["run", "series"]].drop_duplicates()
    groups = each["series"].map(group_of)
    for group in (Group.SCORE, Group.LOSS):
        counts = each[groups == group].groupby("series", sort=False).size()
        if len(counts):
            return str(counts.idxmax())
    return None


def best_by_run(table: pd.DataFrame, series: str | None) -> pd.DataFrame:
    """Return the row of `best_points` per run: of `series`, or of the first series that has a best point."""
    best = best_points(table).dropna(subset=["value"])
    best = best.iloc[(best["series"] != series).argsort(kind="stable")].drop_duplicates("run")
    return (
        best.set_index("run")
        .reindex([run for run in table["run"].unique() if run in set(best["run"])])
        .reset_index()
    )


def _best(run: str, series: str, part: pd.DataFrame) -> dict[str, object]:
    falling = lower_is_better(series)
    value, epoch, seconds = (part[name].to_numpy(float) for name in ("value", "epoch", "seconds"))
    epochs = _count(epoch)
    row: dict[str, object] = {
        "run": run, "series": series, "lower_is_better": falling, "epochs": epochs,
        "total_seconds": np.fmax.reduce(seconds, initial=np.nan),
        "last_epochs": pd.Series(value[-LAST_EPOCHS:]).mean() if epochs >= LAST_EPOCHS else np.nan,
    }  # fmt: skip
    finite = np.isfinite(value)
    if falling is None or not finite.any():
        return row | dict.fromkeys((*POINT, "epochs_to_best"), np.nan)
    last = np.inf if falling else -np.inf
    best = int((np.argmin if falling else np.argmax)(np.where(finite, value, last)))
    row |= {name: part[name].iloc[best] for name in POINT}
    # NaN compares as False: without epochs the count is that of an empty column.
    return row | {"epochs_to_best": _count(epoch[epoch <= epoch[best]])}


def _count(epochs: np.ndarray) -> float:
    """How many different epochs there are, NaN for none."""
    return float(np.unique(epochs[~np.isnan(epochs)]).size) or np.nan
