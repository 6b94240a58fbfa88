"""Rows of a table of surveys whose survey id cannot be right: negative ones, and one id at several places."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sdm.formats.problem import Problems, on_lines
from sdm.formats.table import line_numbers
from sdm.geo.distance import great_circle_km, unit_vectors

NEGATIVE, OTHER_PLACE = "ids below 0", "rows at another place than their survey"
FAR_KM = 0.1  # a survey is one plot: less than its picture is wide
_WORDS = {NEGATIVE: "{} is no survey id: it is below 0", OTHER_PLACE: "survey {} lies elsewhere on a line before"}


def odd_rows(rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """Kind -> the rows (positions, ascending) of that kind, by the columns surveyId, lon and lat.

    A survey is where its first row puts it.
    """
    ids = rows["surveyId"].to_numpy()
    code, known = pd.factorize(ids)
    first = np.empty(len(known), np.int64)
    first[code[::-1]] = np.arange(len(ids))[::-1]
    lon, lat = rows["lon"].to_numpy(), rows["lat"].to_numpy()
    on_globe = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    home = first[code]
    moved = np.flatnonzero(((lon != lon[home]) | (lat != lat[home])) & on_globe & on_globe[home])
    here, there = (unit_vectors(lon[at], lat[at]) for at in (moved, home[moved]))
    km = great_circle_km(np.linalg.norm(here - there, axis=-1))
    return {NEGATIVE: np.flatnonzero(ids < 0), OTHER_PLACE: moved[km > FAR_KM]}


def odd_row_problems(path: Path, rows: pd.DataFrame) -> dict[str, Problems]:
    """Kind -> its problems by line of the table in `path`, of which `rows` are all; only kinds that occur."""
    odd = {kind: at for kind, at in odd_rows(rows).items() if at.size}
    if not odd:
        return {}
    lines, ids = line_numbers(path, len(rows)), rows["surveyId"].to_numpy()
    return {kind: on_lines(lines[at], _WORDS[kind], ids[at]) for kind, at in odd.items()}
