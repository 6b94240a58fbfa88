"""Exports of series on disk for the tests: labelled field points and raw tiles, with what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

DEGREES = 8.983152841195215e-05  # a pixel of 10 m at the equator, as Earth Engine exports a lattice of degrees
WEST, NORTH = 127.0, 41.5
CLASSES = ("deci_broad", "ever_coni", "larch_CN", "larch_JP", "shrubland")
BANDS = ("AOT", "B1", "B11", "B12", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B8A", "B9", "EVI", "NDVI", "NDWI",
         "TCI_B", "TCI_G", "TCI_R", "WVP")  # fmt: skip
LABELLED = (*BANDS[:13], "Class", *BANDS[13:], "image_date", "longitude", "latitude")


def series_rows(
    row: np.ndarray, column: np.ndarray, *, bands: Sequence[str] = BANDS, seed: int = 0, masked: float = 0.3
) -> pd.DataFrame:
    """A row per pixel of the lattice and month; a share is `masked` (-999 in every feature)."""
    random = np.random.default_rng(seed)
    pixel, month = (part.ravel() for part in np.mgrid[0 : len(row), 1:13])
    values = random.integers(1, 6000, (len(pixel), len(bands))).astype(float)
    values[:, [i for i, band in enumerate(bands) if band in ("EVI", "NDVI", "NDWI")]] /= 10_000
    values[random.random(len(pixel)) < masked] = -999
    table = pd.DataFrame(values, columns=list(bands))
    days = random.integers(1, 28, len(pixel))
    dates = [f"2022-{m:02d}-{day:02d}" for m, day in zip(month, days, strict=True)]
    return table.assign(
        image_date=dates, month=month, pixel=pixel,
        longitude=(WEST + column * DEGREES)[pixel], latitude=(NORTH - row * DEGREES)[pixel],
    )  # fmt: skip


def labelled_table(points: int = 40, seed: int = 0) -> pd.DataFrame:
    """Field points of 2 x 2 pixels, a class each; rows of masked months are left out, as such files have it."""
    random = np.random.default_rng(seed)
    cell = random.choice(60 * 60, points, replace=False)
    row = np.repeat(cell // 60 * 4, 4) + np.tile([0, 0, 1, 1], points)
    column = np.repeat(cell % 60 * 4, 4) + np.tile([0, 1, 0, 1], points)
    table = series_rows(row, column, seed=seed)
    table["Class"] = np.array(CLASSES)[table["pixel"] // 4 % len(CLASSES)]
    return table.loc[table["B2"] != -999, list(LABELLED)]


def raw_table(row: np.ndarray, column: np.ndarray, seed: int = 0) -> pd.DataFrame:
    """What Earth Engine writes without selectors: `system:index`, `month`, `patch_id`, the position in `.geo`."""
    table = series_rows(row, column, seed=seed)
    places = zip(table.pop("longitude").tolist(), table.pop("latitude").tolist(), strict=True)
    table[".geo"] = [f'{{"geodesic":false,"type":"Point","coordinates":[{x!r},{y!r}]}}' for x, y in places]
    table.insert(0, "system:index", [f"{i}_0" for i in range(len(table))])
    return table.assign(patch_id="0_0").drop(columns="pixel")


def write_exports(folder: Path, side: int = 6) -> list[Path]:
    """`points.csv` with classes, and four raw tiles of `side` pixels in gzip, of which one lacks a corner."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / "points.csv"]
    labelled_table().to_csv(files[0], index=False)
    for i, j in np.ndindex(2, 2):
        row, column = (part.ravel() for part in np.mgrid[i * side : (i + 1) * side, j * side : (j + 1) * side])
        some = (row + column) < 4 * side - 3
        files.append(folder / f"Unseen_2022_monthly_patch_{i}_{j}.csv.gz")
        raw_table(row[some], 600 + column[some], seed=10 + 2 * i + j).to_csv(files[-1], index=False)
    return files
