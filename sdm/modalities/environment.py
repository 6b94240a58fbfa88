"""The environment: the 64 predictors of GeoLifeCLEF 2025, one row each, in the order of the model's input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sdm.modalities.layouts import PA_TEST, PA_TRAIN, SOURCES, TableLayout, TablePart
from sdm.modalities.modality import Fact, Modality

CHELSA = "CHELSA 2.1 bioclim 1981-2010, chelsa-climate.org/bioclim"
ASTER = "ASTER GDEM v3, lpdaac.usgs.gov/products/astgtmv003"
MODIS = "MODIS MCD12Q1 v6.1, lpdaac.usgs.gov/products/mcd12q1v061"
SOILGRIDS = "SoilGrids 2.0, isric.org/explore/soilgrids/faq-soilgrids"
FOOTPRINT = "Human footprint of Europe, as in GeoLifeCLEF 2025"


@dataclass(frozen=True)
class EnvironmentVariable:
    """One column of the environment: `physical = stored * scale + offset`, in `unit`.

    `table` names the CSV family that holds it. `kind` is "number", or "class" for codes that have no order.
    """

    name: str
    title: str
    table: str
    unit: str
    source: str
    scale: float = 1.0
    offset: float = 0.0
    kind: str = "number"


_BIOCLIM = (
    ("annual mean temperature", "°C"),
    ("mean diurnal range", "°C"),
    ("isothermality", "%"),
    ("temperature seasonality (sd x 100)", "°C/100"),
    ("highest temperature of the warmest month", "°C"),
    ("lowest temperature of the coldest month", "°C"),
    ("annual temperature range", "°C"),
    ("mean temperature of the wettest quarter", "°C"),
    ("mean temperature of the driest quarter", "°C"),
    ("mean temperature of the warmest quarter", "°C"),
    ("mean temperature of the coldest quarter", "°C"),
    ("annual precipitation", "mm"),
    ("precipitation of the wettest month", "mm"),
    ("precipitation of the driest month", "mm"),
    ("precipitation seasonality", "%"),
    ("precipitation of the wettest quarter", "mm"),
    ("precipitation of the driest quarter", "mm"),
    ("precipitation of the warmest quarter", "mm"),
    ("precipitation of the coldest quarter", "mm"),
)
# Band order of MCD12Q1: five classifications, three layered ones with their assessments, quality, water mask.
_LAND_COVER = (
    ("IGBP class", "class"),
    ("University of Maryland class", "class"),
    ("leaf area index class", "class"),
    ("BIOME-BGC class", "class"),
    ("plant functional type", "class"),
    ("assessment of the cover layer", "number"),
    ("assessment of the use layer", "number"),
    ("assessment of the hydrology layer", "number"),
    ("FAO-LCCS1 cover class", "class"),
    ("FAO-LCCS2 use class", "class"),
    ("FAO-LCCS3 hydrology class", "class"),
    ("quality flag", "class"),
    ("land or water", "class"),
)
# SoilGrids stores integers; the factor gives conventional units.
_SOIL = (
    ("bdod", "bulk density", "kg/dm³", 0.01),
    ("cec", "cation exchange capacity", "cmol(c)/kg", 0.1),
    ("cfvo", "coarse fragments", "vol %", 0.1),
    ("clay", "clay", "%", 0.1),
    ("nitrogen", "total nitrogen", "g/kg", 0.01),
    ("phh2o", "soil pH (water)", "pH", 0.1),
    ("sand", "sand", "%", 0.1),
    ("silt", "silt", "%", 0.1),
    ("soc", "soil organic carbon", "g/kg", 0.1),
)
_FOOTPRINT = (
    "cemetery", "reservoir", "greenhouse", "farmland", "building-copernicus", "forest", "harbour",
    "building-residential", "building-commercial", "grass", "quarry", "road", "salt", "building-industrial",
    "vineyard", "military", "construction-site", "orchard", "meadow", "farmyard", "dump-site", "railway",
)  # fmt: skip

ENVIRONMENT_VARIABLES: tuple[EnvironmentVariable, ...] = (
    *(
        EnvironmentVariable(f"Bio{i}", title, "bioclimatic", unit, CHELSA)
        for i, (title, unit) in enumerate(_BIOCLIM, start=1)
    ),
    EnvironmentVariable("Elevation", "elevation above the sea", "elevation", "m", ASTER),
    *(
        EnvironmentVariable(f"LandCover-{i}", title, "landcover", "code" if kind == "class" else "%", MODIS,
        kind=kind) for i, (title, kind) in enumerate(_LAND_COVER, start=1)
    ),
    *(
        EnvironmentVariable(f"Soilgrid-{name}", title, "soilgrids", unit, SOILGRIDS, scale=factor)
        for name, title, unit, factor in _SOIL
    ),
    *(
        EnvironmentVariable(f"HumanFootprint-{name}", f"human footprint: {name.replace('-', ' ')}",
        "human_footprint",
                  "index", FOOTPRINT)
        for name in _FOOTPRINT
    ),
)  # fmt: skip

ENVIRONMENT_FOLDERS = {
    "bioclimatic": "ClimateAverage_1981-2010",
    "elevation": "Elevation",
    "human_footprint": "HumanFootprint",
    "landcover": "LandCover",
    "soilgrids": "SoilGrids",
}
_FOLDERS_2024 = ENVIRONMENT_FOLDERS | {
    "bioclimatic": "Climate/Average 1981-2010",
    "human_footprint": "Human Footprint",
}
_CODED = tuple(variable.kind == "class" for variable in ENVIRONMENT_VARIABLES)


def _tables(edition: int, source: str, paths: dict[str, str]) -> TableLayout:
    """One table per family of predictors; `paths` maps the family to its file."""
    parts = []
    for table, path in paths.items():
        positions = tuple(i for i, variable in enumerate(ENVIRONMENT_VARIABLES) if variable.table == table)
        parts.append(TablePart(path, tuple(ENVIRONMENT_VARIABLES[i].name for i in positions), positions))
    return TableLayout(edition, source, tuple(parts), complete=False)


def _tables_2025(source: str) -> TableLayout:
    prefix = f"GLC25-{source.replace('PO', 'P[O0]')}"
    paths = {t: f"EnvironmentalValues/{folder}/{prefix}-{t}.csv" for t, folder in ENVIRONMENT_FOLDERS.items()}
    return _tables(2025, source, paths)


def _tables_2024(source: str) -> TableLayout:
    """Archives unpack into a folder of their own name or straight into the tree."""
    prefix = f"GLC24-{source}"
    paths = {t: f"EnvironmentalRasters/**/{folder}/{prefix}-{t}.csv" for t, folder in _FOLDERS_2024.items()}
    return _tables(2024, source, paths)


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
    offset=tuple(variable.offset for variable in ENVIRONMENT_VARIABLES),
    dtype="float32",
    nodata=None,
    source="GeoLifeCLEF 2025: CHELSA, ASTER, SoilGrids 2.0, MODIS MCD12Q1, human footprint",
    layouts=(*map(_tables_2025, SOURCES), *map(_tables_2024, (PA_TRAIN, PA_TEST))),
    coded=_CODED,
    preparations=("standardise-numbers", "standardise"),
    simulator="environment",
    view="environment",
    colour="yellow",
    order=1,
    summary=_summary,
    features=_numbers,
)
