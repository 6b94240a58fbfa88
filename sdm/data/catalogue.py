"""Which data sets there are: those named in SDM_DATA, then those under `data/`, those made in the app last."""

from __future__ import annotations

import os
from pathlib import Path

from sdm.data.find_tree import holds_tree
from sdm.errors import DataError
from sdm.files import PROJECT

HOME = PROJECT / "data"
UPLOADS = "uploads"  # folder of the data sets that were made in the app, one folder per visit
DEMO = "virtual-europe-demo"
MARKS = ("world.json", "manifest.json")  # of a simulated tree, of a packed store


def known_datasets() -> dict[str, Path]:
    """Key -> folder, the default first. Keys are what the app's switcher and its links carry, never paths."""
    named = [Path(text).expanduser() for text in os.environ.get("SDM_DATA", "").split(os.pathsep) if text]
    folders = sorted(path for path in HOME.iterdir() if path.name[0] != ".") if HOME.is_dir() else []
    ours = [path for path in folders if any((path / mark).exists() for mark in MARKS) or holds_tree(path)]
    ours += [path.parent for path in sorted(HOME.glob(f"{UPLOADS}/*/*/{MARKS[-1]}"))]
    ours.sort(key=lambda path: path.name != DEMO)
    known: dict[str, Path] = {}
    for path in (*named, *ours):
        known.setdefault(_free_key(path, known), path)
    return known


def uploaded(path: Path) -> bool:
    """Whether the data set in `path` was made in the app, so that it may be deleted there."""
    return path.resolve().parent.parent == (HOME / UPLOADS).resolve()


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
