"""The environment: the 64 predictors of GeoLifeCLEF 2025, rows of `environment.csv` in the order of the input."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sdm.geo.tables import read_rows
from sdm.modalities.layouts import EDITION_SOURCES, TableLayout, TablePart, stem
from sdm.modalities.modality import Fact, Modality


@dataclass(frozen=True)
class EnvironmentVariable:
    """One column of the environment: `physical = stored * scale`, in `unit`.

    `table` names the CSV family that holds it. `kind` is "number", or "class" for codes that have no order.
    """

    name: str
    title: str
    table: str
    unit: str
    source: str
    scale: float
    kind: str


_SOURCES = {
    "bioclimatic": "CHELSA 2.1 bioclim 1981-2010, chelsa-climate.org/bioclim",
    "elevation": "ASTER GDEM v3, lpdaac.usgs.gov/products/astgtmv003",
    "human_footprint": "© OpenStreetMap contributors (ODbL), as in GeoLifeCLEF 2025",
    "landcover": "MODIS MCD12Q1 v6.1, lpdaac.usgs.gov/products/mcd12q1v061",
    "soilgrids": "SoilGrids 2.0, isric.org/explore/soilgrids/faq-soilgrids",
}
# SoilGrids stores integers; `scale` gives conventional units. Land cover in the band order of MCD12Q1: five
# classifications, three layered ones with their assessments, quality, water mask.
ENVIRONMENT_VARIABLES: tuple[EnvironmentVariable, ...] = tuple(
    EnvironmentVariable(name, title, table, unit, _SOURCES[table], float(scale), kind)
    for name, title, table, unit, scale, kind in map(dict.values, read_rows("environment", Path(__file__).parent))
)

TABLES = tuple(_SOURCES)
_CODED = tuple(variable.kind == "class" for variable in ENVIRONMENT_VARIABLES)


def _tables(edition: int, source: str) -> TableLayout:
    """One table per family of predictors."""
    parts = []
    for table in TABLES:
        positions = tuple(i for i, variable in enumerate(ENVIRONMENT_VARIABLES) if variable.table == table)
        columns = tuple(ENVIRONMENT_VARIABLES[i].name for i in positions)
        parts.append(TablePart(f"{stem(edition, source)}-{table}.csv", columns, positions))
    return TableLayout(edition, source, tuple(parts), complete=False)


def _summary(values: np.ndarray) -> tuple[Fact, ...]:
    """Each predictor in its unit."""
    physical = ENVIRONMENT.to_physical(values)
    return tuple(
        Fact(variable.name, float(value) if np.isfinite(value) else None, variable.unit)
        for variable, value in zip(ENVIRONMENT_VARIABLES, physical, strict=True)
    )


def _numbers(values: np.ndarray) -> np.ndarray:
    """The numbers (n, 54): class codes have no order, so no distance."""
    return values[:, ~np.array(_CODED)]


ENVIRONMENT = Modality(
    name="environment",
    title="Environment",
    phrase="the environment",
    meaning="64 predictors of climate, relief, soil, land cover and human footprint",
    shape=(len(ENVIRONMENT_VARIABLES),),
    axes=("predictor",),
    channels=tuple(variable.name for variable in ENVIRONMENT_VARIABLES),
    channel_titles=tuple(variable.title for variable in ENVIRONMENT_VARIABLES),
    units=tuple(variable.unit for variable in ENVIRONMENT_VARIABLES),
    scale=tuple(variable.scale for variable in ENVIRONMENT_VARIABLES),
    offset=(0.0,) * len(ENVIRONMENT_VARIABLES),
    dtype="float32",
    nodata=None,
    source="GeoLifeCLEF 2025: CHELSA, ASTER, SoilGrids 2.0, MODIS MCD12Q1, © OpenStreetMap contributors",
    layouts=tuple(_tables(edition, source) for edition, source in EDITION_SOURCES),
    coded=_CODED,
    preparations=("standardise-numbers", "standardise"),
    simulator="environment",
    view="environment",
    colour="yellow",
    order=1,
    summary=_summary,
    features=_numbers,
)
