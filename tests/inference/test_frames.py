"""Messages between processes: what is sent is what arrives, and nothing damaged is taken for a message."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest

from sdm.errors import ServiceError
from sdm.inference import frames

ARRAYS = {
    "patch": np.arange(24, dtype=np.int16).reshape(2, 3, 4)[:, ::-1],
    "climate": np.array([[np.nan, 1e-30, -0.0]], np.float32),
    "none": np.zeros((0, 5)),
    "one": np.array(7, np.uint8),
}
SITE = {"lon": 0.1 + 0.2, "lat": np.float64(60.25), "year": np.int64(2019), "area": float("nan")}
HEADER = {"id": 3, "site": SITE}


def written(header: bytes, body: bytes = b"") -> bytes:
    """A message with the right checksum over anything."""
    checksum = zlib.crc32(body, zlib.crc32(header))
    return frames.PREFIX.pack(frames.MAGIC, len(header), len(body), checksum) + header + body


def read(message: bytes) -> tuple[frames.Header, frames.Arrays] | None:
    return frames.read(io.BytesIO(message).read)


def test_what_is_sent_arrives_bit_by_bit() -> None:
    stream = io.BytesIO(frames.encode(HEADER, ARRAYS) + frames.encode({"id": 4}, {}))
    first, second, end = (frames.read(stream.read) for _ in range(3))
    assert first is not None and second is not None and end is None
    assert second == ({"id": 4}, {})
    header, arrays = first
    assert header["site"]["lon"] == 0.1 + 0.2 and header["site"]["year"] == 2019
    assert np.isnan(header["site"]["area"])
    for name, sent in ARRAYS.items():
        assert arrays[name].dtype == sent.dtype and arrays[name].shape == sent.shape
        assert arrays[name].tobytes() == sent.tobytes()


def test_no_flipped_byte_and_no_cut_is_taken_for_a_message() -> None:
    message = frames.encode(HEADER, ARRAYS)
    random = np.random.default_rng(0)
    for place in random.integers(0, len(message), 300):
        flipped = bytearray(message)
        flipped[place] ^= 1 << int(random.integers(8))
        with pytest.raises(ServiceError):
            read(bytes(flipped))
    for length in range(1, len(message), 7):
        with pytest.raises(ServiceError):
            read(message[:length])


@pytest.mark.parametrize("header", [
    b"", b"[]", b"{}", b"\xff", b'{"arrays": 3}', b'{"arrays": [["a", "float32"]]}', b'{"arrays": [[1, 2, 3]]}',
    b'{"arrays": [["a", "object", [1]]]}', b'{"arrays": [["a", "float32", [-1]]]}',
    b'{"arrays": [["a", "float32", [2]]]}', b'{"arrays": [["a", "float64", [4611686018427387904, 0]]]}',
    b'{"arrays": [["a", "uint8", [3]]]}', b'{"arrays": [["a", "float32", [1e400]]]}', b"[" * 100_000,
])  # fmt: skip
def test_hostile_headers(header: bytes) -> None:
    with pytest.raises(ServiceError):
        read(written(header, b"1234"))


def test_lengths_are_looked_at_before_anything_is_read() -> None:
    for header, body in ((1 << 31, 0), (2, 1 << 60)):
        prefix = struct.pack("<4sIQI", frames.MAGIC, header, body, 0)
        asked: list[int] = []
        with pytest.raises(ServiceError, match="too long"):
            frames.read(lambda count, prefix=prefix, asked=asked: asked.append(count) or prefix)  # type: ignore[misc]
        assert asked == [frames.PREFIX.size]


def test_only_numbers_are_sent() -> None:
    with pytest.raises(ServiceError, match="cannot be sent"):
        frames.encode({}, {"names": np.array(["a"], object)})
    with pytest.raises(ServiceError, match="cannot be sent"):
        frames.encode({"site": {"a": object()}}, {})
    with pytest.raises(ServiceError, match="too long"):
        frames.encode({}, {"much": np.zeros(frames.MOST_ARRAYS + 1, np.uint8)})
