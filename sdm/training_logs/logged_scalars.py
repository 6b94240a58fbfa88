"""What the name of a series tells: its group and direction; and its best values, their epochs and cost."""

from __future__ import annotations

import re
from enum import StrEnum

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
    rows = [_best(part) for _, part in table.groupby(["run", "series"], sort=False)]
    columns = ["run", "series", *POINT, "epochs_to_best", "epochs", "last_epochs", "total_seconds"]
    columns.append("lower_is_better")
    return pd.DataFrame(rows, columns=columns)


def headline_series(table: pd.DataFrame) -> str | None:
    """Return the score, or without any the loss, that most runs of the curve `table` have; None without either."""
    groups = table["series"].map(group_of)
    for group in (Group.SCORE, Group.LOSS):
        counts = table[groups == group].groupby("series", sort=False)["run"].nunique()
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


def _best(part: pd.DataFrame) -> dict[str, object]:
    run, series = part[["run", "series"]].iloc[0]
    falling = lower_is_better(series)
    row = {"run": run, "series": series, "lower_is_better": falling}
    row |= {"epochs": _count(part["epoch"]), "total_seconds": part["seconds"].max()}
    row["last_epochs"] = part["value"].tail(LAST_EPOCHS).mean() if row["epochs"] >= LAST_EPOCHS else np.nan
    values = part["value"].where(np.isfinite(part["value"]))
    if falling is None or values.isna().all():
        return row | dict.fromkeys((*POINT, "epochs_to_best"), np.nan)
    best = part.iloc[int(values.argmin() if falling else values.argmax())]
    row |= {name: best[name] for name in POINT}
    # NaN compares as False: without epochs the count is that of an empty column.
    return row | {"epochs_to_best": _count(part["epoch"][part["epoch"] <= best["epoch"]])}


def _count(epochs: pd.Series) -> float:
    """How many different epochs there are, NaN for none."""
    return float(epochs.nunique()) or np.nan
