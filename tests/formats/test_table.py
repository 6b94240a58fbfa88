"""Tables as people write them; what cannot be read is one clear error with its line."""

from __future__ import annotations

import gzip
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.errors import DataError, NotDownloadedError
from sdm.formats.table import Kind, read_header, read_table

COLUMNS = {"surveyId": Kind.ID, "lon": Kind.NUMBER, "country": Kind.TEXT}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[bytes | str], Path]:
    def writer(content: bytes | str) -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return writer


Write = Callable[[bytes | str], Path]
PLAIN = "lon,country,surveyId\n1.5,Österreich,7\n,,8\n-inf,Österreich,9\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("latin-1"),
        PLAIN[:-1],
        PLAIN.replace("\n-inf", "\n\n-inf"),
        PLAIN.replace("7\n", "7.0\n"),
        PLAIN.replace("Österreich", '"Österreich"'),
        "Unnamed: 0,lon,,country,surveyId,x,x\n0,1.5,a,Österreich,7,,\n1,NaN,,NA,8,,\n2,-inf,,Österreich,9,1,2\n",
        "surveyId,country, lon \n7,Österreich,1.5\n8,,nan\n9,Österreich,-inf\n",
    ],
    ids=["comma", "semicolon", "tab", "CRLF", "BOM", "latin-1", "no last newline", "blank line", "7.0", "quotes",
         "other columns", "other order"],
)  # fmt: skip
def test_spellings_of_one_table(write: Write, content: bytes | str) -> None:
    frame = read_table(write(content), COLUMNS)
    assert list(frame) == list(COLUMNS)
    assert frame["surveyId"].tolist() == [7, 8, 9] and frame["surveyId"].dtype == np.int64
    np.testing.assert_array_equal(frame["lon"], [1.5, np.nan, -np.inf])
    assert frame["country"].tolist()[::2] == ["Österreich"] * 2 and frame["country"].isna()[1]
    assert frame["country"].dtype == "category"


def test_ids_stay_exact(write: Write) -> None:
    assert read_table(write("surveyId\n9007199254740991\n"), {"surveyId": Kind.ID})["surveyId"][0] == 2**53 - 1


def test_small_numbers(write: Write) -> None:
    assert read_table(write("a\n0.1\n"), {"a": Kind.SMALL})["a"].dtype == np.float32


def test_header(write: Write) -> None:
    assert read_header(write('"a;b";c ;\n1;2;3\n')) == (["a;b", "c", ""], ";")


def test_quoted_cells_may_hold_anything(write: Write) -> None:
    path = write('surveyId,lon,country\n1,2,"a, ""b""\nc;\0<script>"\n2,3,=1+1\n')
    assert read_table(path, COLUMNS)["country"].tolist() == ['a, "b"\nc;\0<script>', "=1+1"]


def test_optional_columns(write: Write) -> None:
    frame = read_table(write("surveyId\n1\n"), COLUMNS, optional=frozenset(("lon", "country")))
    assert list(frame) == ["surveyId"]


def test_a_header_alone_is_a_table_without_rows(write: Write) -> None:
    assert read_table(write("surveyId,lon,country\n"), COLUMNS).empty


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ("a,b\n1,2\n", "missing columns surveyId, lon, country; got a, b"),
        ("surveyId,lon,lon,country\n1,2,3,x\n", "twice.*lon"),
        ("surveyId,lon,country\n1,2,x\n2,abc,x\n", "line 3, column lon: not a number; got 'abc'"),
        ("surveyId,lon,country\n1,2,x\nq,1,x\n", "line 3, column surveyId: not a number; got 'q'"),
        ("surveyId,lon,country\n1,2,x\n1.5,1,x\n", "line 3, column surveyId: not a whole number"),
        ("surveyId,lon,country\n1,2,x\n,1,x\n", "line 3, column surveyId: not a whole number"),
        ("surveyId,lon,country\n1e300,2,x\n", "line 2, column surveyId"),
        ("surveyId,lon,country\n1,0x1F,x\n", "line 2, column lon"),
        ("surveyId,lon,country\n1,\0,x\n", "line 2, column lon"),
        ("surveyId,lon,country\n1,2\n", "line 2: 2 cells.*3, as in the header"),
        ("surveyId,lon,country\n1,2,3,4\n", "line 2: 4 cells.*holds a comma in quotation marks"),
        ('surveyId;lon;country\n1;2;"a\nb"\n\n1;2;3;é\n', "line 5: 4 cells.*1;2;3;é.*semicolon"),
        ('surveyId,lon,country\n1,2,"never closed\n2,3,x\n', "never closed"),
        ("", "empty"),
        ("\n\n", "empty"),
        (b"\0" * 3000, "missing columns"),
        ("surveyId,lon\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"\x80\x02}q\x00.", "missing columns"),
        (b"surveyId," * 200_000, "no line ends"),
        (b"surveyId,lon,country\n1,2," + b"x" * (20 << 20) + b"\n", "not a readable table"),
    ],
    ids=["columns", "twice", "text for a number", "text for an id", "half an id", "no id", "huge id", "hex", "NUL",
         "short row", "long row", "long row after lines in cells", "open quote", "empty", "blank", "NUL bytes",
         "UTF-16", "pickle", "endless header", "huge cell"],
)  # fmt: skip
def test_what_cannot_be_read(write: Write, content: bytes | str, match: str) -> None:
    path = write(content)
    with pytest.raises(DataError, match=match) as caught:
        read_table(path, COLUMNS)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 1000


def test_no_file_and_no_permission(tmp_path: Path) -> None:
    with pytest.raises(NotDownloadedError):
        read_table(tmp_path / "none.csv", COLUMNS)
    with pytest.raises(DataError, match="folder"):
        read_table(tmp_path, COLUMNS)


def test_every_truncation_is_read_or_refused(write: Write) -> None:
    raw = PLAIN.encode()
    for length in range(len(raw)):
        path = write(raw[:length])
        try:
            assert len(read_table(path, COLUMNS)) <= 3
        except DataError:
            continue


def test_a_long_table_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    count = 300_000
    path.write_text("surveyId,lon,country,note\n" + "123456,10.12345,Denmark,some text nobody asked for\n" * count)
    tracemalloc.start()
    frame = read_table(path, COLUMNS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(frame) == count
    assert frame.memory_usage(deep=True).sum() < 25 * count
    assert peak < 60 * count


def compressed(path: Path, kind: str) -> Path:
    """The file at `path`, compressed as `kind`; a name that ends in .csv stays what it was."""
    raw, packed = path.read_bytes(), path.with_name(f"{path.name}.{kind}")
    if kind == "gz":
        packed.write_bytes(gzip.compress(raw))
    else:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("__MACOSX/._table.csv", b"\0")
            archive.writestr("folder/table.csv", raw)
    return packed


@pytest.mark.parametrize("kind", ["gz", "zip"])
def test_compressed_tables(write: Write, kind: str) -> None:
    for content in (PLAIN, PLAIN.encode("latin-1")):
        plain = write(content)
        packed = compressed(plain, kind)
        pd.testing.assert_frame_equal(read_table(packed, COLUMNS), read_table(plain, COLUMNS))
        plain.write_bytes(packed.read_bytes())  # Kaggle's client may leave the name of the table
        pd.testing.assert_frame_equal(read_table(packed, COLUMNS), read_table(plain, COLUMNS))


@pytest.mark.parametrize("kind", ["gz", "zip"])
def test_a_damaged_archive_is_one_clear_error(write: Write, kind: str) -> None:
    packed = compressed(write("surveyId\n" + "".join(f"{i * 7919}\n" for i in range(5000))), kind)
    raw = packed.read_bytes()
    for length in (5, 60, len(raw) // 2, len(raw) - 5):
        packed.write_bytes(raw[:length])
        with pytest.raises(DataError) as caught:
            read_table(packed, {"surveyId": Kind.ID})
        assert str(packed) in str(caught.value)


def test_a_directory_that_points_before_the_archive(write: Write) -> None:
    packed = compressed(write("surveyId\n" + "1\n" * 300), "zip")
    packed.write_bytes(packed.read_bytes()[100:])  # the start is missing: offsets become negative
    packed.write_bytes(b"PK\x03\x04" + packed.read_bytes())
    with pytest.raises(DataError, match="decompressed"):
        read_table(packed, {"surveyId": Kind.ID})


def test_an_archive_of_several_tables_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tables.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", PLAIN)
        archive.writestr("b.csv", PLAIN)
    with pytest.raises(DataError, match="several files") as caught:
        read_table(path, COLUMNS)
    assert "unpack" in str(caught.value.remedy)


def test_a_table_that_swells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdm.formats.compressed.CHUNK", 1 << 10)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"surveyId\n" + b"1\n" * (1 << 20)))
    with pytest.raises(DataError, match="swells"):
        read_table(path, {"surveyId": Kind.ID})


def test_a_column_is_of_numbers_where_every_cell_is_one(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "whole,real,text,date,truth,none,mixed\n1,1.5,a,2019-05-03,true,,7\nNA,-2e3,a,2020-01-01,false,,x\n"
    )
    names = ["whole", "real", "text", "date", "truth", "none", "mixed"]
    table = read_table(path, dict.fromkeys(names, Kind.CELL))
    assert [table[name].dtype.kind for name in names] == list("ffOOOfO")
    np.testing.assert_array_equal(table["whole"], [1, np.nan])
    assert table["real"].tolist() == [1.5, -2000] and table["none"].isna().all()
    assert [table[name].tolist() for name in ("date", "truth", "mixed")] == [
        ["2019-05-03", "2020-01-01"], ["true", "false"], ["7", "x"]
    ]  # fmt: skip
    path.write_bytes("text\nPrunus cerasus f. Ljónsk\n".encode("latin-1"))
    assert read_table(path, {"text": Kind.CELL})["text"].tolist() == ["Prunus cerasus f. Ljónsk"]


def test_cells_of_later_blocks_decide_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdm.formats.table.BLOCK_BYTES", 64)
    (tmp_path / "t.csv").write_text("a,b\n" + "1,2\n" * 100 + "x,2.5\n")
    table = read_table(tmp_path / "t.csv", {"a": Kind.CELL, "b": Kind.CELL})
    assert table["a"].tolist()[-2:] == ["1", "x"] and table["b"].tolist()[-2:] == [2.0, 2.5]


def test_a_letter_of_several_bytes_is_no_line_break(write: Write) -> None:
    """The second byte of Å ends a line in Latin-1 as Unicode has it."""
    path = write("surveyId,lon,country\n1,2,Åland\n\n2,x,Åland\n")
    with pytest.raises(DataError, match="line 4, column lon"):
        read_table(path, COLUMNS)
