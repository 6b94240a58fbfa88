"""Where inputs lie in a GeoLifeCLEF tree: the kinds of layout, and the tables of surveys.

Each modality declares its own layouts, one row per edition and source. Files are known by their names, wherever in
the tree they lie: a pattern is the end of a path, in any spelling (`sdm.modalities.spelling`). Sources: the data
pages of kaggle.com/competitions/geolifeclef-2025 and -2024 and of GeoPlant (lila.science/datasets/geoplant), the
downloader of lab.plantnet.org/seafile/d/bdb829337aa44a9489f6 (2024), and the names found in downloaded trees.
"""

from __future__ import annotations

from dataclasses import dataclass

PA_TRAIN, PA_TEST, PO_TRAIN = "PA-train", "PA-test", "PO-train"
SOURCES = (PA_TRAIN, PA_TEST, PO_TRAIN)


@dataclass(frozen=True)
class Metadata:
    """The table of surveys of one source; `labelled` if it tells species."""

    edition: int
    source: str
    name: str
    labelled: bool


@dataclass(frozen=True)
class FileLayout:
    """Files of one survey each, with the field {id} in their names.

    A survey has one file per pattern, of which some may be missing. Folders named after the end of the id
    (`nest`) are left out of the patterns: they may be there or not. `decoder` is a name of
    `sdm.data.array_sources.DECODERS`.
    """

    edition: int
    source: str
    patterns: tuple[str, ...]
    decoder: str


@dataclass(frozen=True)
class TablePart:
    """One table: the pattern of its path, and which columns fill which positions of the flattened array."""

    pattern: str
    columns: tuple[str, ...]
    positions: tuple[int, ...]


@dataclass(frozen=True)
class TableLayout:
    """Tables with one row per survey, joined by `surveyId`. `complete`: every column must be there.

    `source_column` names the column with the source of each row in tables that hold several: ids repeat across
    sources.
    """

    edition: int
    source: str
    parts: tuple[TablePart, ...]
    complete: bool
    source_column: str | None = None


Layout = FileLayout | TableLayout


def nest(survey_id: int) -> str:
    """The folders of a nested file: the last two characters of the id, then the two before.

    >>> nest(5000108), nest(642), nest(1)
    ('08/01', '42/6', '1')
    """
    text = str(survey_id)
    return "/".join(part for part in (text[-2:], text[-4:-2]) if part)


def stem(edition: int, source: str) -> str:
    """How names of files of `source` begin.

    >>> stem(2024, PA_TRAIN)
    'GLC24-PA-train'
    """
    return f"GLC{edition % 100}-{source}"


EDITIONS: dict[int, str] = {2024: "GeoLifeCLEF 2024", 2025: "GeoLifeCLEF 2025"}
METADATA: tuple[Metadata, ...] = tuple(
    Metadata(edition, source, f"GLC{edition % 100}_{name}.csv", labelled)
    for edition in (2025, 2024)
    for source, name, labelled in (
        (PA_TRAIN, "PA_metadata_train", True),
        (PA_TEST, "PA_metadata_test", False),
        (PO_TRAIN, "P0_metadata_train", True),  # with a zero on Kaggle
    )
)
EDITION_SOURCES = tuple((edition, source) for edition in sorted(EDITIONS, reverse=True) for source in SOURCES)


def cube_layout(edition: int, source: str, series: str) -> FileLayout:
    """The tensor files of `series`, one per survey."""
    return FileLayout(edition, source, (f"{stem(edition, source)}-{series}_{{id}}_cube.pt",), decoder="tensor")
