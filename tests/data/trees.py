"""A small GeoLifeCLEF 2025 tree in the real format, with every trap the real one has, and its known answer."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio
import torch
from pyproj import Transformer
from rasterio.transform import Affine

from sdm.modalities import CLIMATE, CLIMATE_YEARS, ENVIRONMENT_VARIABLES, LANDSAT, LANDSAT_YEARS
from sdm.modalities.layouts import nest

LAEA = "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m +no_defs"
BANDS = ("red", "green", "blue", "nir")

# id: lon, lat, year, areas, country, region, species as written
TRAIN = {
    1: (10.033, 57.121, 2018, ["100.0", "400.0"], "Denmark", "CONTINENTAL", ["10", "20", "20"]),
    642: (9.5, 56.2, 2019, ["-inf"], "Denmark", "CONTINENTAL", ["20.0"]),
    3256: (5.3, 52.1, 2017, [""], "Netherlands", "ATLANTIC", ["30", ""]),
    9999: (18.5, 48.7, 2020, ["25.0"], "Slovak Republic", "ALPINE", [""]),
    3018575: (5.9, 51.9, 2021, ["50.0"], "Netherlands", "ATLANTIC", ["10", "11254"]),
    5000108: (28.1, 43.3, 2020, ["10.0"], "Bulgaria", "BLACK SEA", ["42"]),
}
TEST = {
    2: (9.1, 55.9, 2019, ["79.0"], "Denmark", "CONTINENTAL", None),
    77: (7.333, 46.23, 2019, [""], "Switzerland", "ALPINE", None),
    800001: (19.0, 48.9, 2021, ["-inf"], "Slovakia", "ALPINE", None),
}
ONLY = {
    1: (2.35, 48.85, 2020, None, None, None, ["10"]),
    400123: (13.4, 52.5, 2021, None, None, None, ["20", "20", "7"]),
    400124: (13.5, 52.4, 2019, None, None, None, [""]),
}
SURVEYS = {"PA-train": TRAIN, "PA-test": TEST, "PO-train": ONLY}
SPECIES = [7, 10, 20, 30, 42, 11254]
LABELS = {
    ("PA-train", 1): {10, 20},
    ("PA-train", 642): {20},
    ("PA-train", 3256): {30},
    ("PA-train", 9999): set(),
    ("PA-train", 3018575): {10, 11254},
    ("PA-train", 5000108): {42},
    ("PO-train", 1): {10},
    ("PO-train", 400123): {7, 20},
    ("PO-train", 400124): set(),
}
WITHOUT_FILES = {("PA-train", 9999), ("PA-test", 800001), ("PO-train", 400124)}
SWAPPED_BANDS = 642  # its file holds the bands in another order, and says so
STEMS = {
    "PA-train": ("GLC25-PA-train-landsat-time-series", "GLC25-PA-train-bioclimatic_monthly"),
    "PA-test": ("GLC25-PA-test-landsat_time_series", "GLC25-PA-test-bioclimatic_monthly"),
    "PO-train": ("GLC25-PO-train-landsat_time_series", "GLC25-P0-train-bioclimatic_monthly"),
}
HOSTILE = '=cmd|"/c calc"!A1 <script>alert(1)</script>; DROP TABLE x\nsecond line'
TABLES = {
    "bioclimatic": "ClimateAverage_1981-2010",
    "elevation": "Elevation",
    "human_footprint": "HumanFootprint",
    "landcover": "LandCover",
    "soilgrids": "SoilGrids",
}


def write_tree(root: Path, *, patches: str = "SatelitePatches", presence_only: str = "P0") -> Path:
    """The whole tree below `root`, which is returned."""
    root.mkdir(parents=True, exist_ok=True)
    write_metadata(root / "GLC25_PA_metadata_train.csv", TRAIN)
    write_metadata(root / "GLC25_PA_metadata_test.csv", TEST, separator=";")
    write_presence_only(root / f"GLC25_{presence_only}_metadata_train.csv")
    write_species(root / "species.csv")
    for source, survey_id in with_files():
        lon, lat = SURVEYS[source][survey_id][:2]
        path = root / patches / source / nest(survey_id) / f"{survey_id}.tiff"
        write_patch(path, patch(survey_id), lon, lat, swap=survey_id == SWAPPED_BANDS)
        folder = f"{nest(survey_id)}/" if source == "PO-train" else ""
        write_cube(landsat_path(root, source, survey_id, folder), landsat(survey_id))
        stem = STEMS[source][1]
        write_cube(
            root / f"BioclimTimeSeries/cubes/{source}/{folder}{stem}_{survey_id}_cube.pt", climate(survey_id)
        )
    for source in ("PA-train", "PA-test"):
        write_environment(root, source)
    return root


def with_files() -> list[tuple[str, int]]:
    """The surveys that have files, in the order of a data set."""
    every = [(source, survey_id) for source, surveys in SURVEYS.items() for survey_id in surveys]
    return [key for key in every if key not in WITHOUT_FILES]


def landsat_path(root: Path, source: str, survey_id: int, folder: str = "") -> Path:
    return root / f"SateliteTimeSeries-Landsat/cubes/{source}/{folder}{STEMS[source][0]}_{survey_id}_cube.pt"


def patch(survey_id: int) -> np.ndarray:
    """int16 (4, 64, 64), each band a level of its own; -1 in one corner."""
    random = np.random.default_rng(survey_id)
    values = random.integers(0, 500, (4, 64, 64)) + np.array([600, 700, 400, 3000])[:, None, None]
    values[:, :2, :3] = -1
    return values.astype(np.int16)


def landsat(survey_id: int) -> np.ndarray:
    values = np.random.default_rng(survey_id + 1).uniform(0, 255, LANDSAT.shape).astype(np.float32)
    values[:, :, 18:] = np.nan
    return values


def climate(survey_id: int) -> np.ndarray:
    random = np.random.default_rng(survey_id + 2)
    values = random.uniform(0, 50, CLIMATE.shape) + np.array([8000, 2830, 2900, 2760])[:, None, None]
    return values.astype(np.float32)


def environment(survey_id: int) -> np.ndarray:
    """float32 (64,); the nine soil values are missing for even ids."""
    values = np.random.default_rng(survey_id + 3).uniform(0, 100, len(ENVIRONMENT_VARIABLES)).round(3)
    if survey_id % 2 == 0:
        values[[i for i, p in enumerate(ENVIRONMENT_VARIABLES) if p.table == "soilgrids"]] = np.nan
    return values.astype(np.float32)


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], separator: str = ",") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(header)
        writer.writerows(rows)


def write_metadata(path: Path, surveys: dict, separator: str = ",") -> None:
    """One row per survey, area and species, shuffled, in the columns of the real tables."""
    rows = []
    for survey_id, (lon, lat, year, areas, country, region, species) in surveys.items():
        for i, name in enumerate(species or [None]):
            row = [lon, lat, year, "10.0" if i else "", areas[i % len(areas)], region, country]
            rows.append([*row, *([name] if species else []), survey_id])
    order = np.random.default_rng(0).permutation(len(rows))
    header = ["lon", "lat", "year", "geoUncertaintyInM", "areaInM2", "region", "country"]
    header += ["speciesId", "surveyId"] if any(s[6] for s in surveys.values()) else ["surveyId"]
    write_rows(path, header, [rows[i] for i in order], separator)


def write_presence_only(path: Path) -> None:
    header = ["publisher", "year", "month", "day", "lat", "lon", "geoUncertaintyInM", "taxonRank", "date"]
    rows = [
        ["Pl@ntNet", year, 5, 3, lat, lon, "", "SPECIES", f"{year}-05-03", 123, name, survey_id]
        for survey_id, (lon, lat, year, _, _, _, species) in ONLY.items()
        for name in species
    ]
    write_rows(path, [*header, "dayOfYear", "speciesId", "surveyId"], rows)


def write_species(path: Path) -> None:
    """Names for all species but 7; a hostile one; one that the tree does not know."""
    rows = [[30, HOSTILE, "Acer", "Sapindaceae", ""], [99, "Unknown planta", "Unknown", "Unknownaceae", "x"]]
    rows += [[i, f"Planta numero{i}", "Planta", "Plantaceae", f"plant {i}"] for i in SPECIES if i not in (7, 30)]
    write_rows(path, ["speciesId", "name", "genus", "family", "common_name"], rows)


def write_patch(
    path: Path, values: np.ndarray, lon: float, lat: float, *, swap: bool = False, **profile: object
) -> None:
    """A GeoTIFF like the real ones; with `swap`, bands written backwards and described so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    x, y = _to_metres().transform(lon, lat)
    place = Affine(10.0, 0.0, round(x / 10) * 10 - 320, 0.0, -10.0, round(y / 10) * 10 + 320)
    options = {"driver": "GTiff", "compress": "lzw", "crs": LAEA, "transform": place, "nodata": -1} | profile
    order = list(range(len(values)))[:: -1 if swap else 1]
    with rasterio.open(
        path, "w", count=len(values), height=values.shape[1], width=values.shape[2], dtype=values.dtype, **options
    ) as file:
        file.write(values[order])
        file.descriptions = tuple(BANDS[i] if i < len(BANDS) else f"band {i}" for i in order)


@cache
def _to_metres() -> Transformer:
    return Transformer.from_crs("EPSG:4326", LAEA, always_xy=True)


def write_cube(path: Path, values: np.ndarray) -> None:
    """A tensor file that is not contiguous, as the real ones are not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(torch.from_numpy(np.ascontiguousarray(values.transpose(0, 2, 1))).transpose(1, 2), path)


def write_values(root: Path, source: str) -> None:
    """The second way to the cubes: one Landsat table per band, and one table of the climate."""
    ids = [survey_id for name, survey_id in with_files() if name == source][::-1]
    header = ["surveyId", *(f"{year}_{quarter}" for year in LANDSAT_YEARS for quarter in range(1, 5))]
    for i, band in enumerate(LANDSAT.channels):
        rows = [[k, *(text(x) for x in landsat(k)[i].T.ravel())] for k in ids]
        write_rows(
            root / f"SateliteTimeSeries-Landsat/values/{source}/{STEMS[source][0]}-{band}.csv", header, rows
        )
    header = [
        f"Bio-{variable}_{month:02d}_{year}"
        for variable in CLIMATE.channels
        for year in CLIMATE_YEARS
        for month in range(1, 13)
    ]
    rows = [[k, *(text(x) for x in climate(k).ravel())] for k in ids]
    write_rows(
        root / f"BioclimTimeSeries/values/GLC25-{source}-bioclimatic_monthly.csv", ["surveyId", *header], rows
    )


def write_environment(root: Path, source: str) -> None:
    """Five tables in different orders of rows; the test land cover has a leading unnamed column."""
    ids = [survey_id for name, survey_id in with_files() if name == source]
    for i, (table, folder) in enumerate(TABLES.items()):
        positions = [p for p, predictor in enumerate(ENVIRONMENT_VARIABLES) if predictor.table == table]
        order = ids[i % len(ids) :] + ids[: i % len(ids)]
        values = np.stack([environment(k) for k in order])
        frame = pd.DataFrame(
            {"surveyId": order} | {ENVIRONMENT_VARIABLES[p].name: values[:, p] for p in positions}
        )
        path = root / "EnvironmentalValues" / folder / f"GLC25-{source}-{table}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        indexed = (source, table) == ("PA-test", "landcover")
        frame.sample(frac=1, random_state=i).to_csv(path, index=indexed)


def text(value: float) -> str:
    return "" if np.isnan(value) else repr(float(value))
