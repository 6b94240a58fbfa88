"""Tables and lists that somebody uploads: valid ones, mutated with pieces that have failed in other readers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from sdm.data.dataset import Dataset
from sdm.evaluation.submissions.check import check_submission
from sdm.formats.table import Kind, read_table
from sdm.inference.survey_requests import read_requests
from sdm.training_logs.read import read_log
from tests.datasets import multilabel
from tests.faults import Outcome
from tests.faults.damage import damaged
from tests.faults.trials import Trials

WHOLE = (
    b"surveyId,predictions\n115,3 42\n116,10\n117,3 10 42\n118,700\n119,42\n",
    b"surveyId,speciesId,probability\n115,3,0.5\n115,42,0.25\n116,10,1\n117,3,0\n118,10,.5\n119,3,1e-3\n",
    b"surveyId,3,10,42\n115,0.1,0.2,0.3\n116,1,0,0\n117,0,0,0\n118,0.5,0.5,0\n119,1,1,1\n",
    b"surveyId,value\n115,1.5\n116,2\n117,-3e2\n118,0\n119,7\n",
    b"surveyId,source\n115,PA-test\n116,PA-test\n101,PA-train\n",
    b"lat;lon\n50.5;5.1\n-90;180\n51.2;6.3\n",
    b"epoch,train_loss,validation_loss,lr\n1,0.7,0.8,0.001\n2,0.5,,0.001\n3,nan,0.4,0.0005\n",
)
PIECES = (
    b"", b"\n", b"\r", b"\r\n\r\n", b",", b",,,,", b";", b"\t", b'"', b'""', b'"a\nb"', b"\0", b"\xff\xfe",
    b"\xef\xbb\xbf", b"\xc3", b"-1", b"0", b"1e400", b"1e308", b"-0", b"nan", b"inf", b"NA", b"9" * 20, b"9" * 400,
    b"0x10", b"1_000", "\u0663\u0664".encode(), "\u202e".encode(), b"=cmd|'/c calc'!A1", b"../../etc/passwd",
    b"<script>alert(1)</script>", b"surveyId", b"predictions", b"115,3 42\n" * 3, b"a" * 5000, b"PK\x03\x04",
    b"\x1f\x8b\x08", b"%s%n", b"{0.__class__}",
)  # fmt: skip


def tables(seed: int = 0, tried: int = 2000) -> Outcome:
    """Read a mutated table by every reader of uploads, `tried` tables in all.

    Survived: refused, or read, with what is wrong named by line, into surveys and classes that the table can name.
    """
    random, trials, data = np.random.default_rng(seed), Trials("tables"), multilabel("environment")
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "upload.csv"
        for i in range(tried):
            path.write_bytes(mutated(WHOLE[i % len(WHOLE)], random))
            for read in READERS:
                with trials.one(f"{read.__name__.strip('_')}, table {i}, {path.read_bytes()[:60]!r}"):
                    read(path, data)
    return trials.outcome()


def mutated(raw: bytes, random: np.random.Generator) -> bytes:
    """`raw` with one to four changes: a damage, a piece at a place, or lines in another order."""
    for _ in range(int(random.integers(1, 5))):
        choice, at = random.random(), int(random.integers(len(raw) + 1))
        if choice < 0.3 and raw:
            raw = damaged(raw, random)
        elif choice < 0.9:
            length = int(random.integers(0, 4))
            raw = raw[:at] + PIECES[int(random.integers(len(PIECES)))] + raw[at + length :]
        else:
            raw = b"\n".join(random.permutation(np.array(raw.split(b"\n"), object)))
    return raw


def _submission(path: Path, data: Dataset) -> None:
    checked = check_submission(path, data)
    if checked.submission is not None:
        values, rows = checked.submission.values.data, checked.rows
        assert np.isfinite(values).all() and len(rows) == len(checked.submission) and (rows < len(data)).all()
        assert checked.submission.holds == "values" or ((values >= 0) & (values <= 1)).all()
    assert checked.valid or all(str(problem) for problem in checked.problems)


def _request(path: Path, data: Dataset) -> None:
    request, _ = read_requests(path, data)
    assert ((request.row >= 0) & (request.row < len(data))).all() and np.isfinite(request.km).all()


def _training_log(path: Path, _: Dataset) -> None:
    read_log(path)


def _columns(path: Path, _: Dataset) -> None:
    table = read_table(path, {"surveyId": Kind.ID, "predictions": Kind.TEXT, "value": Kind.SMALL},
                       optional=frozenset(("predictions", "value")))  # fmt: skip
    assert table["surveyId"].dtype == np.int64


READERS: tuple[Callable[[Path, Dataset], None], ...] = (_submission, _request, _training_log, _columns)
