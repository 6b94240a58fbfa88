"""Writers of the same records in every kind of file people have them in."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

Write = Callable[[pd.DataFrame, Path], Path]


def points(table: pd.DataFrame, crs: str = "EPSG:4326") -> gpd.GeoDataFrame:
    """The records as points, without columns of positions."""
    places = shapely.points(table["decimalLongitude"], table["decimalLatitude"])
    plain = table.drop(columns=["decimalLongitude", "decimalLatitude"]).rename(
        columns={"scientificName": "species"}
    )
    return gpd.GeoDataFrame(plain, geometry=places, crs="EPSG:4326").to_crs(crs)


def geopackage(table: pd.DataFrame, folder: Path) -> Path:
    points(table, "EPSG:2056").to_file(folder / "a.gpkg", layer="records")
    return folder / "a.gpkg"


def shapefile(table: pd.DataFrame, folder: Path) -> Path:
    points(table, "EPSG:3035").to_file(folder / "b.shp")
    return folder / "b.shp"


def zipped(table: pd.DataFrame, folder: Path) -> Path:
    shapefile(table, folder)
    with zipfile.ZipFile(folder / "b.zip", "w") as archive:
        for path in folder.glob("b.*"):
            if path.suffix != ".zip":
                archive.write(path, f"somewhere/{path.name}")
    for path in folder.glob("b.[!z]*"):
        path.unlink()
    return folder / "b.zip"


def geoparquet(table: pd.DataFrame, folder: Path) -> Path:
    points(table).to_parquet(folder / "c.parquet")
    return folder / "c.parquet"


def parquet(table: pd.DataFrame, folder: Path) -> Path:
    table.to_parquet(folder / "plain.parquet")
    return folder / "plain.parquet"


def text(**how: object) -> Write:
    def write(table: pd.DataFrame, folder: Path) -> Path:
        table.to_csv(folder / "d.csv", **how)  # type: ignore[call-overload]
        return folder / "d.csv"

    return write


def gbif(table: pd.DataFrame, folder: Path) -> Path:
    """A simple download: tabs, names of Darwin Core, numbers that are no predictors."""
    count = len(table)
    names = table["scientificName"]
    columns = {
        "gbifID": np.arange(count) + 4_000_000_000, "datasetKey": "c2e9",
        "occurrenceID": [f"urn:{i}" for i in range(count)], "kingdom": "Plantae", "species": names,
        "scientificName": names + " L.", "individualCount": 1, "decimalLatitude": table["decimalLatitude"],
        "decimalLongitude": table["decimalLongitude"], "coordinateUncertaintyInMeters": 25.0, "elevation": "",
        "eventDate": "2019-05-03T10:00", "day": 3, "month": 5, "year": 2019, "taxonKey": 77, "speciesKey": 78,
        "basisOfRecord": "HUMAN_OBSERVATION", "wet": table["wet"], "road": table["road"], "soil": table["soil"],
    }  # fmt: skip
    pd.DataFrame(columns).to_csv(folder / "0001.csv", sep="\t", index=False)
    return folder / "0001.csv"


KINDS: dict[str, Write] = {
    "GeoPackage": geopackage, "Shapefile": shapefile, "zipped Shapefile": zipped, "GeoParquet": geoparquet,
    "Parquet": parquet, "GBIF": gbif, "unnamed index": text(), "tabs": text(sep="\t", index=False),
    "decimal commas": text(sep=";", decimal=",", index=False), "Latin-1": text(encoding="latin-1", index=False),
    "quoted": text(quoting=1, index=False), "gzip": text(compression="gzip"),
}  # fmt: skip
