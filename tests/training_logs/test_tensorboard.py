"""Event files: what TensorBoard would show, and every kind of damage."""

from __future__ import annotations

import struct
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.errors import DataError, NotDownloadedError
from sdm.training_logs.read import read_log
from sdm.training_logs.table import COLUMNS
from sdm.training_logs.tensorboard import masked_checksum, read_records
from tests.training_logs.encode import (
    VERSION,
    checksum,
    chunk,
    double,
    event,
    record,
    simple,
    single,
    tensor,
    varint,
    whole,
)

FLOAT, DOUBLE, STRING = whole(1, 1), whole(1, 2), whole(1, 7)
NAME = "events.out.tfevents.1.host"


@pytest.fixture
def log(tmp_path: Path):
    def write(*records: bytes, name: str = NAME) -> Path:
        (tmp_path / name).write_bytes(b"".join(records))
        return tmp_path / name

    return write


def values(path: Path) -> list[tuple[str, float, float]]:
    table = read_log(path)
    return list(table[["series", "step", "value"]].itertuples(index=False, name=None))


@given(st.binary(max_size=1000))
@settings(max_examples=50, deadline=None)
def test_checksum_is_that_of_the_definition(data: bytes):
    assert masked_checksum(data) == struct.unpack("<I", checksum(data))[0]


def test_scalars_with_their_places(log):
    path = log(
        VERSION,
        event(0, 1001.0, simple("loss", 0.5), simple("epoch", 0)),
        event(10, 1004.0, simple("loss", 0.25), simple("epoch", 1)),
    )
    table = read_log(path, "mine")
    assert list(table.columns) == list(COLUMNS)
    assert table.to_numpy().tolist() == [
        ["mine", "loss", 0.0, 1.0, 1.0, 0.5],
        ["mine", "loss", 10.0, 2.0, 4.0, 0.25],
    ]


def test_tensors_without_axes_are_scalars(log):
    axis = chunk(2, chunk(2, whole(1, 1)))
    path = log(
        event(
            1, 5.0,
            tensor("content", FLOAT + chunk(4, struct.pack("<f", 1.5))),
            tensor("packed", FLOAT + chunk(5, struct.pack("<f", 2.5)) + chunk(2, b"")),
            tensor("unpacked", FLOAT + single(5, 3.5), "scalars"),
            tensor("double", DOUBLE + double(6, 4.5)),
            tensor("a curve", FLOAT + axis + chunk(4, struct.pack("<f", 9.0))),
            tensor("text", STRING + chunk(8, b"9")),
            tensor("hyper-parameter", FLOAT + single(5, 9.0), "hparams"),
            chunk(1, b"picture") + chunk(4, bytes(3000)),
        ),
        event(2, 6.0, tensor("hyper-parameter", FLOAT + single(5, 9.0))),
    )  # fmt: skip
    assert {name: value for name, _, value in values(path)} == {
        "content": 1.5, "packed": 2.5, "unpacked": 3.5, "double": 4.5,
    }  # fmt: skip


def test_diverged_values_stay(log):
    found = [value for _, _, value in values(log(event(1, 1.0, simple("loss", np.nan), simple("x", np.inf))))]
    assert np.isnan(found[0])
    assert found[1] == np.inf


def test_a_resumed_training_has_the_last_word(tmp_path: Path, log):
    log(event(1, 10.0, simple("loss", 9)), event(2, 20.0, simple("loss", 8)), name="events.out.tfevents.1")
    log(event(2, 30.0, simple("loss", 7)), event(-1, 40.0, simple("loss", 1)), name="events.out.tfevents.2")
    assert values(tmp_path) == [("loss", -1, 1), ("loss", 1, 9), ("loss", 2, 7)]


def test_the_tail_of_a_running_training_is_skipped(log):
    whole_file = VERSION + event(1, 1.0, simple("loss", 1)) + event(2, 2.0, simple("loss", 2))
    first = len(VERSION + event(1, 1.0, simple("loss", 1)))
    for end in range(first, len(whole_file)):
        assert values(log(whole_file[:end])) == [("loss", 1, 1)]
    assert read_log(log(b"")).empty
    assert read_log(log(VERSION)).empty


def test_every_flipped_byte_is_noticed(log):
    data = bytearray(event(1, 1.0, simple("loss", 1)) + event(2, 2.0, simple("loss", 2)))
    for position in range(len(data)):
        data[position] ^= 0x10
        with pytest.raises(DataError, match=r"byte \d+: .*(checksum|MB)"):
            read_log(log(bytes(data)))
        data[position] ^= 0x10


def test_an_unlikely_length_is_not_read(log):
    length = struct.pack("<Q", 1 << 40)
    with pytest.raises(DataError, match="more than 256 MB"):
        read_log(log(length + checksum(length)))


@pytest.mark.parametrize(
    "data",
    [
        b"\x80" * 11,  # a number without end
        varint(1 << 3 | 3),  # a group
        varint(1 << 3 | 1) + b"123",  # a double of three bytes
        chunk(5, varint(1 << 3 | 2) + varint(2**60)),  # a value beyond its summary
        chunk(5, chunk(1, tensor("x", FLOAT + chunk(4, b"12345678")))),  # two numbers without an axis
        varint(0) + b"\x01",
    ],
)
def test_records_that_are_no_events(log, data: bytes):
    with pytest.raises(DataError, match="event 0 is damaged"):
        read_log(log(record(data)))


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_an_event_or_refused(data: bytes):
    with TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        path.write_bytes(record(data))
        try:
            read_log(path)
        except DataError as problem:
            assert "event 0 is damaged" in problem.what


def test_hostile_tags_become_one_short_line(log):
    tag = "<b>loss\n\x1b[31m" + "x" * 10_000
    names = [
        name for name, _, _ in values(log(event(1, 1.0, simple(tag, 1), chunk(1, b"\xff\xfe") + single(2, 2))))
    ]
    assert len(names) == 2
    assert all(len(name) <= 120 and name.isprintable() for name in names)


def test_an_event_file_is_known_by_its_bytes(log):
    assert values(log(VERSION, event(1, 1.0, simple("loss", 1)), name="upload.bin")) == [("loss", 1, 1)]


def test_what_is_not_there(tmp_path: Path):
    with pytest.raises(NotDownloadedError):
        list(read_records(tmp_path / NAME))
    with pytest.raises(DataError, match="This is no event file"):
        (tmp_path / NAME).write_bytes(b"hello, this is some text")
        read_log(tmp_path / NAME)
    with pytest.raises(NotDownloadedError, match="no training log"):
        read_log(tmp_path / "..")
