"""Where inputs lie in a GeoLifeCLEF tree: the kinds of layout, and the tables of surveys.

Each modality declares its own layouts, one row per edition and source. Sources: the data pages of
kaggle.com/competitions/geolifeclef-2025 and of GeoPlant (lila.science/datasets/geoplant), and the names found in
downloaded trees. Spellings ("Satelite", "P0" with a zero) are those of the published files.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    """One file per survey. `templates` are alternatives with the fields {nest} (CD/AB) and {id}.

    `decoder` is a name of `sdm.data.tree_reader.DECODERS`.
    """

    edition: int
    source: str
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


METADATA: tuple[Metadata, ...] = (
    Metadata(2025, PA_TRAIN, ("GLC25_PA_metadata_train.csv",), labelled=True),
    Metadata(2025, PA_TEST, ("GLC25_PA_metadata_test.csv",), labelled=False),
    Metadata(2025, PO_TRAIN, ("GLC25_P0_metadata_train.csv", "GLC25_PO_metadata_train.csv"), labelled=True),
    Metadata(2024, PA_TRAIN, ("GLC24_PA_metadata_train.csv",), labelled=True),
    Metadata(2024, PA_TEST, ("GLC24_PA_metadata_test.csv",), labelled=False),
    Metadata(2024, PO_TRAIN, ("GLC24_P0_metadata_train.csv", "GLC24_PO_metadata_train.csv"), labelled=True),
)
EDITIONS: dict[int, str] = {2024: "GeoLifeCLEF 2024", 2025: "GeoLifeCLEF 2025"}


def cube_layout(source: str, folders: tuple[str, ...], stems: tuple[str, ...]) -> FileLayout:
    """The tensor files of 2025, flat below the source for PA and nested for PO; both are accepted."""
    order = (NESTED, FLAT) if source == PO_TRAIN else (FLAT, NESTED)
    templates = tuple(
        f"{folder}/cubes/{source}/{nesting}{stem}_{{id}}_cube.pt"
        for folder in folders
        for stem in stems
        for nesting in order
    )
    return FileLayout(2025, source, templates, decoder="tensor")


def cube_layout_2024(source: str, series: str, spelling: str) -> FileLayout:
    """The tensor files of 2024; archives unpack into a folder of their own name or straight into the tree."""
    folder, name = f"GLC24-{source}-{series}", f"GLC24-{source}-{spelling}_{{id}}_cube.pt"
    roots = ("TimeSeries-Cubes/TimeSeries-Cubes/", "TimeSeries-Cubes/", "")
    return FileLayout(2024, source, tuple(f"{root}{folder}/{name}" for root in roots), decoder="tensor")
