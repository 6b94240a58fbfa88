"""JSON objects as dataclasses: pydantic refuses unknown keys, missing keys and wrong values by name."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import GenericAlias
from typing import Any, TypeVar, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, to_json

from sdm.errors import SdmError

T = TypeVar("T")
STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
RANGES = ("greater_than", "greater_than_equal", "less_than", "less_than_equal")


def from_json(kind: type[T], values: Mapping[str, Any], error: type[SdmError], where: str | Path) -> T:
    """An instance of the dataclass `kind` from plain JSON values; `error` names the key and what was expected.

    Numbers are finite and no text, whole where the field is an int; nested dataclasses are read likewise.
    """
    try:
        # Written and read again: what JSON has no word for (tuples, enumerations) is validated as JSON has it.
        text = to_json([values], inf_nan_mode="strings")
        return cast(T, _adapter(cast(Hashable, kind)).validate_json(text)[0])
    except ValidationError as problems:
        raise _described(problems.errors(include_url=False), kind, error, where) from None
    except ValueError as problem:
        raise error("no JSON", where=where, got=problem) from None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    # Of a list: a dataclass alone takes no configuration.
    return TypeAdapter(cast(Any, GenericAlias(list, (kind,))), config=STRICT)


def _described(problems: list[ErrorDetails], kind: Any, error: type[SdmError], where: str | Path) -> SdmError:
    """The first problem of its class, unknown keys first, as `error`."""
    unknown = [_name(p) for p in problems if p["type"] in ("unexpected_keyword_argument", "extra_forbidden")]
    if unknown:
        known = ", ".join(field.name for field in fields(kind) if field.init)
        return error("unknown keys", where=where, expected=known, got=", ".join(unknown))
    missing = [_name(p) for p in problems if p["type"] == "missing"]
    if missing:
        return error("missing keys", where=where, expected=", ".join(missing))
    first = problems[0]
    what = "is out of range" if first["type"] in RANGES else "has a wrong value"
    expected = first["msg"].removeprefix("Input should be ")
    return error(f"{_name(first)} {what}", where=where, expected=expected, got=repr(first["input"]))


def _name(problem: ErrorDetails) -> str:
    """The dotted key: `data.name`, `channels.0`."""
    return ".".join(map(str, problem["loc"][1:]))
