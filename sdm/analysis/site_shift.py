"""How far the values of one source of a data set lie from those of another: the shift a model has to bridge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.analysis.sampling import evenly
from sdm.data.dataset import Dataset, TargetKind
from sdm.modalities import MODALITIES

MOST = 2_000  # sites of each source
FOLDS = 5
FEWEST = 10  # sites of each source, below which nothing is compared


@dataclass(frozen=True)
class SiteShift:
    """The shift between two sources.

    - bands: one row per channel: channel, title, unit, mean and deviation of each source (`mean_a`, `mean_b`,
      `std_a`, `std_b`), and `d`, the difference of means in units of the pooled deviation (Cohen 1988)
    - classes: how many classes both have and `d` was averaged over; 0 where it is of all sites together
    - told_apart: share of sites whose source a logistic regression on the channels names rightly, cross-validated,
      both sources counting alike; 0.5 is chance
    """

    a: str
    b: str
    bands: pd.DataFrame
    classes: int
    told_apart: float

    @property
    def proxy_distance(self) -> float:
        """Proxy A-distance, 0 (alike) to 2 (told apart without error): Ben-David et al. 2007, NeurIPS 19."""
        return 2 * (1 - 2 * min(1 - self.told_apart, 0.5))


def band_table(dataset: Dataset, modality: str, most: int = MOST, level: str = "name") -> pd.DataFrame:
    """An even sample of sites with one column per channel, in physical units: row, source, class, then channels.

    Of images the mean over the pixels. `class` is the column `level` of the table of classes, "" where the target
    is unknown or a number.
    """
    row = MODALITIES[modality]
    sources = dataset.sites["source"].astype(str).to_numpy()
    rows = np.concatenate(
        [evenly(dataset, np.flatnonzero(sources == source), modality, most) for source in np.unique(sources)]
    )
    values = row.to_physical(dataset.reader.read(modality, rows)).reshape(len(rows), len(row.channels), -1)
    table = pd.DataFrame(np.nanmean(values, axis=2), columns=list(row.channels))
    table.insert(0, "row", rows)
    table.insert(1, "source", sources[rows])
    table.insert(2, "class", class_names(dataset, rows, level))
    return table


def class_names(dataset: Dataset, rows: np.ndarray, level: str = "name") -> np.ndarray:
    """str (n,): the class of each of `rows` at a level of the hierarchy, "" where there is none."""
    targets = dataset.targets
    if targets.kind is not TargetKind.MULTICLASS:
        return np.full(len(rows), "", object)
    known = targets.known[rows]
    names = targets.classes[level].astype(str).to_numpy()
    return np.where(known, names[np.where(known, targets.values[rows], 0)], "")


def site_shift(table: pd.DataFrame, modality: str) -> SiteShift | None:
    """The shift between the two sources with the most sites in a `band_table`; None for fewer than two.

    Where both have classes in common, means and deviations are those of the common classes, each counting alike,
    so that other shares of classes are no shift.
    """
    counts = table["source"].value_counts()
    counts = counts[counts >= FEWEST]
    if len(counts) < 2:
        return None
    a, b = sorted(counts.index[:2])
    one, other = table[table["source"] == a], table[table["source"] == b]
    common = sorted((set(one["class"]) & set(other["class"])) - {""})
    if common:
        one, other = (part[part["class"].isin(common)] for part in (one, other))
    row = MODALITIES[modality]
    rows = [
        (channel, title, unit, *_moments(one, other, channel))
        for channel, title, unit in zip(row.channels, row.channel_titles, row.units, strict=True)
    ]
    names = ["channel", "title", "unit", "mean_a", "mean_b", "std_a", "std_b", "d"]
    told = _told_apart(one[list(row.channels)], other[list(row.channels)])
    return SiteShift(str(a), str(b), pd.DataFrame(rows, columns=names), len(common), told)


def _moments(one: pd.DataFrame, other: pd.DataFrame, channel: str) -> tuple[float, float, float, float, float]:
    """Means of both, deviations of both, and Cohen's d, of classes that count alike."""
    means, variances = [], []
    for part in (one, other):
        of_class = part.groupby("class")[channel]
        means.append(of_class.mean().mean())
        variances.append(of_class.var(ddof=0).mean())
    pooled = np.sqrt(np.mean(variances))
    d = (means[1] - means[0]) / pooled if pooled > 0 else np.nan
    return means[0], means[1], float(np.sqrt(variances[0])), float(np.sqrt(variances[1])), float(d)


def _told_apart(one: pd.DataFrame, other: pd.DataFrame) -> float:
    """Share of rows whose table a cross-validated logistic regression names; NaN for too few."""
    # Imported here: it takes a second, and few data sets have sources to compare.
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    values = pd.concat([one, other]).to_numpy(np.float64)
    of = np.repeat([0, 1], [len(one), len(other)])
    whole = np.isfinite(values).all(axis=1)
    values, of = values[whole], of[whole]
    if min(np.bincount(of, minlength=2)) < FEWEST:
        return float("nan")
    model = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced", max_iter=500))
    named = cross_val_predict(model, values, of, cv=FOLDS)
    return float(np.mean([(named[of == source] == source).mean() for source in (0, 1)]))
