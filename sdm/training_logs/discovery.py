"""Search for training logs below a folder."""

from __future__ import annotations

import os
from pathlib import Path

from sdm.training_logs.read import BATCHES, EVENTS, HISTORY, LIGHTNING

DEEPEST = 4  # lightning_logs/NAME/version_0 is three levels down
MOST = 500


def find_logs(home: Path) -> dict[str, Path]:
    """Return name (path below `home`) -> folder that `sdm.training_logs.read_log` can read; at most MOST, by name.

    Hidden folders are left out, and links are not followed.
    """
    found: dict[str, Path] = {}
    for place, folders, _ in os.walk(home):
        folder = Path(place)
        name = folder.relative_to(home)
        folders[:] = sorted(f for f in folders if not f.startswith(".")) if len(name.parts) < DEEPEST else []
        if name.parts and log_files(folder):
            found[name.as_posix()] = folder
        if len(found) == MOST:
            break
    return found


def log_files(folder: Path) -> list[Path]:
    """Return the files of `folder` that hold its log."""
    named = [folder / name for name in (HISTORY, BATCHES, LIGHTNING)]
    return [path for path in (*named, *sorted(folder.glob(EVENTS))) if path.is_file()]
