"""Where each kind of input lies in a GeoLifeCLEF tree: one row per edition, source and modality.

Sources: the data pages of kaggle.com/competitions/geolifeclef-2025 and of GeoPlant
(lila.science/datasets/geoplant), and the names found in downloaded trees. Spellings ("Satelite", "P0" with a zero)
are those of the published files.
"""

from __future__ import annotations

from dataclasses import dataclass

from sdm.modalities.environment_variables import ENVIRONMENT_VARIABLES
from sdm.modalities.registry import CLIMATE, CLIMATE_YEARS, ENVIRONMENT, LANDSAT, LANDSAT_YEARS, PATCH, Modality

PA_TRAIN, PA_TEST, PO_TRAIN = "PA-train", "PA-test", "PO-train"
SOURCES = (PA_TRAIN, PA_TEST, PO_TRAIN)

NESTED, FLAT = "{nest}/", ""


@dataclass(frozen=True)
class Metadata:
    """The table of surveys of one source; `names` are the spellings in use, `labelled` if it tells species."""

    edition: int
    source: str
    names: tuple[str, ...]
    labelled: bool


@dataclass(frozen=True)
class FileLayout:
    """One file per survey. `templates` are alternatives with the fields {nest} (CD/AB) and {id}."""

    edition: int
    source: str
    modality: str
    templates: tuple[str, ...]
    decoder: str

    def paths(self, survey_id: int) -> tuple[str, ...]:
        """The places, relative to the tree, where the file of `survey_id` may lie."""
        fields = {"id": str(survey_id), "nest": nest(survey_id)}
        return tuple(template.format_map(fields) for template in self.templates)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders, relative to the tree, below which the files may lie."""
        return tuple(dict.fromkeys(template.partition("{")[0].rpartition("/")[0] for template in self.templates))


@dataclass(frozen=True)
class TablePart:
    """One table: the file (a glob), and which columns fill which positions of the flattened array."""

    pattern: str
    columns: tuple[str, ...]
    positions: tuple[int, ...]


@dataclass(frozen=True)
class TableLayout:
    """Tables with one row per survey, joined by `surveyId`. `complete`: every column must be there."""

    edition: int
    source: str
    modality: str
    parts: tuple[TablePart, ...]
    complete: bool


Layout = FileLayout | TableLayout


def nest(survey_id: int) -> str:
    """The folders of a nested file: the last two characters of the id, then the two before.

    >>> nest(5000108), nest(642), nest(1)
    ('08/01', '42/6', '1')
    """
    text = str(survey_id)
    return "/".join(part for part in (text[-2:], text[-4:-2]) if part)


METADATA: tuple[Metadata, ...] = (
    Metadata(2025, PA_TRAIN, ("GLC25_PA_metadata_train.csv",), labelled=True),
    Metadata(2025, PA_TEST, ("GLC25_PA_metadata_test.csv",), labelled=False),
    Metadata(2025, PO_TRAIN, ("GLC25_P0_metadata_train.csv", "GLC25_PO_metadata_train.csv"), labelled=True),
    Metadata(2024, PA_TRAIN, ("GLC24_PA_metadata_train.csv",), labelled=True),
    Metadata(2024, PA_TEST, ("GLC24_PA_metadata_test.csv",), labelled=False),
    Metadata(2024, PO_TRAIN, ("GLC24_P0_metadata_train.csv", "GLC24_PO_metadata_train.csv"), labelled=True),
)
EDITIONS: dict[int, str] = {2024: "GeoLifeCLEF 2024", 2025: "GeoLifeCLEF 2025"}

# Train cubes are named with hyphens, test and presence-only ones with underscores.
LANDSAT_STEMS = {
    PA_TRAIN: ("GLC25-PA-train-landsat-time-series",),
    PA_TEST: ("GLC25-PA-test-landsat_time_series",),
    PO_TRAIN: ("GLC25-PO-train-landsat_time_series", "GLC25-PO-train-landsat-time-series"),
}
_CLIMATE_STEMS = {
    PA_TRAIN: ("GLC25-PA-train-bioclimatic_monthly",),
    PA_TEST: ("GLC25-PA-test-bioclimatic_monthly",),
    PO_TRAIN: ("GLC25-P0-train-bioclimatic_monthly", "GLC25-PO-train-bioclimatic_monthly"),
}
ENVIRONMENT_FOLDERS = {
    "bioclimatic": "ClimateAverage_1981-2010",
    "elevation": "Elevation",
    "human_footprint": "HumanFootprint",
    "landcover": "LandCover",
    "soilgrids": "SoilGrids",
}


def _patches(source: str) -> FileLayout:
    folders = ("SatelitePatches", "SatellitePatches")
    templates = tuple(f"{folder}/{source}/{NESTED}{{id}}.tiff" for folder in folders)
    return FileLayout(2025, source, PATCH.name, templates, decoder="geotiff")


def _cubes(source: str, modality: Modality, folders: tuple[str, ...], stems: tuple[str, ...]) -> FileLayout:
    order = (NESTED, FLAT) if source == PO_TRAIN else (FLAT, NESTED)
    templates = tuple(
        f"{folder}/cubes/{source}/{nesting}{stem}_{{id}}_cube.pt"
        for folder in folders
        for stem in stems
        for nesting in order
    )
    return FileLayout(2025, source, modality.name, templates, decoder="tensor")


def _landsat_tables(source: str) -> TableLayout:
    """One table per band, a column per year and quarter: 2000_1 (winter) .. 2020_4 (autumn)."""
    columns = tuple(f"{year}_{quarter}" for quarter in range(1, 5) for year in LANDSAT_YEARS)
    parts = tuple(
        TablePart(
            f"Sat*liteTimeSeries-Landsat/values/{source}/*{band}.csv",
            columns,
            tuple(range(i * len(columns), (i + 1) * len(columns))),
        )
        for i, band in enumerate(LANDSAT.channels)
    )
    return TableLayout(2025, source, LANDSAT.name, parts, complete=True)


def _climate_tables(source: str) -> TableLayout:
    """One table, columns Bio-<variable>_<month>_<year>."""
    columns = tuple(
        f"Bio-{variable}_{month:02d}_{year}"
        for variable in CLIMATE.channels
        for year in CLIMATE_YEARS
        for month in range(1, 13)
    )
    part = TablePart(
        f"BioclimTimeSeries/values/GLC25-{source}-bioclimatic_monthly.csv", columns, tuple(range(len(columns)))
    )
    return TableLayout(2025, source, CLIMATE.name, (part,), complete=True)


def _environment_tables(source: str) -> TableLayout:
    parts = []
    for table, folder in ENVIRONMENT_FOLDERS.items():
        positions = tuple(i for i, predictor in enumerate(ENVIRONMENT_VARIABLES) if predictor.table == table)
        columns = tuple(ENVIRONMENT_VARIABLES[i].name for i in positions)
        spelling = source.replace("PO", "P[O0]")
        parts.append(TablePart(f"EnvironmentalValues/{folder}/GLC25-{spelling}-{table}.csv", columns, positions))
    return TableLayout(2025, source, ENVIRONMENT.name, tuple(parts), complete=False)


def _rows_2025(source: str) -> tuple[Layout, ...]:
    landsat_folders = ("SateliteTimeSeries-Landsat", "SatelliteTimeSeries-Landsat")
    return (
        _patches(source),
        _cubes(source, LANDSAT, landsat_folders, LANDSAT_STEMS[source]),
        _landsat_tables(source),
        _cubes(source, CLIMATE, ("BioclimTimeSeries",), _CLIMATE_STEMS[source]),
        _climate_tables(source),
        _environment_tables(source),
    )


# The folders of 2024: archives unpack into a folder of their own name or straight into the tree.
ENVIRONMENT_FOLDERS_2024 = {
    "bioclimatic": "Climate/Average 1981-2010",
    "elevation": "Elevation",
    "human_footprint": "Human Footprint",
    "landcover": "LandCover",
    "soilgrids": "SoilGrids",
}
CUBES_2024 = ("TimeSeries-Cubes/TimeSeries-Cubes", "TimeSeries-Cubes", "")


def _cubes_2024(source: str, modality: Modality, series: str) -> FileLayout:
    """Train cubes of Landsat are named with hyphens below a folder with underscores."""
    folder, split = f"GLC24-{source}-{series}", series
    if source == PA_TRAIN and modality is LANDSAT:
        split = series.replace("_", "-")
    templates = tuple(f"{root}/{folder}/GLC24-{source}-{split}_{{id}}_cube.pt".lstrip("/") for root in CUBES_2024)
    return FileLayout(2024, source, modality.name, templates, decoder="tensor")


def _rows_2024(source: str) -> tuple[Layout, ...]:
    split = source.removeprefix("PA-")
    patches = f"PA_{split.capitalize()}_SatellitePatches_RGB/pa_{split}_patches_rgb/{NESTED}{{id}}.jpeg"
    parts = []
    for table, folder in ENVIRONMENT_FOLDERS_2024.items():
        positions = tuple(i for i, predictor in enumerate(ENVIRONMENT_VARIABLES) if predictor.table == table)
        columns = tuple(ENVIRONMENT_VARIABLES[i].name for i in positions)
        parts.append(TablePart(f"EnvironmentalRasters/**/{folder}/GLC24-{source}-{table}.csv", columns, positions))
    return (
        FileLayout(2024, source, PATCH.name, (patches,), decoder="jpeg pair"),
        _cubes_2024(source, LANDSAT, "landsat_time_series"),
        _cubes_2024(source, CLIMATE, "bioclimatic_monthly"),
        TableLayout(2024, source, ENVIRONMENT.name, tuple(parts), complete=False),
    )


LAYOUTS: tuple[Layout, ...] = (
    *(row for source in SOURCES for row in _rows_2025(source)),
    *(row for source in (PA_TRAIN, PA_TEST) for row in _rows_2024(source)),
)


def layouts(edition: int, source: str, modality: str) -> tuple[Layout, ...]:
    """The layouts of one kind of input, best first: files of single surveys before tables of all."""
    return tuple(row for row in LAYOUTS if (row.edition, row.source, row.modality) == (edition, source, modality))
