"""What lies in a tree, by name: tables, files of one survey each, archives. No file is opened.

Folders named after the end of an id ("08/01") hold hundreds of thousands of files: only the first of them that
holds any is looked into, to learn how its files are named.
"""

from __future__ import annotations

import os
import re
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

from sdm.files import special_kind
from sdm.modalities.layouts import nest
from sdm.modalities.spelling import SUFFIXES, fold, matches, suffix_spellings

DEEPEST = 8  # folders below the tree; those of GeoLifeCLEF lie four deep, one more for each doubled by unzipping
MOST_FOLDERS = 5_000
SETTLED_S = 0.1  # a folder that changed less than this before it was read may change again within one tick
NEST = re.compile("[0-9]{1,2}")
ID = "0|[1-9][0-9]{0,17}"
LAST_NUMBER = re.compile("[0-9]{1,18}(?=[^0-9]*$)")
NO_CONTENT = (".", "__MACOSX")
TABLE = ".csv"  # as folded
ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz")


@dataclass(frozen=True)
class SurveyFiles:
    """Files of one survey each, `folder`/<prefix><id><suffix>, the suffix in any spelling.

    `nested`: in folders named after the end of the id.
    """

    folder: str
    nested: bool
    prefix: str
    suffix: str

    def paths(self, survey_id: int) -> Iterator[str]:
        """Where the file of `survey_id` may lie."""
        within = f"{nest(survey_id)}/" if self.nested else ""
        for suffix in suffix_spellings(self.suffix):
            yield f"{self.folder}/{within}{self.prefix}{survey_id}{suffix}"

    def survey_of(self, name: str) -> int | None:
        """The survey of the file called `name`; None for other files."""
        match = self.pattern.fullmatch(name)
        return int(match[1]) if match else None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What their names match, the id in a group."""
        suffix = "|".join(map(re.escape, suffix_spellings(self.suffix)))
        return re.compile(f"{re.escape(self.prefix)}({ID})(?:{suffix})")

    def files(self) -> Iterator[tuple[int, str]]:
        """The files that are there: survey id and path, ordered by path."""
        yield from self._files(self.folder, "", 2 if self.nested else 0)

    def _files(self, folder: str, within: str, deeper: int) -> Iterator[tuple[int, str]]:
        for entry in _entries(folder):
            name = entry.name
            if deeper and NEST.fullmatch(name) and entry.is_dir():
                yield from self._files(entry.path, f"{within}/{name}" if within else name, deeper - 1)
                continue
            survey_id = self.survey_of(name)
            if survey_id is not None and within == (nest(survey_id) if self.nested else ""):
                yield survey_id, entry.path


@dataclass
class TreeFiles:
    """The files of the tree at `root`; of several with the same name the one in the shallowest folder is first.

    `special` are named pipes, sockets and devices, which are not read. `folders` maps every folder that was read
    to the time of its last change. `complete` is False where the tree has more folders than are read.
    """

    root: Path
    tables: list[Path] = field(default_factory=list)
    survey_files: list[SurveyFiles] = field(default_factory=list)
    archives: list[Path] = field(default_factory=list)
    special: list[Path] = field(default_factory=list)
    folders: dict[str, int] = field(default_factory=dict)
    complete: bool = True
    read_at: float = field(default_factory=time.time)

    def tables_like(self, pattern: str) -> list[Path]:
        """The tables whose path ends in `pattern`."""
        return [path for path in self.tables if matches(self.relative(path), pattern)]

    def survey_files_like(self, pattern: str) -> list[SurveyFiles]:
        """The files of surveys whose path, with {id} for the number and without nesting, ends in `pattern`."""
        return [files for files in self.survey_files if matches(self.relative(named(files)), pattern)]

    def relative(self, path: str | Path) -> str:
        """`path` below the tree, its folders parted by "/"."""
        return _relative(str(path), self.root)

    def unchanged(self) -> bool:
        """Whether no folder that was read has changed since."""
        last = 1e9 * (self.read_at - SETTLED_S)
        try:
            return all(changed < last and changed == _changed(folder) for folder, changed in self.folders.items())
        except OSError:
            return False


def named(files: SurveyFiles) -> str:
    """The path of `files` with {id} for the number, without nesting."""
    return f"{files.folder}/{files.prefix}{{id}}{files.suffix}"


def list_files(root: Path) -> TreeFiles:
    """What lies below `root`, links followed; hidden files and folders are left out."""
    tree = TreeFiles(root)
    waiting, seen = deque([(str(root), 0)]), set[str]()
    while waiting:
        folder, depth = waiting.popleft()
        real = os.path.realpath(folder)
        if real in seen or depth > DEEPEST:
            continue
        if len(seen) == MOST_FOLDERS:
            tree.complete = False
            break
        seen.add(real)
        waiting.extend((below, depth + 1) for below in _read_folder(tree, folder))
    return tree


def _read_folder(tree: TreeFiles, folder: str) -> list[str]:
    """Add what `folder` holds to `tree`; the folders below that are not nests."""
    below, nests, tables, kinds = list[str](), list[str](), list[Path](), dict[SurveyFiles, None]()
    try:
        tree.folders[folder] = _changed(folder)
        entries = list(os.scandir(folder))
    except OSError:
        return []  # a folder that may not be read holds nothing for us
    last = SurveyFiles(folder, nested=False, prefix="/", suffix="")  # no file's name
    for entry in entries:
        name = entry.name
        if last.pattern.fullmatch(name) or name.startswith(NO_CONTENT):
            continue
        if entry.is_dir():
            (nests if NEST.fullmatch(name) else below).append(entry.path)
        elif not entry.is_file() and special_kind(Path(entry.path)):
            tree.special.append(Path(entry.path))
        elif fold(name)[0].endswith(TABLE):
            tables.append(Path(entry.path))
        elif name.lower().endswith(ARCHIVES):
            tree.archives.append(Path(entry.path))
        elif number := LAST_NUMBER.search(name):
            last = _named_like(folder, name, number)
            kinds[last] = None
    for name in _first_names(sorted(nests)):
        if number := LAST_NUMBER.search(name):
            kinds[replace(_named_like(folder, name, number), nested=True)] = None
    tree.survey_files += sorted(kinds, key=lambda files: (files.nested, files.prefix, files.suffix))
    tree.tables += sorted(tables, key=lambda path: (len(path.suffixes), path.name))  # uncompressed ones first
    return sorted(below)


def _named_like(folder: str, name: str, number: re.Match[str]) -> SurveyFiles:
    suffix = name[number.end() :]
    return SurveyFiles(folder, nested=False, prefix=name[: number.start()], suffix=SUFFIXES.get(suffix, suffix))


def _first_names(nests: list[str], deeper: int = 1) -> list[str]:
    """The names of the files in the first nest that holds any."""
    for nest_folder in nests:
        entries = _entries(nest_folder)
        names = [entry.name for entry in entries if not entry.name.startswith(NO_CONTENT) and entry.is_file()]
        below = [entry.path for entry in entries if deeper and NEST.fullmatch(entry.name) and entry.is_dir()]
        if names := names or _first_names(below, deeper - 1):
            return names
    return []


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """What `folder` holds, by name; nothing where it is gone or may not be read."""
    try:
        return sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return []


@lru_cache(maxsize=4096)
def _relative(path: str, root: Path) -> str:
    return Path(path).relative_to(root).as_posix()


def _changed(folder: str) -> int:
    return Path(folder).stat().st_mtime_ns
