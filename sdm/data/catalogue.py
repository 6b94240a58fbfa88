"""Which data sets there are: those named in SDM_DATA, then those under `data/`, those made in the app last.

What a visitor of the app makes lies in a folder of their own (`sdm/data/uploads.py`) and is known to nobody else
until it is kept (`sdm/data/visibility.py`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sdm.data.find_tree import holds_tree
from sdm.data.folders import MARKS, opened
from sdm.data.visibility import VISIT, is_visible
from sdm.errors import DataError, UnknownNameError
from sdm.files import PROJECT

HOME = PROJECT / "data"
UPLOADS = "uploads"  # folder of the data sets that were made in the app, one folder per visitor
RUNS = "runs"  # in a data set made in the app: what was trained on it
DEMO = "virtual-europe-demo"


def known_datasets(visit: str = "") -> dict[str, Path]:
    """Key -> folder, the default first. Keys are what the app's switcher and its links carry, never paths.

    Of data sets made in the app those that are kept, and those that the visitor has made whose folder is called
    `visit`; the folders that this visitor has opened (`sdm/data/folders.py`).
    """
    named = [Path(text).expanduser() for text in os.environ.get("SDM_DATA", "").split(os.pathsep) if text]
    folders = sorted(path for path in HOME.iterdir() if path.name[0] != ".") if HOME.is_dir() else []
    ours = [path for path in folders if any((path / mark).exists() for mark in MARKS) or holds_tree(path)]
    ours += visible_uploads(visit)
    ours.sort(key=lambda path: path.name != DEMO)
    known: dict[str, Path] = {}
    theirs = opened(HOME / UPLOADS / visit) if visit.startswith(VISIT) else []
    for path in (*named, *ours, *theirs):
        known.setdefault(_free_key(path, known), path)
    return known


def known_place(key: str, visit: str = "") -> Path:
    """The folder of a known data set; UnknownNameError for another key, also where it is somebody else's."""
    known = known_datasets(visit)
    if key not in known:
        raise UnknownNameError("unknown data set", expected=", ".join(known), got=key)
    return known[key]


def uploads() -> Iterator[Path]:
    """The folders of all data sets made in the app, whoever made them."""
    for mark in sorted(HOME.glob(f"{UPLOADS}/*/*/{MARKS[-1]}")):
        if not mark.parent.name.startswith("."):
            yield mark.parent


def visible_uploads(visit: str) -> list[Path]:
    """The folders of those that a visitor knows: a look at two levels, however large data sets are."""
    return [path for path in uploads() if is_visible(path, visit)]


def uploaded(path: Path) -> bool:
    """Whether the data set in `path` was made in the app."""
    return path.resolve().parent.parent == (HOME / UPLOADS).resolve()


def run_folder(path: Path) -> Path | None:
    """Where runs of the data set in `path` belong: beside it where it was made in the app, None for any other."""
    return path / RUNS if uploaded(path) else None


def maps_folder(place: Path | None, name: str) -> Path:
    """Where maps predicted of the data set in `place` lie: within it where it was made in the app, so that they go
    with it, else in the folder `name` that all others share."""
    return (place if place is not None and uploaded(place) else HOME) / name


def default_data() -> Path:
    """The data set a command works on when none is named."""
    known = known_datasets()
    if not known:
        raise DataError(
            "there is no data set",
            where=HOME,
            remedy="Make the virtual Europe with `python -m sdm demo`, or name a tree with SDM_DATA.",
        )
    return next(iter(known.values()))


def _free_key(path: Path, known: dict[str, Path]) -> str:
    """The folder's name, numbered when another folder has it already."""
    name, key, number = path.name or "data", path.name or "data", 2
    while key in known and known[key] != path:
        key, number = f"{name}-{number}", number + 1
    return key
