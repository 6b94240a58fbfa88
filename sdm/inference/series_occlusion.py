"""Which months and bands a run of series needs, over many pixels: what it loses when one is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from sdm.data.dataset import ArrayReader, Dataset, TargetKind
from sdm.data.views import seen_through
from sdm.errors import RunError
from sdm.evaluation.run_inputs import training_means
from sdm.evaluation.run_model import open_model, predict_with
from sdm.jobs import Report, no_report
from sdm.modalities import MODALITIES
from sdm.modalities.raster_bands import family_of
from sdm.runs import Run

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
DATES = "dates"  # column of the table of sites: "2022-01-05 2022-02-14", a date per step


def occlusion(run: Run, dataset: Dataset, rows: np.ndarray, report: Report = no_report) -> pd.DataFrame:
    """What `run` loses on `rows`, pixels of known class, without one band or one month.

    Hidden values are the training means of their bands. One row per band and per month, or per step where the
    data tell no dates: kind (band, month or step), name, title, pixels (that have a value of it), accuracy and
    probability, how much higher the accuracy and the mean probability of the recorded class are with it than
    without. RunError where the run predicts no classes of one series.
    """
    names = [*run.card.inputs]
    if run.card.kind is not TargetKind.MULTICLASS or len(names) != 1 or family_of(names[0]) != "series":
        raise RunError("only a run that predicts classes of series can be asked for months", where=run.path)
    dataset = seen_through(dataset, run.card.view)
    name, model, truth = names[0], open_model(run), dataset.targets.values[rows]
    values = dataset.reader.read(name, rows)
    usual = training_means(run, name)
    part = dataset.take(rows)

    def score(series: np.ndarray) -> np.ndarray:
        seen = replace(part, reader=ArrayReader({name: series}))
        said = predict_with(model, run.card.statistics, seen, np.arange(len(rows))).probabilities
        return np.array([(said.argmax(axis=1) == truth).mean(), said[np.arange(len(rows)), truth].mean()])

    whole, hidden = score(values), list(_hidden(name, part, values))
    made = []
    for done, (kind, label, title, where) in enumerate(hidden, 1):
        means = np.broadcast_to(usual[None, :, None], values.shape)
        at = where & np.isfinite(values)
        accuracy, probability = whole - score(np.where(at, means, values).astype(np.float32))
        made.append((kind, label, title, int(at.any(axis=(1, 2)).sum()), accuracy, probability))
        report(done, len(hidden), "occlusions")
    return pd.DataFrame(made, columns=["kind", "name", "title", "pixels", "accuracy", "probability"])


def _hidden(name: str, part: Dataset, values: np.ndarray) -> Iterator[tuple[str, str, str, np.ndarray]]:
    """Kind, name and title of what is hidden in turn, and where that is in `values` (N, band, step)."""
    row = MODALITIES[name]
    for place, (band, title) in enumerate(zip(row.channels, row.channel_titles, strict=True)):
        yield "band", band, title, (np.arange(len(row.channels)) == place)[None, :, None]
    month = _months(part, values.shape[2])
    if month is None:
        for step in range(values.shape[2]):
            yield "step", str(step + 1), f"date {step + 1}", (np.arange(values.shape[2]) == step)[None, None]
        return
    for number, title in enumerate(MONTHS, 1):
        yield "month", title[:3], title, (month == number)[:, None, :]


def _months(part: Dataset, steps: int) -> np.ndarray | None:
    """int (N, steps): the month 1..12 of each date, 0 after the last; None where the data tell no dates."""
    if DATES not in part.sites:
        return None
    dates = [text.split() for text in part.sites[DATES].astype(str)]
    return np.array([[int(date[5:7]) for date in row[:steps]] + [0] * (steps - len(row)) for row in dates])
