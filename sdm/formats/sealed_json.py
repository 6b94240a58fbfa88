"""JSON files that say when they are no longer what was written: a digest of all other values is one of them.

It guards against damage and against edits by hand, not against somebody who computes it anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sdm.errors import SdmError
from sdm.files import write_json

DIGEST = "digest"


def write_sealed(path: Path, values: Mapping[str, Any]) -> None:
    """Write `values` with their digest, atomically."""
    write_json(path, {**values, DIGEST: digest(values)})


def unsealed(values: Mapping[str, Any], where: Path, error: type[SdmError], remedy: str) -> dict[str, Any]:
    """`values` as read from JSON, without their digest; `error` where they are not those it was made of."""
    plain = dict(values)
    if plain.pop(DIGEST, None) != digest(plain):
        raise error("changed since it was written: the digest differs", where=where, remedy=remedy)
    return plain


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256, hexadecimal, of `values` as JSON has them, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(_plain(values), sort_keys=True).encode()).hexdigest()


def _plain(values: Mapping[str, Any]) -> Any:
    """What is read again when `values` are written: keys are text there, and tuples lists."""
    return json.loads(json.dumps(values))
