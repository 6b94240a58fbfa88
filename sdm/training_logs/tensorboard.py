"""Scalars in TensorBoard's event files, read without TensorBoard.

Messages and field numbers: tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto,
tensor.proto, tensor_shape.proto, types.proto.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sdm.errors import DataError
from sdm.training_logs.records import read_records
from sdm.training_logs.table import COLUMNS, empty_table, epochs_from_one, screen_name
from sdm.training_logs.wire import Message, WireError

EVENT_WALL_TIME, EVENT_STEP, EVENT_SUMMARY = 1, 2, 5
SUMMARY_VALUE = 1
VALUE_TAG, VALUE_SIMPLE, VALUE_TENSOR, VALUE_METADATA = 1, 2, 8, 9
METADATA_PLUGIN, PLUGIN_NAME = 1, 1
TENSOR_TYPE, TENSOR_SHAPE, TENSOR_CONTENT, SHAPE_EXTENT = 1, 2, 4, 2
# DataType -> struct code and the repeated field that holds the number when `tensor_content` does not.
TENSOR_NUMBERS = {1: ("<f", 5), 2: ("<d", 6)}
SCALARS = b"scalars"
EPOCH = "epoch"  # Lightning logs the epoch as a scalar beside the others


class Scalar(NamedTuple):
    """One logged number; `time` is in seconds since 1970."""

    tag: str
    step: int
    time: float
    value: float


def read_events(paths: Iterable[Path], run: str) -> pd.DataFrame:
    """The scalars of one run's event files as a curve table (`sdm.training_logs.table`), series by series, by
    step.

    Seconds count from the first event. Where a resumed training logged a step again, the later value holds.
    A last record that is cut off is left out; DataError for any other damage.
    """
    scalars: list[Scalar] = []
    start = np.inf
    for path in paths:
        for time, found in _events(path):
            start = min(start, time)
            scalars += found
    if not scalars:
        return empty_table()
    table = pd.DataFrame(scalars).sort_values("time", kind="stable")
    table = table.drop_duplicates(["tag", "step"], keep="last").sort_values(["tag", "step"], kind="stable")
    logged = table[table["tag"] == EPOCH]
    epochs = dict(zip(logged["step"], epochs_from_one(logged["value"].to_numpy()), strict=True))
    table = table[table["tag"] != EPOCH]
    names = {tag: screen_name(tag) for tag in table["tag"].unique()}
    made = {"run": run, "series": table["tag"].map(names), "step": table["step"].astype(float)}
    made |= {"epoch": table["step"].map(epochs).astype(float), "seconds": table["time"] - start}
    return pd.DataFrame(made | {"value": table["value"]}, columns=list(COLUMNS)).reset_index(drop=True)


def _events(path: Path) -> Iterator[tuple[float, list[Scalar]]]:
    """Time and scalars of every event."""
    foreign: set[bytes] = set()
    for number, record in enumerate(read_records(path)):
        try:
            event = Message(record)
            time = event.double(EVENT_WALL_TIME) or 0.0
            step = event.integer(EVENT_STEP) or 0
            values = Message(event.data(EVENT_SUMMARY) or b"").repeated(SUMMARY_VALUE)
            numbers = [(value, _number(value, foreign)) for value in map(Message, values)]
        except WireError as problem:
            raise DataError(f"event {number} is damaged", where=path, got=problem) from None
        yield time, [Scalar(_tag(value), step, time, n) for value, n in numbers if n is not None]


def _tag(value: Message) -> str:
    return (value.data(VALUE_TAG) or b"").decode(errors="replace")


def _number(value: Message, foreign: set[bytes]) -> float | None:
    """The number a summary's value carries, None when it carries something else.

    `foreign` collects the tags of other plug-ins (hyper-parameters, curves): only a tag's first value tells.
    """
    if (simple := value.single(VALUE_SIMPLE)) is not None:
        return simple
    tag, tensor = value.data(VALUE_TAG) or b"", value.data(VALUE_TENSOR)
    if tensor is None:
        return None
    plugin = Message(Message(value.data(VALUE_METADATA) or b"").data(METADATA_PLUGIN) or b"").data(PLUGIN_NAME)
    if plugin not in (None, b"", SCALARS):
        foreign.add(tag)
    return None if tag in foreign else _tensor_number(Message(tensor))


def _tensor_number(tensor: Message) -> float | None:
    """The number in a tensor without axes, None for any other tensor."""
    code, field = TENSOR_NUMBERS.get(tensor.integer(TENSOR_TYPE) or 0, ("", 0))
    if not code or Message(tensor.data(TENSOR_SHAPE) or b"").repeated(SHAPE_EXTENT):
        return None
    content = tensor.data(TENSOR_CONTENT) or tensor.data(field)
    if content is None:
        return tensor.single(field) if code == "<f" else tensor.double(field)
    if len(content) != struct.calcsize(code):
        raise WireError(f"a single number in {len(content)} bytes")
    return float(struct.unpack(code, content)[0])
