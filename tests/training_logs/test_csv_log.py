"""CSV logs: ours, Lightning's, and broken ones."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.errors import DataError, NotDownloadedError
from sdm.files import write_json
from sdm.training_logs.read import read_log, read_logs

HISTORY = """epoch,step,train_loss,validation_loss,samples_f1,decoder,lr,seconds
1,2,0.5,0.6,0.10,top-k:5,0.001,1.5
2,4,0.4,0.5,0.20,threshold:0.2,0.001,3.0
"""
BATCHES = """step,epoch,loss,lr,seconds
0,1,0.7,0.0001,0.5
1,1,0.3,0.001,1.0
2,2,0.4,0.001,2.0
"""
# As Lightning's CSVLogger writes: a row for training, a row for validation, the rest empty.
LIGHTNING = """epoch,lr-AdamW,step,train_loss_epoch,train_loss_step,val_f1
,0.001,49,,,
0,,49,,0.9,
0,,99,,,0.25
0,,99,0.8,,
1,,149,,nan,
"""


@pytest.fixture
def log(tmp_path: Path):
    def write(text: str | bytes, name: str = "metrics.csv") -> Path:
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / name

    return write


def rows(path: Path, series: str) -> list[list[float]]:
    table = read_log(path)
    return table.loc[table["series"] == series, ["step", "epoch", "seconds", "value"]].to_numpy().tolist()


def test_a_run_of_ours(log, tmp_path: Path):
    log(HISTORY, "history.csv")
    log(BATCHES, "batches.csv")
    table = read_log(tmp_path, "mine")
    assert set(table["run"]) == {"mine"}
    assert list(table["series"].unique()) == [
        "train_loss", "validation_loss", "samples_f1", "lr", "batch_loss", "batch_lr",
    ]  # fmt: skip
    assert rows(tmp_path, "samples_f1") == [[2, 1, 1.5, 0.1], [4, 2, 3.0, 0.2]]
    assert rows(tmp_path, "batch_loss")[-1] == [2, 2, 2.0, 0.4]


def test_the_log_of_a_finished_run_has_the_epochs_of_its_card(log, tmp_path: Path):
    write_json(tmp_path / "card.json", {"epochs": 2})
    log(HISTORY, "history.csv")
    assert len(rows(tmp_path, "samples_f1")) == 2
    log("".join(HISTORY.splitlines(keepends=True)[:-1]), "history.csv")
    with pytest.raises(DataError, match=r"history\.csv.*2 epochs"):
        read_log(tmp_path)
    (tmp_path / "card.json").write_text("{")
    assert len(rows(tmp_path, "samples_f1")) == 1  # what is wrong with a card is said elsewhere


def test_a_run_in_its_first_epoch(log, tmp_path: Path):
    log(HISTORY.splitlines()[0] + "\n", "history.csv")
    log(BATCHES, "batches.csv")
    assert set(read_log(tmp_path)["series"]) == {"batch_loss", "batch_lr"}


def test_lightning_counts_from_one_here_and_leaves_no_rows_for_what_it_did_not_log(log):
    path = log(LIGHTNING)
    assert rows(path, "val_f1") == [[99, 1, pytest.approx(np.nan, nan_ok=True), 0.25]]
    assert [row[:2] for row in rows(path, "train_loss_step")] == [[49, 1], [149, 2]]
    assert np.isnan(rows(path, "train_loss_step")[1][3])
    assert [row[3] for row in rows(path, "lr-AdamW")] == [0.001]
    assert read_log(path.parent).equals(read_log(path, path.parent.name))


def test_wall_clock_counts_from_the_first(log):
    path = log("step,wall_time,loss\n1,1700000000,3\n2,1700000060,2\n")
    assert [row[2] for row in rows(path, "loss")] == [0.0, 60.0]


def test_many_runs_in_one_table(log):
    table = read_logs(
        {"a": log("step,loss\n1,2\n", "a.csv"), "b": log("step,loss\n", "b.csv"), "c": log("", "c.csv")}
    )
    assert table["run"].tolist() == ["a"]


def test_every_cut_of_a_live_log_gives_its_whole_lines(log):
    text = "step,loss\n1,0.25\n2,0.125\n"
    for end in range(len(text) + 1):
        found = [row[3] for row in rows(log(text[:end]), "loss")]
        assert found == [0.25, 0.125][: max(text[:end].count("\n") - 1, 0)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("step,loss\n1,0.5\n2,tensor(0.4)\n", r"line 3, column loss: not a number; got 'tensor\(0.4\)'"),
        ("step,loss\n1,0.5\n2\n3,0.4\n", "not a readable log"),
        ("step,loss\n1,0.5\n2,0.4,9\n", "not a readable log"),
        ("step,loss,loss\n1,2,3\n", "columns that occur twice; got loss"),
        ('step,loss\n1,"0.5\n2,0.4\n', "no column holds a series"),
        (b"step,l\xffss\n1,2\n", "not UTF-8"),
        (b"step,loss,note\n1,2,\xff\n", "not a readable log"),
        (b"\n\x86\xff\n1,2\n", "header is empty"),
        (",".join(f"c{i}" for i in range(1001)) + "\n", "too many columns"),
        ("step,loss\n1,0.5\n2," + "x" * 10_000 + "\n", "not a number"),
        ('"' + "x" * 200_000 + '",loss\n1,2\n', "header cannot be read"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(log, text: str | bytes, said: str):
    with pytest.raises(DataError, match=said) as caught:
        read_log(log(text))
    assert len(str(caught.value)) < 2500
    assert "metrics.csv" in str(caught.value)


def test_columns_of_text_are_left_out(log):
    assert set(read_log(log("step,loss,phase,note\n1,0.5,train," + "x" * 10_000 + "\n"))["series"]) == {"loss"}


def test_names_for_the_screen(log):
    names = read_log(log("\ufeffstep, a\tb \x07," + "y" * 10_000 + ",,<i>z</i>\n1,2,3,4,5\n"))["series"].tolist()
    assert names[0] == "a b"
    assert len(names[1]) == 120
    assert names[2:] == ["column 4", "<i>z</i>"]


def test_what_is_not_there(tmp_path: Path):
    with pytest.raises(NotDownloadedError):
        read_log(tmp_path / "metrics.csv")


def test_too_large_is_refused_unread(tmp_path: Path):
    with (tmp_path / "metrics.csv").open("wb") as file:
        file.truncate((512 << 20) + 1)
    with pytest.raises(DataError, match="too large"):
        read_log(tmp_path / "metrics.csv")


@given(st.binary(max_size=120))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_a_table_or_a_data_error(tmp_path_factory, data: bytes):
    path = tmp_path_factory.mktemp("log") / "metrics.csv"
    path.write_bytes(data)
    with contextlib.suppress(DataError):
        read_log(path)
