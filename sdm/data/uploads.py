"""Data sets made in the app: where they lie, how many there may be, which are kept, and when the others go."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sdm.data import catalogue
from sdm.data.folders import OPENED
from sdm.data.visibility import KEPT, VISIT, is_own, is_public
from sdm.errors import DataError
from sdm.files import write_json
from sdm.number_format import whole
from sdm.staging import clear_strays

INCOMING = ".incoming-"  # files as they were sent, until a data set is made of them
GOING = ".going-"  # what is being deleted
ABANDONED_SECONDS = 86_400.0  # after a visitor's last visit what is not kept goes
SEEN_SECONDS = 600.0  # how exactly the last visit is noted
MOST_DATASETS, MOST_MEGABYTES = 8, 4_000  # of a visitor; SDM_VISIT_DATASETS and SDM_VISIT_MEGABYTES say otherwise
MEGABYTE = 1_000_000
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # told apart in any type


def visit_folder(visit: str) -> Path:
    """Where data sets of a visitor lie."""
    return catalogue.HOME / catalogue.UPLOADS / visit


def new_place(visit: str, name: str) -> Path:
    """A place for a new data set called `name`.

    Its last letters are drawn: no other data set, deleted ones included, has ever had its key, so that neither
    links nor what a browser holds of its maps can be taken for those of another.
    """
    return visit_folder(visit) / f"{name}-{''.join(secrets.choice(LETTERS) for _ in range(4))}"


def note_visit(visit: str) -> None:
    """The visitor is here: what they have made stays for another while."""
    folder = visit_folder(visit)
    with suppress(OSError):
        if time.time() - folder.stat().st_mtime > SEEN_SECONDS:
            os.utime(folder)


def owned(visit: str) -> dict[str, Path]:
    """Key -> folder of the data sets of a visitor, kept ones included."""
    known = catalogue.known_datasets(visit)
    return {key: path for key, path in known.items() if catalogue.uploaded(path) and is_own(path, visit)}


def keep(path: Path) -> None:
    """Show the data set in `path` to everybody, until it is deleted."""
    write_json(path / KEPT, {"kept": True})


def delete(path: Path) -> None:
    """Remove the data set in `path` and what was trained on it; it is gone as a whole before its files are."""
    going = path.parent / f"{GOING}{secrets.token_hex(4)}"
    path.rename(going)
    shutil.rmtree(going)


def require_room(visit: str, coming: int = 0) -> None:
    """DataError where a visitor has too much for another data set, or for `coming` bytes more."""
    most, megabytes = _limit("SDM_VISIT_DATASETS", MOST_DATASETS), _limit("SDM_VISIT_MEGABYTES", MOST_MEGABYTES)
    count = len(owned(visit))
    used = sum(_size(path) for path in visit_folder(visit).rglob("*")) / MEGABYTE
    remedy = "Delete one of yours below. Files as they were sent go after a day."
    if count >= most:
        raise DataError("you have enough data sets here", expected=f"at most {most}", got=count, remedy=remedy)
    if used + coming / MEGABYTE > megabytes:
        got = f"{whole(used)} MB, and {whole(coming / MEGABYTE)} MB more"
        raise DataError("your data take too much room", expected=f"{whole(megabytes)} MB", got=got, remedy=remedy)


def clear_abandoned(busy: Callable[[Path], bool]) -> None:
    """Remove what visitors left behind: data sets that are not kept, files as sent, what a killed app was making.

    `busy`: whether something is being trained in a folder of runs; such a data set stays for now.
    """
    now = time.time()
    for visit in (catalogue.HOME / catalogue.UPLOADS).glob("*"):
        clear_strays(visit)
        gone = visit.name.startswith(VISIT) and _age(visit, now) > ABANDONED_SECONDS
        for path in visit.glob("*"):
            old = _age(path, now) > ABANDONED_SECONDS if _is_scrap(path) else gone and _may_go(path, busy)
            if old:
                shutil.rmtree(path, ignore_errors=True)
        if gone:
            (visit / OPENED).unlink(missing_ok=True)
            with suppress(OSError):  # kept ones are in it
                visit.rmdir()


def _may_go(path: Path, busy: Callable[[Path], bool]) -> bool:
    hidden = path.name.startswith(".") or not path.is_dir()
    return not hidden and not is_public(path) and not busy(path / catalogue.RUNS)


def _is_scrap(path: Path) -> bool:
    return path.name.startswith((INCOMING, GOING))


def _age(path: Path, now: float) -> float:
    """Seconds since the last change, 0 for what is gone by now."""
    try:
        return now - path.stat().st_mtime
    except OSError:
        return 0.0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


def _limit(name: str, usual: int) -> int:
    """A limit as the environment has it."""
    text = os.environ.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() else usual
