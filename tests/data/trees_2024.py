"""A small GeoLifeCLEF 2024 tree in the real format, as Kaggle hands it out, presence-only files included."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from PIL import Image

from sdm.modalities import CLIMATE, CLIMATE_YEARS, ENVIRONMENT_VARIABLES, LANDSAT, LANDSAT_YEARS
from sdm.modalities.layouts import nest
from tests.data import trees

# source: id: species
SURVEYS: dict[str, dict[int, list[int] | None]] = {
    "PA-train": {212: [3, 42], 3018575: [42]},
    "PA-test": {5: None},
    "PO-train": {212: [7], 4001234: [3]},
}
LEVELS = (30, 60, 20, 140)  # red, green, blue, near infrared of every survey's picture
# Names of Kaggle; the metadata of presence-only records has a zero. Of the cubes those of training have hyphens.
METADATA = {"PA-train": "PA_metadata_train", "PA-test": "PA_metadata_test", "PO-train": "P0_metadata_train"}
LANDSAT_NAMES = {s: "landsat-time-series" if s == "PA-train" else "landsat_time_series" for s in SURVEYS}
RASTERS = "EnvironmentalRasters/EnvironmentalRasters"
CUBES = "TimeSeries-Cubes/TimeSeries-Cubes"


def write_tree(root: Path) -> Path:
    """The tree below `root`, which is returned: cubes, no tables of series."""
    root.mkdir(parents=True)
    for source, surveys in SURVEYS.items():
        _write_metadata(root, source)
        _write_environment(root, source)
        for survey_id in surveys:
            for path, picture in zip(patch_paths(root, source, survey_id), pictures(), strict=True):
                path.parent.mkdir(parents=True, exist_ok=True)
                picture.save(path, quality=100, subsampling=0)
            trees.write_cube(landsat_path(root, source, survey_id), trees.landsat(survey_id))
            trees.write_cube(climate_path(root, source, survey_id), trees.climate(survey_id))
    return root


def pictures() -> tuple[Image.Image, Image.Image]:
    """Colour and near infrared of every survey."""
    return Image.new("RGB", (128, 128), LEVELS[:3]), Image.new("L", (128, 128), LEVELS[3])


def patch_paths(root: Path, source: str, survey_id: int) -> tuple[Path, Path]:
    """Where the colour picture and that of the near infrared lie."""
    kind, split = source.split("-")

    def path(bands: str) -> Path:
        folder = f"{kind}_{split.capitalize()}_SatellitePatches_{bands}"
        inner = f"{kind}_{split}_patches_{bands}".lower()
        return root / folder / inner / nest(survey_id) / f"{survey_id}.jpeg"

    return path("RGB"), path("NIR")


def landsat_path(root: Path, source: str, survey_id: int) -> Path:
    name = f"GLC24-{source}-{LANDSAT_NAMES[source]}_{survey_id}_cube.pt"
    return root / CUBES / f"GLC24-{source}-landsat_time_series" / name


def climate_path(root: Path, source: str, survey_id: int) -> Path:
    name = f"GLC24-{source}-bioclimatic_monthly"
    return root / CUBES / name / f"{name}_{survey_id}_cube.pt"


def write_series_tables(root: Path) -> None:
    """The tables of the Landsat series, one per band, and of the monthly climate, for every source."""
    for source, surveys in SURVEYS.items():
        for i, band in enumerate(LANDSAT.channels):
            header = ["surveyId", *(f"{year}_{quarter}" for year in LANDSAT_YEARS for quarter in range(1, 5))]
            rows = [[k, *(trees.text(x) for x in trees.landsat(k)[i].T.ravel())] for k in surveys]
            folder = root / f"{source}-landsat_time_series"
            trees.write_rows(folder / f"GLC24-{source}-landsat_time_series-{band}.csv", header, rows)
        months = [(v, m, y) for v in CLIMATE.channels for y in CLIMATE_YEARS for m in range(1, 13)]
        header = ["surveyId", *(f"Bio-{variable}_{month:02d}_{year}" for variable, month, year in months)]
        rows = [[k, *(trees.text(x) for x in trees.climate(k).ravel())] for k in surveys]
        path = root / RASTERS / "Climate" / "Monthly" / f"GLC24-{source}-bioclimatic_monthly.csv"
        trees.write_rows(path, header, rows)


def _write_metadata(root: Path, source: str) -> None:
    surveys = SURVEYS[source].items()
    rows = [(survey, species) for survey, recorded in surveys for species in recorded or [None]]
    table = pd.DataFrame(rows, columns=["surveyId", "speciesId"]).assign(lon=9.5, lat=56.2, year=2019)
    if source != "PO-train":
        table = table.assign(areaInM2=100.0, country="Denmark", region="CONTINENTAL")
    table = table.drop(columns="speciesId") if source == "PA-test" else table
    table.to_csv(root / f"GLC24_{METADATA[source]}.csv", index=False)


def _write_environment(root: Path, source: str) -> None:
    """Two of the five families of predictors."""
    ids = list(SURVEYS[source])
    bioclimatic = [variable.name for variable in ENVIRONMENT_VARIABLES if variable.table == "bioclimatic"]
    for folder, table, columns in (
        ("Climate/Average 1981-2010", "bioclimatic", dict.fromkeys(bioclimatic, 12.5)),
        ("Elevation", "elevation", {"Elevation": 321.0}),
    ):
        path = root / RASTERS / folder / f"GLC24-{source}-{table}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        pd.DataFrame({"surveyId": ids} | columns).to_csv(path, index=False)
