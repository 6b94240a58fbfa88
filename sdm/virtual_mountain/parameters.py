"""Every parameter of the simulated mountain: dataclasses for numbers, tables for covers, spectra, bands and dates.

They state what varies together and over which distance, when leaves come and go, how clouds take dates away and
how the two sites differ. `validate` measures each statement without a model; none was changed after a model had
been trained. Where the numbers come from: docs/virtual-mountain.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from sdm.geo.tables import read_rows

VERSION = "mountain-1"
FOLDER = Path(__file__).parent
BANDS = ("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B8A", "B9", "B11", "B12")
STATES = ("green", "brown", "bare")  # of leaves: unfolded, coloured, fallen
LATENT = ("dense", "old", "vigour")  # what varies within a cover: columns of `bands.csv`
OPEN = "open"  # the cover that is none of the classes


@dataclass(frozen=True)
class Site:
    """A site: its place on the ground, its relief, and how it was seen.

    `sensor`: whether the gain and offset of `bands.csv` apply. `twice`: share of the site, in the east, that two
    tiles of the satellite show, so that every date is there twice.
    """

    name: str
    left: int  # m, upper left corner
    top: int
    height_m: float
    height_sd_m: float
    sensor: bool
    twice: float


SITES = (
    Site("Qingshan", 669_600, 4_648_200, 620.0, 110.0, False, 0.05),
    Site("Beishan", 672_000, 4_660_200, 830.0, 100.0, True, 0.04),
)
LABELLED, UNSEEN = SITES


@dataclass(frozen=True)
class Mountain:
    """Numbers both sites share. Ranges are practical ranges: where the covariance has fallen to 5 %."""

    side: int = 510  # pixels along a side of the labelled site; a multiple of 6, as all sides
    tile: int = 96  # pixels along a side of a tile of the unseen site
    tiles: int = 2  # along a side of the unseen site
    points: int = 4600  # field points, each of 2 x 2 pixels (source: about 4,600)
    series: int = 16_464  # pixels of them that are in the file (source: 16,464)
    spacing: int = 7  # pixels from one field point to the next
    crs: int = 32651
    pixel_m: int = 10
    year: int = 2022
    relief_range_m: float = 1800.0
    planted_range_m: float = 1200.0
    stand_m2: float = 30_000.0  # mean area of a stand: one cover, one history
    stand_spread: float = 0.6  # standard deviation of the logarithm of stand density
    structure_range_m: float = 500.0  # of age, density and vigour between stands
    structure_share: float = 0.5  # of the variance between stands; the rest is each stand's own
    stand_sd: float = 0.8  # of each latent, between stands
    within_sd: float = 0.5  # of each latent, within a stand
    within_range_m: float = 60.0
    lapse_days: float = 3.4  # spring is later by as many days per 100 m
    lapse_autumn_days: float = -0.8  # autumn is earlier
    datum_m: float = 600.0  # height at which the dates of `covers.csv` hold
    spring_sd: float = 2.5  # days, between stands
    autumn_sd: float = 3.5
    within_days_sd: float = 1.5  # within a stand
    psf: float = 0.55  # pixels, standard deviation of the point spread of a 10 m band
    relative_noise: float = 0.012  # of reflectance, besides the noise of `bands.csv`
    haze_sd: float = 0.35  # of a date, in units of the haze of `bands.csv`
    haze_field: float = 0.25  # within a date
    haze_range_m: float = 2500.0
    cloud_range_m: float = 1500.0
    snow_range_m: float = 300.0
    slope_light: float = 0.5  # part of the slope's light that is left after correction
    resampled_noise: float = 0.006  # relative difference of a date that is there twice


MOUNTAIN = Mountain()


@dataclass(frozen=True)
class Cover:
    """A class, or `open`: share of each site (per cent), where it grows, days of the year of its leaves."""

    name: str
    title: str
    shares: dict[str, float]
    height_m: float
    tolerance_m: float
    planted: float
    spring: float
    spring_days: float
    browning: float
    browning_days: float
    leaf_fall: float
    leaf_fall_days: float
    understorey: float  # share of the ground that broadleaved shrubs cover
    snow_seen: float  # share of snow on the ground that is seen from above


@dataclass(frozen=True)
class Acquisition:
    """What a site's image of one month is like.

    `clear`: share of the site without cloud. `written`: clouded pixels are in the export, as -999, instead of left
    out. `snow_line_m`: above it half the ground has snow, NaN without any. `aot`, `wvp`: stored mean, times 1,000.
    """

    site: str
    day: date
    clear: float
    written: bool
    snow_line_m: float
    aot: float
    wvp: float

    @property
    def day_of_year(self) -> int:
        """1 to 366."""
        return self.day.timetuple().tm_yday


@cache
def covers() -> tuple[Cover, ...]:
    """Rows of `covers.csv`; `open` is the last."""
    texts = ("cover", "title", *(site.name.lower() for site in SITES))
    return tuple(
        Cover(
            row["cover"], row["title"], {site.name: float(row[site.name.lower()]) for site in SITES},
            **{name: float(value) for name, value in row.items() if name not in texts},
        )
        for row in read_rows("covers", FOLDER)
    )  # fmt: skip


@cache
def classes() -> tuple[str, ...]:
    """The names of the covers that are classes."""
    return tuple(cover.name for cover in covers() if cover.name != OPEN)


def of_covers(name: str) -> np.ndarray:
    """One number of every cover, float32."""
    return np.array([getattr(cover, name) for cover in covers()], np.float32)


@cache
def band_table() -> dict[str, np.ndarray]:
    """Columns of `bands.csv` in the order of BANDS."""
    rows = {row["band"]: row for row in read_rows("bands", FOLDER)}
    names = [name for name in rows["B2"] if name != "band"]
    return {name: np.array([float(rows[band][name]) for band in BANDS], np.float32) for name in names}


@cache
def spectra() -> np.ndarray:
    """Reflectance x 10,000, float32 (cover, state, band)."""
    table = {
        (row["cover"], row["state"]): [float(row[band]) for band in BANDS] for row in read_rows("spectra", FOLDER)
    }
    return np.array([[table[cover.name, state] for state in STATES] for cover in covers()], np.float32)


@cache
def snow_spectrum() -> np.ndarray:
    """Reflectance x 10,000 of snow between trees, float32 (band,)."""
    row = next(row for row in read_rows("spectra", FOLDER) if row["state"] == "snow")
    return np.array([float(row[band]) for band in BANDS], np.float32)


@cache
def acquisitions(site: str, year: int = MOUNTAIN.year) -> tuple[Acquisition, ...]:
    """The images of a site, one a month."""
    return tuple(
        Acquisition(
            site, date(year, int(row["month"]), int(row["day"])), float(row["clear"]), row["written"] == "1",
            float(row["snow_line_m"] or "nan"), float(row["aot"]), float(row["wvp"]),
        )
        for row in read_rows("calendar", FOLDER) if row["site"] == site
    )  # fmt: skip
