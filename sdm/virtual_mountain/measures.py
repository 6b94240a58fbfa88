"""Measures of a simulated mountain, from its files and without a model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.csv as pa_csv
import rasterio
from pyproj import Transformer
from scipy import ndimage

from sdm.geo.variogram import practical_range, semivariance
from sdm.virtual_mountain.features import FEATURES, MASKED
from sdm.virtual_mountain.parameters import BANDS, Site, classes
from sdm.virtual_mountain.write import TRUTH, truth_file

_POSITION = r"\[([-\d.]+),([-\d.]+)\]"
SEPARATING = (
    ("NDVI", 4), ("NDVI", 5), ("B8A", 9), ("B11", 9), ("NDVI", 9), ("NDVI", 10), ("B5", 10), ("NDVI", 11),
)  # fmt: skip


def truth(folder: Path, site: Site) -> dict[str, np.ndarray]:
    """TRUTH of the site by name, (rows, columns), int."""
    with rasterio.open(folder / truth_file(site)) as file:
        return dict(zip(TRUTH, file.read().astype(int), strict=True))


def exported(folder: Path, site: Site) -> pd.DataFrame:
    """All rows exported of a site: features (NaN where masked), `month`, `day` of the year, `Class` if labelled.

    Of the pixel: its flat position on the lattice of the truth, `pixel`, and its `class`, `stand` and `elevation`.
    """
    files = sorted(folder.glob(f"{site.name}*.csv.gz"))
    table = pd.concat([pa_csv.read_csv(path).to_pandas() for path in files], ignore_index=True)
    table[list(FEATURES)] = table[list(FEATURES)].replace(MASKED, np.nan)
    if ".geo" in table:
        table[["longitude", "latitude"]] = table[".geo"].str.extract(_POSITION).astype(float)
    dates = pd.to_datetime(table["image_date"])
    table["month"], table["day"] = dates.dt.month, dates.dt.day_of_year
    with rasterio.open(folder / truth_file(site)) as file:
        crs, place, width = file.crs, ~file.transform, file.width
    east, north = table["longitude"].to_numpy(), table["latitude"].to_numpy()
    x, y = Transformer.from_crs(4326, crs, always_xy=True).transform(east, north)
    column, row = (np.floor(axis).astype(int) for axis in (place.a * x + place.c, place.e * y + place.f))
    table["pixel"] = row * width + column
    return table.assign(**{name: band[row, column] for name, band in truth(folder, site).items()})


def once(table: pd.DataFrame) -> pd.DataFrame:
    """The rows without those that repeat a pixel and date."""
    return table.drop_duplicates(["pixel", "month"])


def field_points(table: pd.DataFrame, side: int) -> pd.Series:
    """The number of the field point of each row: pixels that touch are of one."""
    mask = np.zeros(side * side, bool)
    mask[table["pixel"]] = True
    number = ndimage.label(mask.reshape(side, side), np.ones((3, 3)))[0]
    return pd.Series(number.ravel()[table["pixel"]], table.index)


def shared_variance(values: pd.Series, group: pd.Series) -> float:
    """Intraclass correlation: the share of the variance of `values` that lies between groups (one-way random)."""
    table = pd.DataFrame({"value": values, "group": group}).dropna()
    of_group = table.groupby("group")["value"]
    size, mean = of_group.size(), of_group.mean()
    between = float((size * (mean - table["value"].mean()) ** 2).sum()) / (len(size) - 1)
    within = float(((table["value"] - of_group.transform("mean")) ** 2).sum()) / (len(table) - len(size))
    usual = (size.sum() - (size**2).sum() / size.sum()) / (len(size) - 1)
    return float((between - within) / (between + (usual - 1) * within))


def separability(table: pd.DataFrame, columns: Sequence[tuple[str, int]] = SEPARATING) -> pd.Series:
    """Jeffries-Matusita distance (0 to 2) of each pair of classes, by pixels that have all the features."""
    rows = once(table).set_index("pixel")
    parts = [rows.loc[rows["month"] == month, name].rename(f"{name} {month}") for name, month in columns]
    wide = pd.concat(parts, axis=1).dropna()
    label = rows["Class"].groupby(level=0).first().reindex(wide.index)
    names, result = classes(), {}
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            pair = [wide[label == name].to_numpy() for name in (one, other)]
            result[one, other] = _jeffries_matusita(*pair)
    return pd.Series(result)


def _jeffries_matusita(one: np.ndarray, other: np.ndarray) -> float:
    """Of two normal distributions: 2 (1 - exp(-B)), B their Bhattacharyya distance; NaN for too few samples."""
    if min(len(one), len(other)) < one.shape[1] + 2:
        return np.nan
    covariances = [np.cov(values.T) for values in (one, other)]
    apart, middle = one.mean(axis=0) - other.mean(axis=0), sum(covariances) / 2
    logs = [np.linalg.slogdet(matrix)[1] for matrix in (middle, *covariances)]
    distance = apart @ np.linalg.solve(middle, apart) / 8 + 0.5 * (logs[0] - 0.5 * (logs[1] + logs[2]))
    return float(2 * (1 - np.exp(-distance)))


def monthly(table: pd.DataFrame, feature: str) -> dict[str, dict[int, float]]:
    """Mean of a feature by class and month."""
    rows = once(table)
    return {name: _by_month(rows[rows["Class"] == name], feature) for name in classes()}


def _by_month(rows: pd.DataFrame, feature: str) -> dict[int, float]:
    means = rows.groupby("month")[feature].mean()
    return dict(zip(means.index.tolist(), means.tolist(), strict=True))


def spring_lapse(table: pd.DataFrame, name: str, days: float) -> float:
    """Days per 100 m by which leaves unfold later: from the near infrared in May between those of April and June.

    `days`: width of the class's unfolding, of which half is the scale of the logistic curve.
    """
    level = monthly(table, "B8")[name]
    rows = once(table)
    rows = rows[(rows["Class"] == name) & (rows["month"] == 5)].dropna(subset=["B8"])
    green = ((rows["B8"] - level[4]) / (level[6] - level[4])).clip(0.03, 0.97)
    phase = -np.log(green / (1 - green)) * days / 2
    return float(100 * np.polyfit(rows["elevation"], phase, 1)[0])


def cloud_reach(table: pd.DataFrame, side: int, pixels: int) -> float:
    """Probability that a pixel lacks a month which another, `pixels` away, lacks; months together."""
    lacking = np.ones((12, side * side), bool)
    seen = table.dropna(subset=["NDVI"])
    lacking[seen["month"] - 1, seen["pixel"]] = False
    places = lacking.reshape(12, side, side)
    pairs = ((places[:, pixels:], places[:, :-pixels]), (places[..., pixels:], places[..., :-pixels]))
    return float(np.mean([(a & b).sum() / b.sum() for a, b in pairs]))


def within_stands(table: pd.DataFrame, truth: dict[str, np.ndarray], pixel_m: float) -> float:
    """Practical range in metres of what varies within a stand: log ratio of B8 to B4 in September, up to 80 m."""
    seen = once(table[table["month"] == 9]).dropna(subset=["B8", "B4"])
    stand, lags = truth["stand"], range(1, 9)
    ratio = np.full(stand.size, np.nan)
    ratio[seen["pixel"]] = np.log(seen["B8"] / seen["B4"])
    inner = (ndimage.minimum_filter(stand, 3) == ndimage.maximum_filter(stand, 3)) & (truth["class"] > 0)
    gamma = semivariance(ratio.reshape(stand.shape), np.where(inner, stand, -1), lags)
    return practical_range(gamma, lags, pixel_m)


def band_means(table: pd.DataFrame, months: range) -> np.ndarray:
    """Mean reflectance x 10,000 of pixels that are of a class, (class, month, band)."""
    rows = once(table)
    rows = rows[rows["month"].isin(months) & (rows["class"] > 0)]
    means = rows.groupby(["class", "month"])[list(BANDS)].mean()
    return means.to_numpy(float).reshape(len(classes()), len(months), len(BANDS))
