"""The single-label LSTM study: F1 and accuracy of its runs every ten epochs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import pandas as pd

from sdm.evaluation.published import LSTM_STUDY

EVERY = 10
MODEL, VIEW = "landsat-lstm", "single-label"
F1, ACCURACY = "macro-f1", "accuracy"
COLUMNS = ("learning_rate", "epochs", "f1", "accuracy")


def study_rate(configuration: Mapping[str, object]) -> float | None:
    """Return the learning rate of a run of the study, by its `config.json`; None for any other run."""
    training = configuration.get("training")
    if not isinstance(training, Mapping) or (training.get("model"), training.get("view")) != (MODEL, VIEW):
        return None
    rate = training.get("lr")
    return float(rate) if isinstance(rate, int | float) else None


def study_points(curves: pd.DataFrame, rates: Mapping[str, float]) -> pd.DataFrame:
    """Return learning_rate, epochs, f1, accuracy (0 to 1; NaN where not logged), a row per rate and tenth epoch.

    `rates` maps the runs of the table `curves` (`sdm.training_logs.table`) that belong to the study to their
    learning rate; runs of one rate are averaged.
    """
    chosen = curves[curves["run"].isin(list(rates)) & curves["series"].isin([F1, ACCURACY])]
    chosen = chosen[chosen["epoch"] % EVERY == 0].reset_index(drop=True)
    chosen["learning_rate"] = chosen["run"].map(rates)
    wide = chosen.pivot_table("value", ["learning_rate", "epoch"], "series").reindex(columns=[F1, ACCURACY])
    return wide.reset_index().set_axis(list(COLUMNS), axis=1)


def study_table(measured: pd.DataFrame | None = None, *, alone: bool = False) -> pd.DataFrame:
    """Return the points of `study_points` and the published ones, by epochs; `origin` says which they are.

    Without the published ones where `measured` stands `alone`.
    """
    published = pd.DataFrame(map(asdict, LSTM_STUDY)).assign(origin="published")
    parts = [published] if measured is None or measured.empty else [measured.assign(origin="measured"), published]
    data = pd.concat(parts[:1] if alone else parts, ignore_index=True)[["origin", *COLUMNS]]
    return data.sort_values("epochs", kind="stable", ignore_index=True)
