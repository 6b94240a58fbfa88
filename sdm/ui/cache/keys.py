"""What stands for the arguments of a function whose results are held: a text that is another one for other values.

Streamlit's own hashes of arguments take a quarter of the processor time of a page on which nothing has changed.
"""

from __future__ import annotations

import ast
import hashlib
import marshal
import weakref
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import lru_cache, partial
from pathlib import PurePath
from types import CodeType, FunctionType
from typing import Any

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset
from sdm.data.survey import Dossier
from sdm.data.survey_filter import SurveyFilter
from sdm.evaluation.decoding import Decoder
from sdm.files import modified
from sdm.maps.script import Script
from sdm.runs import Run
from sdm.runs.folder import CARD
from sdm.runs.kaggle_scores import KAGGLE
from sdm.training_logs.catalogue import Log

Stamp = tuple[str | int | None, ...]
HELD = (pd.DataFrame, np.ndarray)
PLAIN = frozenset({str, int, float, bool, type(None)})


@dataclass
class _Held:
    """A result that is held, and the plain values that stand for it once they are known."""

    result: weakref.ref[Any]
    plain: Any = None


_held: dict[int, _Held] = {}  # by `id`, as long as each is there


class NoKeyError(Exception):
    """A value of a type that nothing here stands for."""


def key_of(value: Any) -> str:
    """The key of a value; NoKeyError where a part of it is of a type that has none.

    >>> key_of((1, "a")) == key_of((1, "a")), key_of(1) == key_of(True), key_of([1.0]) == key_of((1.0,))
    (True, False, False)
    """
    return repr(_plain(value))


def _plain(value: Any) -> Any:
    """Plain values that are equal only if `value` is: those of containers in order, else what `STAMPS` makes."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is tuple:
        return tuple(map(_plain, value))
    if kind is list:
        return list(map(_plain, value))
    if kind is dict:
        return "dict", *((_plain(name), _plain(one)) for name, one in value.items())
    return f"{kind.__module__}.{kind.__qualname__}", _of_type(kind, value)


def _of_type(kind: type[Any], value: Any) -> Any:
    if kind in HELD and (held := _held.get(id(value))) is not None and held.result() is value:
        held.plain = held.plain or _plain(STAMPS[kind](value))
        return held.plain
    if kind in STAMPS:
        return _plain(STAMPS[kind](value))
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if isinstance(value, np.generic):
        return repr(value)
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, ast.AST):
        return ast.dump(value)
    if isinstance(value, PurePath):
        return str(value)
    if is_dataclass(value):
        return tuple(_plain(getattr(value, field.name)) for field in fields(value))
    raise NoKeyError(kind)


def run_stamp(run: Run) -> Stamp:
    """What tells one state of a run from the next: other weights, decoder, thresholds, or scores recorded.

    What `run` has in memory may be older than its files: both count.
    """
    card = run.card
    written = (modified(run.path / name) for name in (CARD, KAGGLE))
    return str(run.path), card.digest, card.decoder, hash(card.thresholds), *written


def _digest(content: Any) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


@lru_cache(1024)
def _code(code: CodeType) -> str:
    return _digest(marshal.dumps(code))


def _function(function: FunctionType) -> tuple[Any, ...]:
    """A function by its code and what it closes over; one of another module is another code."""
    inside = tuple(cell.cell_contents for cell in function.__closure__ or ())
    return _code(function.__code__), function.__defaults__, function.__kwdefaults__, inside


def _array(array: np.ndarray) -> tuple[Any, ...]:
    """An array by all of its values."""
    if array.dtype.hasobject:
        return array.shape, _plain(array.tolist())
    return array.shape, array.dtype.str, _digest(np.ascontiguousarray(array))


def hold(result: Any) -> None:
    """A table or an array is a held result, and so never changed: its values are looked at once."""
    if type(result) in HELD:
        place = id(result)
        _held[place] = _Held(weakref.ref(result, lambda _: _held.pop(place, None)))


def _table(table: pd.DataFrame) -> tuple[Any, ...]:
    """A table by all of its rows: Streamlit looks at a sample of a long one."""
    columns = [(str(name), str(kind)) for name, kind in table.dtypes.items()]
    return columns, _values(table.index), [_values(column) for _, column in table.items()]


def _values(column: pd.Series | pd.Index) -> Any:
    if isinstance(column, pd.RangeIndex):
        return repr(column)
    if isinstance(column.dtype, np.dtype) and not column.dtype.hasobject:
        return _digest(np.ascontiguousarray(column.to_numpy()))
    return _digest(repr(column.tolist()).encode("utf-8", "surrogatepass"))


STAMPS: dict[str | type[Any], Callable[[Any], Any]] = {
    Dataset: lambda data: (data.identity, data.targets.hierarchy),
    Dossier: lambda survey: (survey.data, survey.source, survey.survey_id, survey.lon, survey.lat, survey.year),
    Run: run_stamp,
    Decoder: str,
    Log: lambda log: (log.name, str(log.folder), log.stamps()),
    SurveyFilter: repr,
    Script: lambda script: (script.script, script.values),
    FunctionType: _function,
    partial: lambda part: (part.func, part.args, part.keywords),
    bytes: _digest,  # a file of many megabytes, while other visitors wait
    range: repr,
    pd.DataFrame: _table,
    np.ndarray: _array,
}
"""Type -> the value that stands for one of it."""
