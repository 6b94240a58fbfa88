"""Who sees a data set made in the app, and what was trained on it: its maker; everybody once it is kept.

A visitor is known by a secret that their browser sends (`sdm/ui/visitor.py`). The folder of a visitor is called by
a digest of it: who sees the name of the folder cannot tell the secret.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

VISIT = "visit-"  # how the folder of a visitor begins; what lies in others is everybody's
KEPT = "kept.json"  # in a data set that its maker shows to everybody


def visit_of(secret: str) -> str:
    """The name of the folder of the visitor with that secret."""
    return f"{VISIT}{hashlib.sha256(secret.encode()).hexdigest()[:32]}"


def is_visible(path: Path, visit: str) -> bool:
    """Whether a visitor knows the data set in `path`, made in the app."""
    return is_public(path) or is_own(path, visit)


def is_public(path: Path) -> bool:
    """Whether the data set in `path`, made in the app, is known to everybody."""
    return not path.parent.name.startswith(VISIT) or (path / KEPT).exists()


def is_own(path: Path, visit: str) -> bool:
    """Whether the data set in `path`, made in the app, was made by that visitor."""
    return path.parent.name == visit
