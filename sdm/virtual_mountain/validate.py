"""Whether a simulated mountain is what its parameters state: `python -m sdm.virtual_mountain.validate FOLDER`.

Everything is measured on the files, without a model. The parameters were set before any model was trained on the
mountain, and are not changed to make a model look good.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from sdm.analysis.simulation_check import Statement, run, statement_table
from sdm.errors import DataError
from sdm.virtual_mountain import measures
from sdm.virtual_mountain.parameters import (
    BANDS,
    LABELLED,
    MOUNTAIN,
    UNSEEN,
    acquisitions,
    band_table,
    classes,
    covers,
)
from sdm.virtual_mountain.write import DESCRIPTION

OURS, SOURCE = "parameters of the mountain", "published data set"
CANOPY = "beech canopy: B8 .15 to .40 through the year, visible .01 to .06"
SHIFT = f"{OURS}; allowed: three standard deviations of dates and stands"
LAPSE = "Moser et al. 2010: 3 to 4"
_SUMMER = range(6, 10)  # months in which leaves are green
_STANDS = 0.012  # standard deviation of a site's mean reflectance, relative, as stands differ
_Row = tuple[str, str, float, float, float, str]  # statement, unit, measured, stated, allowed, source


def validate(folder: Path) -> pd.DataFrame:
    """Return the table of statements of the mountain in `folder`; DataError where there is none."""
    if not (folder / DESCRIPTION).exists():
        remedy = "Name the folder virtual-mountain that `python -m sdm demo --kind trees` wrote."
        raise DataError("no simulated mountain", where=folder, remedy=remedy)
    labelled, unseen = (measures.exported(folder, site) for site in (LABELLED, UNSEEN))
    truth = {site: measures.truth(folder, site) for site in (LABELLED, UNSEEN)}
    heights = (float(truth[LABELLED]["elevation"].mean()), float(truth[UNSEEN]["elevation"].mean()))
    rows = [
        *(Statement(LABELLED.name, *row) for row in _sample_rows(labelled, len(truth[LABELLED]["class"]))),
        *(Statement(LABELLED.name, *row) for row in _season_rows(labelled)),
        *(Statement(LABELLED.name, *row) for row in _class_rows(labelled)),
        *(Statement(UNSEEN.name, *row) for row in _lattice_rows(unseen, truth[UNSEEN])),
        *(Statement(UNSEEN.name, *row) for row in _shift_rows(labelled, unseen, heights)),
    ]
    return statement_table(rows)


def _sample_rows(table: pd.DataFrame, side: int) -> Iterator[_Row]:
    """Field points, series, dates, and how alike pixels of one point are."""
    pixels = table["pixel"].nunique()
    point, of_pixel = measures.field_points(table, side), table.groupby("pixel").size()
    yield "field points", "", float(point.nunique()), MOUNTAIN.points, 50, SOURCE
    yield "labelled series", "", float(pixels), MOUNTAIN.series, 200, SOURCE
    yield "rows per series", "", len(table) / pixels, 8.5, 0.2, SOURCE
    yield "series with more than 12 rows", "share", float((of_pixel > 12).mean()), 0.045, 0.02, OURS
    twice = float(table.duplicated(["pixel", "image_date"]).mean())
    yield "rows whose date is there twice", "share", twice, LABELLED.twice, 0.015, OURS
    masked = sum(1 - image.clear for image in acquisitions(LABELLED.name) if image.written)
    yield "rows without any value", "share", float(table["NDVI"].isna().mean()), masked / 8.5, 0.015, OURS
    names = np.array(["", *classes()])
    first = table.drop_duplicates("pixel")
    wrong = names[first["class"].to_numpy()] != first["Class"].to_numpy()
    yield "pixels of another class than their point's", "share", float(wrong.mean()), 0.02, 0.015, OURS
    autumn = measures.once(table[(table["month"] == 9) & (table["Class"] == "deci_broad")])
    for group, name, stated in ((point[autumn.index], "field point", 0.90), (autumn["stand"], "stand", 0.55)):
        alike = measures.shared_variance(autumn["B8"], group)
        yield f"variance of B8 shared within a {name}, broadleaves", "share", alike, stated, 0.08, OURS


def _season_rows(table: pd.DataFrame) -> Iterator[_Row]:
    """Leaves and snow through the year."""
    infrared, green, visible = (measures.monthly(table, name) for name in ("B8", "NDVI", "B3"))
    for band, month, stated, allowed in (("B8", 6, 0.39, 0.03), ("B8", 4, 0.15, 0.03), ("B3", 6, 0.05, 0.01)):
        seen = (visible if band == "B3" else infrared)["deci_broad"][month] / 10_000
        yield f"{band} of broadleaves in month {month}", "reflectance", seen, stated, allowed, CANOPY
    for name, stated in (("deci_broad", 1.40), ("ever_coni", 0.68)):
        ratio = infrared[name][9] / infrared["larch_JP"][9]
        yield f"B8 in September, {name} over larch_JP", "ratio", ratio, stated, 0.08, OURS
    for name, stated in (("deci_broad", 0.63), ("larch_CN", 0.91), ("larch_JP", 0.98), ("ever_coni", 0.98)):
        left = green[name][10] / green[name][9]
        yield (
            f"NDVI in October over September, {name}",
            "ratio",
            left,
            stated,
            0.05,
            "order of autumn",
        )
    lapse = measures.spring_lapse(
        table, "deci_broad", next(c.spring_days for c in covers() if c.name == "deci_broad")
    )
    yield (
        "spring is later with height, broadleaves",
        "days per 100 m",
        lapse,
        3.4,
        0.8,
        "Moser et al. 2010: 3 to 4",
    )
    march = measures.once(table[(table["month"] == 3) & table["Class"].str.startswith("larch")]).dropna(
        subset=["NDVI"]
    )
    snow = float(100 * np.polyfit(march["elevation"], march["NDVI"], 1)[0])
    yield "snow: NDVI of larches in March with height", "per 100 m", snow, -0.065, 0.03, OURS


def _class_rows(table: pd.DataFrame) -> Iterator[_Row]:
    """Shares of the classes, and which pair is hardest to tell apart."""
    share = table.drop_duplicates("pixel")["Class"].value_counts(normalize=True)
    stated = pd.Series({cover.name: cover.shares[LABELLED.name] for cover in covers()})[list(classes())]
    off = float((share - stated / stated.sum()).abs().max())
    yield "largest error of a class's share", "share", off, 0.0, 0.02, OURS
    apart = measures.separability(table)
    pair = ("larch_JP", "larch_CN")
    yield "separability of the larches", "Jeffries-Matusita", float(apart[pair]), 1.30, 0.35, OURS
    yield "least of the other nine pairs", "Jeffries-Matusita", float(apart.drop([pair]).min()), 1.95, 0.05, OURS


def _lattice_rows(table: pd.DataFrame, truth: dict[str, np.ndarray]) -> Iterator[_Row]:
    """What only a full lattice shows: its rows, clouds, and the range within stands."""
    side = len(truth["class"])
    yield "pixels with a date", "share", table["pixel"].nunique() / side**2, 1.0, 0.01, OURS
    yield "rows per pixel", "", len(table) / side**2, 8.4, 0.2, OURS
    reach = measures.cloud_reach(table, side, round(100 / MOUNTAIN.pixel_m))
    yield "a date lacking at a pixel lacks 100 m away", "probability", reach, 0.72, 0.08, OURS
    own = measures.within_stands(table, truth, MOUNTAIN.pixel_m)
    yield "range within a stand", "m", own, MOUNTAIN.within_range_m, 0.35 * MOUNTAIN.within_range_m, OURS
    share = np.bincount(truth["class"].ravel(), minlength=6)[1:] / side**2
    stated = np.array([cover.shares[UNSEEN.name] for cover in covers()])[: len(classes())] / 100
    yield "largest error of a class's share", "share", float(np.abs(share - stated).max()), 0.0, 0.03, OURS


def _shift_rows(labelled: pd.DataFrame, unseen: pd.DataFrame, heights: tuple[float, float]) -> Iterator[_Row]:
    """The unseen site against the labelled one: height, dates, and how its classes look to the sensor."""
    yield "higher by", "m", heights[1] - heights[0], UNSEEN.height_m - LABELLED.height_m, 5.0, OURS
    days = [table.groupby("month")["day"].first() for table in (unseen, labelled)]
    yield "images later by", "days", float((days[0] - days[1]).mean()), 8.75, 0.1, OURS
    table, means = band_table(), [measures.band_means(part, _SUMMER) for part in (unseen, labelled)]
    stated = (table["gain"] + table["offset"] / means[1]).mean(axis=(0, 1))
    usual = means[1].mean(axis=(0, 1))
    date = np.hypot(table["view_sd"], MOUNTAIN.haze_sd * table["haze"] / usual) * np.sqrt(2 / len(_SUMMER))
    allowed = 3 * np.hypot(date, _STANDS)
    for i, band in enumerate(BANDS):
        ratio = float((means[0] / means[1])[..., i].mean())
        yield f"shift of {band} in summer", "ratio", ratio, float(stated[i]), float(allowed[i]), SHIFT


if __name__ == "__main__":
    sys.exit(run(validate, "sdm.virtual_mountain.validate"))
