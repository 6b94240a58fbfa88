"""The Landsat series: six bands at the survey's pixel, every quarter of 21 years."""

from __future__ import annotations

import numpy as np

from sdm.modalities import layouts
from sdm.modalities.modality import Fact, Modality, mean, normalised_difference

BANDS = ("red", "green", "blue", "nir", "swir1", "swir2")
QUARTERS = ("winter", "spring", "summer", "autumn")
LANDSAT_YEARS = tuple(range(2000, 2021))
# First and last day of each quarter, month-day; winter starts in the year before.
# Witjes et al. 2022, doi:10.7717/peerj.13573, as used by EcoDataCube and GeoLifeCLEF.
QUARTER_DAYS = {
    "winter": ("12-02", "03-20"),
    "spring": ("03-21", "06-24"),
    "summer": ("06-25", "09-12"),
    "autumn": ("09-13", "12-01"),
}
SERIES = "landsat_time_series"


def _tables(edition: int, source: str) -> layouts.TableLayout:
    """One table per band, a column per year and quarter: 2000_1 (winter) .. 2020_4 (autumn)."""
    columns = tuple(f"{year}_{quarter}" for quarter in range(1, 5) for year in LANDSAT_YEARS)
    positions = np.arange(len(BANDS) * len(columns)).reshape(len(BANDS), -1).tolist()
    names = (f"{layouts.stem(edition, source)}-{SERIES}-{band}.csv" for band in BANDS)
    parts = (layouts.TablePart(name, columns, tuple(own)) for name, own in zip(names, positions, strict=True))
    return layouts.TableLayout(edition, source, tuple(parts), complete=True)


def _summary(values: np.ndarray) -> tuple[Fact, ...]:
    """Quarters with data, the last year with data, and the mean summer NDVI."""
    red, nir = (values[BANDS.index(band)] for band in ("red", "nir"))
    seen = np.isfinite(values).all(axis=0)
    years = np.flatnonzero(seen.any(axis=0))
    last = float(LANDSAT_YEARS[years[-1]]) if years.size else None
    summer = mean(normalised_difference(nir, red)[QUARTERS.index("summer")])
    return Fact("quarters seen of 84", float(seen.sum())), Fact("last year", last), Fact("summer NDVI", summer)


def _usual_quarters(values: np.ndarray) -> np.ndarray:
    """The mean (n, 24) over the years of each band and quarter."""
    return np.nanmean(values, axis=3).reshape(len(values), -1)


LANDSAT = Modality(
    name="landsat",
    title="Landsat series",
    phrase="Landsat",
    meaning="seasonal surface reflectance of the survey's pixel, 84 quarters of 2000 to 2020",
    shape=(6, 4, 21),
    axes=("band", "quarter", "year"),
    channels=BANDS,
    channel_titles=("Red", "Green", "Blue", "Near infrared", "Short-wave infrared 1", "Short-wave infrared 2"),
    units=("1",) * 6,
    scale=(1 / 255,) * 6,
    offset=(0.0,) * 6,
    dtype="float32",
    nodata=None,
    source="GeoLifeCLEF 2025, Ecodatacube Landsat ARD quarterly mosaics, 0..255",
    layouts=(
        *(layouts.cube_layout(edition, source, SERIES) for edition, source in layouts.EDITION_SOURCES),
        *(_tables(edition, source) for edition, source in layouts.EDITION_SOURCES),
    ),
    coordinates={"quarter": QUARTERS, "year": LANDSAT_YEARS},
    encoders=("resnet18", "resnet18-half", "resnet18-1000", "statistics", "transformer"),
    simulator="landsat",
    view="landsat",
    colour="green",
    order=2,
    summary=_summary,
    features=_usual_quarters,
)
