"""Where the data come from, and under which licence their publishers give them."""

from __future__ import annotations

from dataclasses import dataclass

AT_SOURCE = "as stated at its source"


@dataclass(frozen=True)
class Provenance:
    """One source: what of the data comes from it, who published it, its licence, and where both can be read."""

    part: str
    publisher: str
    licence: str
    source: str


GEOLIFECLEF: tuple[Provenance, ...] = (
    Provenance("surveys, records, splits", "GeoPlant / GeoLifeCLEF 2025 (INRIA, CIRAD, Pl@ntNet)", "CC BY 4.0",
               "kaggle.com/competitions/geolifeclef-2025; arxiv.org/abs/2408.13928"),
    Provenance("Sentinel-2 patches", "European Union, Copernicus Sentinel-2; mosaics by Ecodatacube",
               "free, full and open access; credit Copernicus (Regulation (EU) 1159/2013)",
               "sentinels.copernicus.eu; stac.ecodatacube.eu"),
    Provenance("Landsat series", "USGS / NASA Landsat; mosaics by Ecodatacube",
               f"Landsat: public domain; mosaics: {AT_SOURCE}", "usgs.gov/landsat-missions; stac.ecodatacube.eu"),
    Provenance("climate series, Bio1 to Bio19", "CHELSA 2.1 (WSL)", AT_SOURCE, "chelsa-climate.org"),
    Provenance("elevation", "ASTER GDEM v3 (METI, NASA)", "public domain; credit METI and NASA",
               "lpdaac.usgs.gov/products/astgtmv003; jspacesystems.or.jp/ersdac/GDEM/E"),
    Provenance("land cover", "MODIS MCD12Q1 v6.1 (NASA LP DAAC)", "no restriction on reuse or redistribution",
               "lpdaac.usgs.gov/data/data-citation-and-policies"),
    Provenance("soil", "SoilGrids 2.0 (ISRIC)", "CC BY 4.0", "docs.isric.org/globaldata/soilgrids"),
    Provenance("human footprint", "Venter et al. 2016, doi:10.1038/sdata.2016.67, as in GeoPlant", AT_SOURCE,
               "plantnet.github.io/GeoPlant/environmental_predictors"),
)  # fmt: skip
VIRTUAL_EUROPE: tuple[Provenance, ...] = (
    Provenance("surveys, records, images, series, environment", "simulated by this program", "none needed",
               "docs/virtual-europe.md, docs/imagery.md"),
    Provenance("names of plants and families", "common knowledge; niches set by hand", "none needed",
               "sdm/virtual_europe/tables/flora.csv"),
    Provenance("coastline", "GLOBE 1 km (NOAA), by the package global-land-mask", AT_SOURCE,
               "doi:10.5281/zenodo.4066722; ngdc.noaa.gov/mgg/topo/globe.html"),
    Provenance("file names, columns, spelling", "GeoLifeCLEF 2025: the form of its files, none of their content",
               "none needed", "kaggle.com/competitions/geolifeclef-2025"),
)  # fmt: skip
