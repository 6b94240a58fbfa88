"""Background sites drawn where no table holds any: at random, where species were looked for, or in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sdm.data.record_types import BACKGROUND
from sdm.geo.coastline import in_window, is_land
from sdm.number_format import whole
from sdm.occurrences.environment.contract import Environment
from sdm.occurrences.options import ImportOptions
from sdm.occurrences.reading.positions import in_degrees
from sdm.occurrences.reading.reader import Rows, with_predictors
from sdm.occurrences.records import RecordSites
from sdm.occurrences.report import Tally
from sdm.occurrences.study_area import StudyArea, study_area

FEWEST, PER_SITE = 1000, 10  # a small data set has ten background sites per site of records, or this many
ROUNDS, BATCH = 60, 20_000

Draw = Callable[[np.random.Generator, int], tuple[np.ndarray, np.ndarray]]
PHRASES: Mapping[str, str] = {
    "random": "at random by area, within the extent of the records and a margin, where there are predictors",
    "effort": "from a Gaussian kernel density of the places of all records (Scott's bandwidth)",
    "target-group": "of the places of the records of all species (target group)",
}


@dataclass(frozen=True)
class Background:
    """Sites that were drawn, and a sentence on how."""

    rows: Rows
    sentence: str


def drawn_background(
    records: RecordSites, environment: Environment, options: ImportOptions, tally: Tally
) -> Background | None:
    """Background sites of the kind that `options` ask for; None without any predictor.

    Where predictors are columns of the tables nothing is known of other places: the target group is taken.
    """
    if not records.rows.values.shape[1]:
        return None
    asked = options.background or ("random" if environment.anywhere else "target-group")
    kind = asked if environment.anywhere else "target-group"
    count = min(options.background_sites, max(FEWEST, PER_SITE * len(records.rows)))
    random = np.random.default_rng(options.seed)
    if kind == "target-group":
        chosen = _spread(random, len(records.rows), count)
        rows = replace(records.rows.take(chosen), table=BACKGROUND, names={}, ids=None)
    else:
        area = study_area(records.rows, options.margin)
        draw = area.uniform if kind == "random" else _around(records, area)
        rows = _accepted(draw, environment, records.rows, count, random)
    sentence = f"{whole(len(rows))} sites {PHRASES[kind]}"
    if kind != asked:
        sentence += f"; {asked} was asked for, but predictors are only known at the sites of the tables"
    if len(rows) < count and kind != "target-group":
        tally.add("few_background", BACKGROUND, len(rows), (f"{whole(count)} wanted",))
    return Background(rows, sentence) if len(rows) else None


def _spread(random: np.random.Generator, total: int, count: int) -> np.ndarray:
    return np.sort(random.choice(total, min(count, total), replace=False))


def _around(records: RecordSites, area: StudyArea) -> Draw:
    """Draws from the kernel density of all records: a record and a step, of Scott's bandwidth along each axis."""
    weight = np.asarray(records.recorded.sum(axis=1)).ravel().astype(np.float64)[: len(records.rows)]
    share = weight / weight.sum()
    places = np.stack([records.rows.x, records.rows.y])
    effective = 1 / (share**2).sum()
    spread = np.sqrt(((places - (places @ share)[:, None]) ** 2) @ share)
    width = spread * effective ** (-1 / 6)

    def draw(random: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        x, y = places[:, random.choice(len(share), count, p=share)] + random.normal(0, width[:, None], (2, count))
        inside = area.contains(x, y)
        return x[inside], y[inside]

    return draw


def _accepted(draw: Draw, environment: Environment, like: Rows, count: int, random: np.random.Generator) -> Rows:
    """`count` drawn sites that have predictors, or as many as were found."""
    found: list[Rows] = []
    missing = count
    for _ in range(ROUNDS):
        x, y = draw(random, max(min(2 * missing, BATCH), 1000))
        rows = environment.filled(_rows(x, y, like), Tally())
        found.append(with_predictors(rows.take(_on_land(rows)) if environment.land_only else rows, Tally()))
        missing -= len(found[-1])
        if missing <= 0:
            break
    return _joined(found).take(np.arange(min(count, sum(map(len, found)))))


def _on_land(rows: Rows) -> np.ndarray:
    """Which places are land, or outside the map that tells."""
    lon, lat = in_degrees(rows.x, rows.y, rows.crs)
    return np.asarray(is_land(np.nan_to_num(lon, nan=999.0), np.nan_to_num(lat, nan=999.0)) | ~in_window(lon, lat))


def _rows(x: np.ndarray, y: np.ndarray, like: Rows) -> Rows:
    unknown = np.full(len(x), np.nan)
    return Rows(BACKGROUND, x, y, like.crs, {}, None, unknown, unknown, pd.DataFrame(index=range(len(x))),
                np.arange(len(x)))  # fmt: skip


def _joined(parts: list[Rows]) -> Rows:
    x, y = (np.concatenate([getattr(part, name) for part in parts]) for name in "xy")
    values = pd.concat([part.values for part in parts], ignore_index=True)
    return replace(_rows(x, y, parts[0]), values=values)
