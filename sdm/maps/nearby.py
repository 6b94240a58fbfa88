"""Surveys near the selected one as clickable circles with a tooltip."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix, issparse

from sdm.data.dataset import Dataset
from sdm.maps.click_map import Circle
from sdm.maps.colours import Colouring
from sdm.number_format import counted

MOST_CIRCLES = 400  # more would make a click slower than it feels


def circles(dataset: Dataset, rows: np.ndarray, colours: Colouring) -> list[Circle]:
    """The surveys in `rows`, coloured as on the tiles; all of them must have a position."""
    sites = dataset.sites[["lon", "lat", "source", "survey_id", "country", "year"]].iloc[rows]
    country, year = (sites[name].astype(object).where(sites[name].notna(), None) for name in ("country", "year"))
    columns = (sites["lon"].round(5), sites["lat"].round(5), sites["source"], sites["survey_id"], country, year)
    values = (column.tolist() for column in columns)
    return [
        Circle(lon, lat, colours.colours[code], f"{source}/{survey}", _summary(survey, country, year, classes))
        for lon, lat, source, survey, country, year, code, classes in zip(
            *values, colours.code[rows].tolist(), _recorded(dataset, rows), strict=True
        )
    ]


def _recorded(dataset: Dataset, rows: np.ndarray) -> list[int | None]:
    """How many classes were recorded at each; None where nothing is known, or where there is one answer."""
    if not issparse(dataset.targets.values):
        return [None] * len(rows)
    ends = csr_matrix(dataset.targets.values).indptr
    counts, known = (ends[rows + 1] - ends[rows]).tolist(), dataset.targets.known[rows].tolist()
    return [count if is_known else None for count, is_known in zip(counts, known, strict=True)]


def _summary(survey: int, country: str | None, year: float | None, recorded: int | None) -> str:
    """What is worth knowing before a click.

    >>> _summary(105, "Denmark", 2017.0, 1), _summary(7, None, None, None)
    ('survey 105 · Denmark · 2017 · 1 species', 'survey 7')
    """
    parts = [f"survey {survey}"]
    if country is not None:
        parts.append(str(country))
    if year is not None:
        parts.append(f"{year:.0f}")
    return " · ".join(parts if recorded is None else [*parts, counted(recorded, "species")])
