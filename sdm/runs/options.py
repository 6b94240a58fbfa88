"""The fields of a pydantic dataclass as a command line, a page or a table of the docs shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le, Lt

LIMITS = {Gt: ("above", "gt"), Ge: ("from", "ge"), Lt: ("below", "lt"), Le: ("to", "le")}


@dataclass(frozen=True)
class Option:
    """One option: `kind` is its type, `choices` what it is one of (empty: anything of its kind), `limits` its
    range in words, "above 0 to 10", `examples` usual values."""

    name: str
    kind: type
    default: Any
    description: str
    choices: tuple[str, ...]
    limits: str
    examples: tuple[Any, ...]

    @property
    def flag(self) -> str:
        """As on the command line."""
        name = self.name.replace("_", "-")
        return f"--{name}/--no-{name}" if self.kind is bool else f"--{name}"

    def words(self, value: object) -> list[str]:
        """What sets it to `value` on the command line."""
        yes, _, no = self.flag.partition("/")
        return [yes if value else no] if self.kind is bool else [yes, str(value)]


def options_of(kind: Any, *, without: tuple[str, ...]) -> Mapping[str, Option]:
    """Name -> option of the pydantic dataclass `kind`, in its order, but those `without`."""
    hints = get_type_hints(kind)
    fields = {name: field for name, field in kind.__pydantic_fields__.items() if name not in without}
    return MappingProxyType({name: _option(name, field, hints[name]) for name, field in fields.items()})


def _option(name: str, field: Any, hint: Any) -> Option:
    choices = get_args(hint) if get_origin(hint) is Literal else ()
    words = [(word, getattr(limit, key)) for limit in field.metadata for word, key in (LIMITS[type(limit)],)]
    limits = " ".join(f"{word} {value}" for word, value in words)
    examples = tuple(field.examples or ())
    return Option(name, str if choices else hint, field.default, field.description, choices, limits, examples)
