"""Scalars in TensorBoard's event files, read without TensorBoard.

An event file is a TFRecord file: a sequence of records of length, checksum of the length, data, checksum of the
data (tensorflow/core/lib/io/record_writer.h); a checksum is a CRC-32C (RFC 3720), rotated and shifted. Framing and
messages are described here, because the readers and compiled classes come with TensorFlow or TensorBoard. Names
and numbers of fields: tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto, tensor.proto,
tensor_shape.proto. Strings are bytes: a tag may hold anything.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

import google_crc32c
import numpy as np
import pandas as pd
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

from sdm.errors import DataError, NotDownloadedError
from sdm.files import refuse_special
from sdm.training_logs.table import COLUMNS, empty_table, epochs_from_one, screen_name

HEADER = struct.Struct("<QI")
MOST_BYTES = 256 << 20  # of one record
MASK_DELTA = 0xA282EAD8
Field = descriptor_pb2.FieldDescriptorProto
SCALAR_TYPES = {
    "double": Field.TYPE_DOUBLE,
    "float": Field.TYPE_FLOAT,
    "int64": Field.TYPE_INT64,
    "bytes": Field.TYPE_BYTES,
}
# Message -> its fields: name, number, type; a star where repeated.
MESSAGES = {
    "Event": ("wall_time 1 double", "step 2 int64", "summary 5 Summary"),
    "Summary": ("value 1 Value*",),
    "Value": ("tag 1 bytes", "simple_value 2 float", "tensor 8 Tensor", "metadata 9 Metadata"),
    "Metadata": ("plugin_data 1 PluginData",),
    "PluginData": ("plugin_name 1 bytes",),
    "Tensor": ("dtype 1 int64", "tensor_shape 2 Shape", "tensor_content 4 bytes", "float_val 5 float*",
               "double_val 6 double*"),
    "Shape": ("dim 2 bytes*",),
}  # fmt: skip
PACKAGE = "sdm.training_logs"
# DataType (tensorflow/core/framework/types.proto) -> struct code and the field that holds a number when
# `tensor_content` does not.
TENSOR_NUMBERS = {1: ("<f", "float_val"), 2: ("<d", "double_val")}
SCALARS = b"scalars"
EPOCH = "epoch"  # Lightning logs the epoch as a scalar beside the others


def read_records(path: Path) -> Iterator[bytes]:
    """Yield the data of each record in `path`.

    A last record that is cut off ends the file: a running training may still be writing it. DataError for a
    checksum that disagrees or a record that claims more than 256 MB; NotDownloadedError without a file.
    """
    refuse_special(path)
    try:
        with path.open("rb") as file:
            yield from _records(file, path)
    except FileNotFoundError:
        raise NotDownloadedError("the log is missing", where=path) from None
    except OSError as problem:
        raise DataError("the log cannot be read", where=path, got=problem) from None


def masked_checksum(data: bytes) -> int:
    """Return the checksum of `data` as a TFRecord stores it."""
    crc = google_crc32c.value(data)
    return ((crc >> 15 | crc << 17) + MASK_DELTA) & 0xFFFFFFFF


def starts_as_record(path: Path) -> bool:
    """Return whether `path` is a file that begins like a TFRecord file: with a length and its checksum.

    DataError for what is no ordinary file.
    """
    refuse_special(path)
    try:
        with path.open("rb") as file:
            header = file.read(HEADER.size)
    except (OSError, ValueError):
        return False
    return len(header) == HEADER.size and masked_checksum(header[:8]) == HEADER.unpack(header)[1]


def _records(file: IO[bytes], path: Path) -> Iterator[bytes]:
    start = 0
    while len(header := file.read(HEADER.size)) == HEADER.size:
        length, checksum = HEADER.unpack(header)
        if masked_checksum(header[:8]) != checksum:
            raise _damage(path, start, "the length of a record does not match its checksum")
        if length > MOST_BYTES:
            raise _damage(path, start, f"a record of {length} bytes, more than {MOST_BYTES >> 20} MB")
        body = file.read(length + 4)
        if len(body) < length + 4:
            return
        if masked_checksum(body[:-4]) != int.from_bytes(body[-4:], "little"):
            raise _damage(path, start, "a record does not match its checksum")
        yield body[:-4]
        start += HEADER.size + len(body)


def _damage(path: Path, start: int, what: str) -> DataError:
    remedy = "This is no event file of TensorBoard." if start == 0 else "Copy the log again."
    return DataError(f"byte {start}: {what}", where=path, remedy=remedy)


def _event_class() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="event.proto", package=PACKAGE, syntax="proto2")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind in (text.split() for text in fields):
            plain = kind.removesuffix("*")
            label = Field.LABEL_REPEATED if kind != plain else Field.LABEL_OPTIONAL
            made = message.field.add(name=field, number=int(number), label=label)
            if plain in SCALAR_TYPES:
                made.type = SCALAR_TYPES[plain]
            else:
                made.type, made.type_name = Field.TYPE_MESSAGE, f".{PACKAGE}.{plain}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.Event"))


Event = _event_class()


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
        for time, values in _events(path):
            start = min(start, time)
            scalars += values
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
    """Yield time and scalars of every event."""
    other: set[bytes] = set()
    for number, record in enumerate(read_records(path)):
        try:
            event = Event.FromString(record)
            numbers = [(value.tag, _number(value, other)) for value in event.summary.value]
        except (DecodeError, ValueError) as problem:
            raise DataError(f"event {number} is damaged", where=path, got=problem) from None
        scalars = [
            Scalar(tag.decode(errors="replace"), event.step, event.wall_time, n)
            for tag, n in numbers
            if n is not None
        ]
        yield event.wall_time, scalars


def _number(value: Any, other: set[bytes]) -> float | None:
    """Return the number of a summary's value, None when it carries something else.

    `other` collects the tags of other plug-ins (hyper-parameters, curves): only a tag's first value names one.
    """
    if value.HasField("simple_value"):
        return float(value.simple_value)
    if not value.HasField("tensor"):
        return None
    if value.metadata.plugin_data.plugin_name not in (b"", SCALARS):
        other.add(value.tag)
    return None if value.tag in other else _tensor_number(value.tensor)


def _tensor_number(tensor: Any) -> float | None:
    """Return the number in a tensor without axes, None for any other tensor; ValueError for several."""
    code, field = TENSOR_NUMBERS.get(tensor.dtype, ("", ""))
    if not code or tensor.tensor_shape.dim:
        return None
    content = tensor.tensor_content
    if content and len(content) != struct.calcsize(code):
        raise ValueError(f"a single number in {len(content)} bytes")
    numbers = struct.unpack(code, content) if content else getattr(tensor, field)
    if len(numbers) > 1:
        raise ValueError(f"{len(numbers)} numbers in a tensor without axes")
    return float(numbers[0]) if numbers else None
