"""Trees as people have them: changes to a published tree that leave what it says as it is."""

from __future__ import annotations

import gzip
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from sdm.modalities.layouts import nest
from tests.data import trees_2024

Change = Callable[[Path], None]


def move(old: Path, new: Path) -> None:
    new.parent.mkdir(parents=True, exist_ok=True)
    old.rename(new)


def rename(pattern: str, new: str) -> Change:
    """The names of files and folders that `pattern` is found in, changed to `new`, the deepest first."""

    def change(tree: Path) -> None:
        for path in sorted(tree.rglob("*"), reverse=True):
            path.rename(path.with_name(re.sub(pattern, new, path.name)))

    return change


def flat(*patterns: str) -> Change:
    """All files of `patterns` in the tree's own folder, as single downloads leave them."""

    def change(tree: Path) -> None:
        for path in [path for pattern in patterns for path in tree.rglob(pattern)]:
            path.rename(tree / path.name)

    return change


def doubled(tree: Path) -> None:
    """Every folder unpacked into one of its own name."""
    for folder in [path for path in tree.iterdir() if path.is_dir()]:
        folder.rename(tree / "other")
        move(tree / "other", folder / folder.name)


def whole_doubled(tree: Path) -> None:
    tree.rename(tree.with_name("other"))
    move(tree.with_name("other"), tree / tree.name)


def deeper(tree: Path) -> None:
    tree.rename(tree.with_name("other"))
    move(tree.with_name("other"), tree / "download" / "data")


def linked(tree: Path) -> None:
    """Every folder a link to one elsewhere, and a link that leads round in a circle."""
    for folder in [path for path in tree.iterdir() if path.is_dir()]:
        elsewhere = tree.parent / "elsewhere" / folder.name
        move(folder, elsewhere)
        folder.symlink_to(elsewhere, target_is_directory=True)
    (tree / "round").symlink_to(tree, target_is_directory=True)


def linked_nests(tree: Path) -> None:
    for folder in [path for path in tree.rglob("*") if path.is_dir() and re.fullmatch(r"\d\d?", path.name)]:
        if not re.fullmatch(r"\d\d?", folder.parent.name):  # the folders within go with it
            elsewhere = tree.parent / "elsewhere" / folder.relative_to(tree)
            move(folder, elsewhere)
            folder.symlink_to(elsewhere, target_is_directory=True)


def not_nested(tree: Path) -> None:
    for path in list(tree.rglob("*.tif*")):
        path.rename(above_nests(path))


def tif_beside_tiff(tree: Path) -> None:
    for path in list(tree.rglob("*.tiff"))[::2]:
        path.rename(path.with_suffix(".tif"))


def capitals(tree: Path) -> None:
    for folder in [path for path in tree.iterdir() if path.is_dir()]:
        folder.rename(folder.with_name(folder.name.upper()))


def above_nests(path: Path) -> Path:
    folder = path.parent
    while re.fullmatch(r"\d\d?", folder.name):
        folder = folder.parent
    return folder / path.name


def nested(tree: Path) -> None:
    for path in [path for path in tree.rglob("*.pt") if above_nests(path) == path]:
        survey_id = int(path.stem.split("_")[-2])
        move(path, path.parent / nest(survey_id) / path.name)


def compressed(kind: str, *, keep_name: bool = False) -> Change:
    """All tables in gzip or zip."""

    def change(tree: Path) -> None:
        for path in list(tree.rglob("*.csv")):
            packed = path.with_name(f"{path.name}.{kind}")
            if kind == "gz":
                packed.write_bytes(gzip.compress(path.read_bytes()))
            else:
                with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                    archive.write(path, path.name)
            if path.name != "species.csv":
                path.unlink()
                packed.rename(path if keep_name else packed)
            else:
                packed.unlink()

    return change


def metadata_in(**folders: str) -> Change:
    """Metadata in a folder of their own: that of single downloads unpacked, or those of Pl@ntNet's server."""

    def change(tree: Path) -> None:
        for path in list(tree.glob("GLC*metadata*.csv")):
            folder = tree / folders.get(path.name[6:8], path.name)
            path.rename(tree / "table")
            move(tree / "table", folder / path.name)

    return change


VARIANTS_2025: dict[str, Change] = {
    "folders doubled": doubled,
    "tree doubled": whole_doubled,
    "two folders deeper": deeper,
    "all tables in one folder": flat("*.csv"),
    "all tables and cubes in one folder": flat("*.csv", "*.pt"),
    "tif": rename("tiff$", "tif"),
    "tif beside tiff": tif_beside_tiff,
    "tif beside tiff, not nested": lambda tree: (tif_beside_tiff(tree), not_nested(tree))[1],
    "hyphens for underscores": rename("_", "-"),
    "underscores for hyphens": rename("-", "_"),
    "blanks": rename("(?<=[a-z])(?=[A-Z])|_", " "),
    "capitals": capitals,
    "the other spellings": rename("Satelite", "Satellite"),
    "links": linked,
    "links to nests": linked_nests,
    "patches not nested": not_nested,
    "cubes nested": nested,
    "gzip": compressed("gz"),
    "zip": compressed("zip"),
    "zip by the name of the table": compressed("zip", keep_name=True),
    "single downloads unpacked": metadata_in(),
    "folders for metadata": metadata_in(PA="PresenceAbsenceSurveys", P0="PresenceOnlyOccurrences"),
}


def hyphenated_patches(tree: Path) -> None:
    """Names of the first release on Pl@ntNet's server."""
    for path in list(tree.glob("P?_*_SatellitePatches_*")):
        move(path, tree / "SatellitePatches" / path.name.replace("_", "-"))


def plantnet_folders(tree: Path) -> None:
    metadata_in(PA="PresenceAbsenceSurveys", P0="PresenceOnlyOccurrences")(tree)
    rename("GLC24_P0_metadata", "GLC24-PO-metadata")(tree)
    rasters = tree / trees_2024.RASTERS
    for path in list(rasters.rglob("*bioclimatic.csv")):
        name = path.name.replace("bioclimatic", "bioclimatic-average")
        move(path, tree / "EnvironmentalRasters" / "Climate" / name)
    for path in list((tree / trees_2024.CUBES).iterdir()):
        top = (
            "SatelliteTimeSeries/cubes" if "landsat" in path.name else "EnvironmentalRasters/Obs extractions/cubes"
        )
        move(path, tree / top / path.name)


def tables_instead_of_cubes(tree: Path) -> None:
    trees_2024.write_series_tables(tree)
    (tree / "TimeSeries-Cubes").rename(tree.parent / "cubes")


def some_tables_instead_of_cubes(tree: Path) -> None:
    trees_2024.write_series_tables(tree)
    trees_2024.landsat_path(tree, "PA-train", 212).unlink()
    trees_2024.climate_path(tree, "PA-train", 3018575).unlink()


def without_inner_folder(tree: Path) -> None:
    for path in list(tree.rglob("*.jpeg")):
        path.rename(above_nests(path).parents[1] / path.name)


VARIANTS_2024: dict[str, Change] = {
    "hyphenated patches": hyphenated_patches,
    "folders of Pl@ntNet's server": plantnet_folders,
    "tables instead of cubes": tables_instead_of_cubes,
    "some tables instead of cubes": some_tables_instead_of_cubes,
    "tables instead of cubes, in one folder": lambda tree: (tables_instead_of_cubes(tree), flat("*.csv")(tree))[1],
    "jpg": rename("jpeg$", "jpg"),
    "patches without the inner folder": without_inner_folder,
    "folders doubled": doubled,
    "links": linked,
}  # fmt: skip
