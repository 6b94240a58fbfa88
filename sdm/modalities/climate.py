"""The climate series: four variables, every month of 19 years."""

from __future__ import annotations

from itertools import product

import numpy as np

from sdm.modalities import layouts
from sdm.modalities.layouts import PA_TEST, PA_TRAIN, PO_TRAIN, SOURCES
from sdm.modalities.modality import ChannelOrder, Fact, Modality, mean

VARIABLES = ("pr", "tas", "tasmax", "tasmin")
CLIMATE_YEARS = tuple(range(2000, 2019))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEMS = {
    PA_TRAIN: ("GLC25-PA-train-bioclimatic_monthly",),
    PA_TEST: ("GLC25-PA-test-bioclimatic_monthly",),
    PO_TRAIN: ("GLC25-P0-train-bioclimatic_monthly", "GLC25-PO-train-bioclimatic_monthly"),
}


def _table(source: str) -> layouts.TableLayout:
    """One table, columns Bio-<variable>_<month>_<year>."""
    each = product(VARIABLES, CLIMATE_YEARS, range(1, 13))
    columns = tuple(f"Bio-{variable}_{month:02d}_{year}" for variable, year, month in each)
    path = f"BioclimTimeSeries/values/GLC25-{source}-bioclimatic_monthly.csv"
    return layouts.TableLayout(
        2025, source, (layouts.TablePart(path, columns, tuple(range(len(columns)))),), complete=True
    )


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
        *(layouts.cube_layout(source, ("BioclimTimeSeries",), stems) for source, stems in _STEMS.items()),
        *map(_table, SOURCES),
        *(layouts.cube_layout_2024(s, "bioclimatic_monthly", "bioclimatic_monthly") for s in (PA_TRAIN, PA_TEST)),
    ),
    coordinates={"year": CLIMATE_YEARS, "month": MONTHS},
    encoders=("resnet18", "resnet18-half", "transformer"),
    simulator="climate",
    view="climate",
    colour="blue",
    order=3,
    summary=_summary,
    channel_order=ChannelOrder("highest > mean > lowest temperature in channels 2, 1, 3", _in_order),
)
