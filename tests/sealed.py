"""Sealed JSON files changed in tests, as by somebody who knows how they are sealed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sdm.formats.sealed_json import DIGEST, digest


def edit(path: Path, change: Callable[[dict[str, Any]], object], *, seal: bool = True) -> None:
    """Change a JSON file in place; with `seal` its digest fits what it then says."""
    values = json.loads(path.read_text())
    change(values)
    if seal:
        values.pop(DIGEST, None)
        values[DIGEST] = digest(values)
    path.write_text(json.dumps(values))
