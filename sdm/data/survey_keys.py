"""How surveys and places are named in links and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset
from sdm.errors import DataError
from sdm.geo.coordinates import format_coordinates, parse_coordinates
from sdm.geo.distance import distance_km

_SIMULATED = re.compile(r"^(?P<at>[^,]+,[^,]+),\s*(?P<year>\d{4})$")


def survey_key(data: Dataset, row: int) -> str:
    """Return the survey id, with the source in front where the id alone is another survey's."""
    ids = data.sites["survey_id"].to_numpy()
    alone = int(np.argmax(ids == ids[row])) == row
    return str(ids[row]) if alone else f"{data.sites['source'].iloc[row]}/{ids[row]}"


def survey_keys(data: Dataset, rows: np.ndarray) -> list[str]:
    """Return `survey_key` of many rows."""
    ids = data.sites["survey_id"].to_numpy()
    same = np.flatnonzero(np.isin(ids, ids[rows]))
    first = pd.Series(same, index=ids[same]).groupby(level=0).first()
    plain = first.reindex(ids[rows]).to_numpy() == rows
    source = data.sites["source"].iloc[rows].astype(str)
    named = zip(ids[rows].tolist(), source, plain.tolist(), strict=True)
    return [str(number) if alone else f"{text}/{number}" for number, text, alone in named]


def row_of(data: Dataset, key: str) -> int | None:
    """Return the row that `survey_key` named; None when there is none."""
    source, _, number = key.strip().rpartition("/")
    try:
        return data.row_of(int(number), source or None)
    except (ValueError, DataError, OverflowError):
        return None


def surveys_table(data: Dataset, table: pd.DataFrame) -> pd.DataFrame:
    """Return `table` with the survey's key, country and year in place of its column `site`, the row."""
    site = table["site"].to_numpy()
    known = data.sites.iloc[site][["country", "year"]].reset_index(drop=True)
    rest = table.drop(columns="site").reset_index(drop=True)
    return pd.concat([pd.DataFrame({"survey": survey_keys(data, site)}), rest, known], axis=1)


@dataclass(frozen=True)
class Location:
    """What is looked at: a survey's row, or none; `at`: (lon, lat) that was chosen, `km` from the survey.

    `year`: a survey is to be simulated at `at` itself, in that year; without `at`, no place is chosen yet.
    """

    row: int | None = None
    at: tuple[float, float] | None = None
    km: float = 0.0
    year: int | None = None

    @classmethod
    def of(cls, data: Dataset, row: int | None, at: tuple[float, float] | None) -> Location:
        """Return the survey in `row`, if any, chosen by the place `at`, if any."""
        if row is None or at is None:
            return cls(row, at)
        site = data.sites.iloc[row]
        return cls(row, at, distance_km(*at, float(site["lon"]), float(site["lat"])))

    @classmethod
    def parse(cls, data: Dataset, key: str) -> Location | None:
        """Return the location that `key` named; None when there is none in `data`."""
        row = row_of(data, key) if key else None
        if row is not None:
            return cls(row)
        match = _SIMULATED.match(key)
        at = parse_coordinates(match["at"]) if match else None
        return None if match is None or at is None else cls(at=at, year=int(match["year"]))

    def key(self, data: Dataset) -> str:
        """Return its name in a link: a survey's key, or "latitude, longitude, year" of a simulated survey."""
        if self.row is not None:
            return survey_key(data, self.row)
        return "" if self.at is None else f"{format_coordinates(*self.at)}, {self.year}"

    def is_survey_of(self, other: Location) -> bool:
        """Whether both are one survey, whatever place led to it."""
        if self.row is not None or other.row is not None:
            return self.row == other.row
        return (self.at, self.year) == (other.at, other.year)

    def position(self, data: Dataset) -> tuple[float, float] | None:
        """Return (lon, lat) of the survey, or of the place where there is none; None when unknown."""
        return self.at if self.row is None else position_of(data, self.row)


def position_of(data: Dataset, row: int) -> tuple[float, float] | None:
    """Return (lon, lat) of a survey; None when unknown."""
    lon, lat = (float(data.sites[column].iloc[row]) for column in ("lon", "lat"))
    return (lon, lat) if np.isfinite(lon + lat) else None
