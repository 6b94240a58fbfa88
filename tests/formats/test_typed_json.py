"""JSON objects as dataclasses: what does not fit is refused by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import pytest

from sdm.errors import RunError
from sdm.formats.typed_json import from_json


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    x: float
    y: float | None = None


@dataclass(frozen=True)
class Outer:
    name: str
    inner: Mapping[str, Inner]
    colour: Colour = Colour.RED
    sizes: tuple[int, ...] = ()
    size: Literal["s", "m"] = "s"


GOOD = {"name": "a", "inner": {"k": {"x": 1}}, "sizes": [1, 2]}


def test_nested_values_are_converted() -> None:
    assert from_json(Outer, GOOD, RunError, "f.json") == Outer("a", {"k": Inner(1.0)}, sizes=(1, 2))
    assert from_json(Outer, {**GOOD, "sizes": (3,)}, RunError, "f.json").sizes == (3,)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"b": 1}, "unknown keys; expected name, inner, colour, sizes, size; got b"),
        ({"inner": {"k": {"x": 1, "z": 2}}}, r"unknown keys.* got inner\.k\.z"),
        ({"inner": {"k": {}}}, r"missing keys; expected inner\.k\.x"),
        ({"inner": {"k": {"x": True}}}, r"inner\.k\.x has a wrong value; expected a valid number; got True"),
        ({"inner": {"k": {"x": math.nan}}}, r"inner\.k\.x has a wrong value"),
        ({"inner": {"k": {"x": 1, "y": math.inf}}}, r"inner\.k\.y has a wrong value"),
        ({"inner": {"k": {"x": 10**400}}}, r"inner\.k\.x has a wrong value"),
        ({"sizes": [1.5]}, r"sizes\.0 has a wrong value; expected a valid integer; got 1\.5"),
        ({"sizes": "12"}, "sizes has a wrong value"),
        ({"colour": "blue"}, "colour has a wrong value; expected 'red'; got 'blue'"),
        ({"size": "l"}, "size has a wrong value; expected 's' or 'm'; got 'l'"),
        ({"name": None}, "name has a wrong value; expected a valid string; got None"),
        ({"name": {"deep": {1, 2}}}, "name has a wrong value"),
    ],
)
def test_what_does_not_fit_is_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(RunError, match=rf"^f\.json: {message}"):
        from_json(Outer, {**GOOD, **changes}, RunError, "f.json")


def test_depth_without_end_is_refused() -> None:
    value: dict[str, object] = {}
    for _ in range(5000):
        value = {"k": value}
    with pytest.raises(RunError, match=r"^f\.json: "):
        from_json(Outer, {**GOOD, "inner": value}, RunError, "f.json")
