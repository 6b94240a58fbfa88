"""The climate series: four variables, every month of 19 years."""

from __future__ import annotations

from itertools import product

import numpy as np

from sdm.modalities import layouts
from sdm.modalities.modality import ChannelOrder, Fact, Modality, mean

VARIABLES = ("pr", "tas", "tasmax", "tasmin")
CLIMATE_YEARS = tuple(range(2000, 2019))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SERIES = "bioclimatic_monthly"


def _table(edition: int, source: str) -> layouts.TableLayout:
    """One table, columns Bio-<variable>_<month>_<year>."""
    each = product(VARIABLES, CLIMATE_YEARS, range(1, 13))
    columns = tuple(f"Bio-{variable}_{month:02d}_{year}" for variable, year, month in each)
    name = f"{layouts.stem(edition, source)}-{SERIES}.csv"
    part = layouts.TablePart(name, columns, tuple(range(len(columns))))
    return layouts.TableLayout(edition, source, (part,), complete=True)


def _summary(values: np.ndarray) -> tuple[Fact, ...]:
    """Means over the years, of extremes over complete years: temperature, warmest and coldest month, rain."""
    rain, average, high, low = CLIMATE.to_physical(values)
    return (
        Fact(f"mean temperature {CLIMATE_YEARS[0]}-{CLIMATE_YEARS[-1]}", mean(average), "°C"),
        Fact("highest of the warmest month", mean(high.max(axis=1)), "°C"),
        Fact("lowest of the coldest month", mean(low.min(axis=1)), "°C"),
        Fact("precipitation a year", mean(rain.sum(axis=1)), "mm"),
    )


def _in_order(values: np.ndarray) -> bool | None:
    if not np.isfinite(values[1:]).any(axis=(1, 2)).all():
        return None
    average, high, low = (float(np.nanmean(values[channel])) for channel in (1, 2, 3))
    return high > average > low


CLIMATE = Modality(
    name="climate",
    title="Climate series",
    phrase="the climate",
    meaning="monthly precipitation and mean, highest and lowest temperature, 2000 to 2018",
    shape=(4, 19, 12),
    axes=("variable", "year", "month"),
    channels=VARIABLES,
    channel_titles=("precipitation", "mean temperature", "mean daily high", "mean daily low"),
    units=("mm", "°C", "°C", "°C"),
    scale=(0.01, 0.1, 0.1, 0.1),
    offset=(0.0, -273.15, -273.15, -273.15),
    dtype="float32",
    nodata=None,
    source="CHELSA 2.1 monthly, as in GeoLifeCLEF 2025: kg m-2 x 100 and K x 10",
    layouts=(
        *(layouts.cube_layout(edition, source, SERIES) for edition, source in layouts.EDITION_SOURCES),
        *(_table(edition, source) for edition, source in layouts.EDITION_SOURCES),
    ),
    coordinates={"year": CLIMATE_YEARS, "month": MONTHS},
    encoders=("resnet18", "resnet18-half", "resnet18-1000", "statistics", "transformer"),
    simulator="climate",
    view="climate",
    colour="blue",
    order=3,
    summary=_summary,
    channel_order=ChannelOrder("highest > mean > lowest temperature in channels 2, 1, 3", _in_order),
)
