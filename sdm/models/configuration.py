"""Frozen dataclasses from JSON: unknown keys, missing keys and wrong types are refused by name."""

from __future__ import annotations

import dataclasses
import sys
import types
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sdm.errors import RunError, SdmError

T = TypeVar("T")
LARGEST_SIZE = 1 << 16  # of a layer, or of a neighbourhood
LARGEST = sys.float_info.max  # an int beyond it is no float; NaN and infinity are not within it either


def from_mapping(kind: type[T], values: Mapping[str, Any], error: type[SdmError], where: str | Path) -> T:
    """An instance of the dataclass `kind` from plain JSON values; anything unfit raises `error`.

    Understands str, int, float (finite), bool, enumerations, literals, `X | None`, tuple[X, ...], Mapping[str, X]
    and nested dataclasses.
    """
    fields = {field.name: field for field in dataclasses.fields(typing.cast(Any, kind)) if field.init}
    unknown = sorted(set(values) - set(fields))
    if unknown:
        raise error("unknown keys", where=where, expected=", ".join(fields), got=", ".join(unknown))
    missing = [name for name, field in fields.items() if name not in values and _required(field)]
    if missing:
        raise error("missing keys", where=where, expected=", ".join(missing))
    hints = typing.get_type_hints(kind)
    return kind(**{name: _convert(hints[name], value, name, error, where) for name, value in values.items()})


def check_sizes(name: str, sizes: Sequence[int], count: int) -> None:
    """RunError unless `sizes`, of the field `name`, are `count` numbers from 1 to LARGEST_SIZE."""
    if len(sizes) != count or not all(1 <= size <= LARGEST_SIZE for size in sizes):
        wanted = f"{count} whole number{'s' if count > 1 else ''}, 1 to {LARGEST_SIZE}"
        raise RunError(f"{name} is out of range", expected=wanted, got=", ".join(map(str, sizes)) or "none")


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _convert(hint: Any, value: Any, name: str, error: type[SdmError], where: str | Path) -> Any:
    """`value` as `hint` asks for it."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        inner = next(a for a in arguments if a is not type(None))
        return None if value is None else _convert(inner, value, name, error, where)
    if dataclasses.is_dataclass(hint) and isinstance(value, Mapping):
        return from_mapping(typing.cast(type[Any], hint), value, error, f"{where}: {name}")
    if origin is tuple and isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_convert(arguments[0], item, name, error, where) for item in value)
    if origin is not None and _is_subclass(origin, Mapping) and isinstance(value, Mapping):
        return {str(k): _convert(arguments[1], item, name, error, where) for k, item in value.items()}
    if origin is typing.Literal and value in arguments and not isinstance(value, bool):
        return value
    if hint is Any:
        return value
    return _scalar(hint, value, name, error, where)


def _is_subclass(kind: Any, base: type) -> bool:
    """`issubclass`, False for what is no class."""
    return isinstance(kind, type) and issubclass(kind, base)


def _scalar(hint: Any, value: Any, name: str, error: type[SdmError], where: str | Path) -> Any:
    if hint is float and isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST:
        return float(value)
    if hint in (str, bool) and isinstance(value, hint):
        return value
    if hint is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if _is_subclass(hint, str) and isinstance(value, str) and value in list(hint):
        return hint(value)
    raise error(f"{name} has a wrong value", where=where, expected=_describe(hint), got=repr(value))


def _describe(hint: Any) -> str:
    if typing.get_origin(hint) is typing.Literal:
        return ", ".join(map(str, typing.get_args(hint)))
    if _is_subclass(hint, str) and hint is not str:
        return ", ".join(hint)
    return getattr(hint, "__name__", str(hint)) if typing.get_origin(hint) is None else str(hint)
