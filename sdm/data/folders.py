"""Folders of data sets that visitors of the app may open: those below the roots named in SDM_ROOTS.

A visitor chooses from a list; what is chosen is looked up in that list, in which no name is that a browser makes
up. Links are not followed, neither on the way to a data set nor out of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from sdm.data.find_tree import tree_begins
from sdm.errors import DataError, SdmError, UnknownNameError
from sdm.files import read_json, write_json

ROOTS = "SDM_ROOTS"  # folders, separated as those of SDM_DATA
MARKS = ("world.json", "manifest.json")  # of a simulated tree, of a packed store
OPENED = "opened.json"  # in the folder of a visitor
DEEPEST, MOST_FOLDERS, MOST_LISTED, MOST_OPENED = 3, 2_000, 200, 20
MOST_ENTRIES = 2_000_000  # of a data set that are looked at for links


def roots() -> list[Path]:
    """The folders that are named, without those that are not there."""
    named = (Path(text).expanduser() for text in os.environ.get(ROOTS, "").split(os.pathsep) if text)
    return [path.resolve() for path in named if path.is_dir()]


def openable() -> dict[str, Path]:
    """Label -> folder of the data sets below the roots, `root/a/b`; at most MOST_LISTED."""
    listed: dict[str, Path] = {}
    for root in roots():
        for folder in _below(root):
            listed.setdefault(f"{root.name}/{folder.relative_to(root)}" if folder != root else root.name, folder)
            if len(listed) >= MOST_LISTED:
                return listed
    return listed


def choose(label: str, listed: Mapping[str, Path]) -> Path:
    """The folder of that label among those `listed`; UnknownNameError, DataError where links lead out of it."""
    if label not in listed:
        raise UnknownNameError("no such folder in the list", expected="one of the list", got=label[:60])
    require_within(listed[label], listed[label])
    return listed[label]


def typed(text: str) -> Path:
    """The folder at a path that whoever sits at this machine has typed; DataError where there is no data set."""
    try:
        folder = Path(text.strip()).expanduser().resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        raise DataError("no such folder", got=text[:200], remedy="Type its whole path.") from None
    if not is_dataset(folder):
        raise DataError(
            "no data set in this folder", where=folder, expected="a GeoLifeCLEF tree or a packed store"
        )
    return folder


def remember(visit: Path, folder: Path, *, free: bool) -> None:
    """Open `folder` for the visitor whose own folder is `visit`; `free`: typed, it need lie below no root."""
    entries = [entry for entry in _entries(visit) if entry[0] != str(folder)]
    if len(entries) >= MOST_OPENED:
        raise DataError("enough folders are open", expected=f"at most {MOST_OPENED}", remedy="Close one.")
    visit.mkdir(parents=True, exist_ok=True)
    write_json(visit / OPENED, {"folders": [*entries, [str(folder), free]]})


def forget(visit: Path, folder: Path) -> None:
    """Close `folder` for that visitor."""
    write_json(visit / OPENED, {"folders": [entry for entry in _entries(visit) if entry[0] != str(folder)]})


def opened(visit: Path) -> list[Path]:
    """The folders that the visitor has opened, but those that are gone or below no root any more."""
    allowed = roots() if (visit / OPENED).exists() else []
    return [path for path, free in map(_entry, _entries(visit)) if path.is_dir() and (free or _in(path, allowed))]


def is_dataset(folder: Path) -> bool:
    """Whether a data set begins at `folder` itself."""
    return any((folder / mark).is_file() for mark in MARKS) or tree_begins(folder) == folder


def require_within(folder: Path, root: Path) -> None:
    """DataError where a link in `folder` leads out of `root`."""
    seen = 0
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path, seen = Path(place, name), seen + 1
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                raise DataError("a link leads out of the folder", where=path, remedy="Put a copy in its place.")
        if seen > MOST_ENTRIES:
            raise DataError("too many files to look at", where=folder, expected=f"at most {MOST_ENTRIES}")


def _below(root: Path) -> Iterator[Path]:
    """The data sets in `root`, by name; hidden folders, links and what lies within a data set are left out."""
    left = MOST_FOLDERS
    for place, folders, _ in os.walk(root):
        folder, left = Path(place), left - 1
        if is_dataset(folder):
            yield folder
            folders.clear()
        deep = len(folder.relative_to(root).parts) >= DEEPEST or left <= 0
        folders[:] = [] if deep else sorted(n for n in folders if n[0] != "." and not (folder / n).is_symlink())


def _in(path: Path, allowed: list[Path]) -> bool:
    return any(path.resolve().is_relative_to(root) for root in allowed)


def _entries(visit: Path) -> list[list[object]]:
    """[path, free] of each folder that was opened; none where the file is damaged."""
    with suppress(SdmError, OSError):
        found = read_json(visit / OPENED).get("folders")
        if isinstance(found, list):
            return [entry for entry in found if isinstance(entry, list) and len(entry) == 2]
    return []


def _entry(entry: list[object]) -> tuple[Path, bool]:
    return Path(str(entry[0])), entry[1] is True
