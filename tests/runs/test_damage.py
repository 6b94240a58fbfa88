"""Damaged and hostile run folders: always a RunError that names the file, never a foreign traceback."""

from __future__ import annotations

import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from sdm.errors import RunError, SdmError
from sdm.evaluation.run_model import open_model
from sdm.formats.arrays import read_npz, write_npz
from sdm.runs import Run, find_runs
from sdm.runs.weights import sha256
from tests.sealed import edit


def weights(run: Run) -> Path:
    return run.path / run.card.weights.file


def reopened(run: Run) -> Run:
    return Run.open(run.path)


def trust(run: Run) -> Run:
    """Make the card vouch for whatever the weights file now holds, as someone hostile would."""
    path = weights(run)
    edit(run.path / "card.json", lambda c: c["weights"].update(sha256=sha256(path), bytes=path.stat().st_size))
    return reopened(run)


def test_whole_runs_load(run: Run) -> None:
    assert open_model(run).width == 7


def test_one_flipped_bit_is_noticed(run: Run) -> None:
    path = weights(run)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)
    with pytest.raises(RunError, match=r"damaged.*Restore"):
        open_model(run)


def test_cut_and_missing_weights(run: Run) -> None:
    path = weights(run)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(RunError, match="bytes"):
        open_model(run)
    path.unlink()
    with pytest.raises(RunError, match="missing"):
        open_model(run)


class Bomb:
    """Unpickling this writes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def test_a_pickle_under_another_name_is_not_unpickled(run: Run, tmp_path: Path) -> None:
    weights(run).write_bytes(pickle.dumps(Bomb(tmp_path / "exploded")))
    with pytest.raises(RunError, match="not"):
        open_model(trust(run))
    assert not (tmp_path / "exploded").exists()


def test_arrays_of_objects_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "table.npz", a=np.array([Bomb(tmp_path / "exploded")], dtype=object))
    with pytest.raises(RunError, match=r"table\.npz"):
        read_npz(tmp_path / "table.npz")
    assert not (tmp_path / "exploded").exists()


def test_headers_that_promise_too_much_are_refused(network_run: Run, tmp_path: Path) -> None:
    header = json.dumps({"head.weight": {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 2**42]}}).encode()
    for length in (len(header), 2**40):
        weights(network_run).write_bytes(struct.pack("<Q", length) + header)
        with pytest.raises(RunError, match="safetensors"):
            open_model(trust(network_run))
    text = "{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776,), }".ljust(117) + "\n"
    with zipfile.ZipFile(tmp_path / "huge.npz", "w") as archive:
        archive.writestr("a.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode())
    with pytest.raises(RunError, match="promises"):
        read_npz(tmp_path / "huge.npz")


def test_a_bomb_of_zeros_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_npz(tmp_path / "zeros.npz", {"a": np.zeros(100_000)})
    monkeypatch.setattr("sdm.formats.arrays.MOST_BYTES", 1000)
    with pytest.raises(RunError, match="too large"):
        read_npz(tmp_path / "zeros.npz")


def test_weights_that_are_not_finite(network_run: Run) -> None:
    tensors = load_file(weights(network_run))
    tensors["head.weight"][0, 0] = torch.nan
    save_file(tensors, weights(network_run))
    with pytest.raises(RunError, match=r"head\.weight.*not finite"):
        open_model(trust(network_run))


def test_weights_of_another_shape_or_network(network_run: Run) -> None:
    tensors = load_file(weights(network_run))
    save_file(tensors | {"head.weight": torch.zeros(9, 8)}, weights(network_run))
    with pytest.raises(RunError, match=r"head\.weight.*\(7, 8\).*\(9, 8\)"):
        open_model(trust(network_run))
    save_file({"other": torch.zeros(1)}, weights(network_run))
    with pytest.raises(RunError, match="another network"):
        open_model(trust(network_run))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c.update(colour="red"), "unknown keys.*colour"),
        (lambda c: c.pop("statistics"), "missing keys.*statistics"),
        (lambda c: c.update(schema=99), "another schema"),
        (lambda c: c.update(kind="guess"), "'multilabel', 'multiclass', 'regression' or 'graded'"),
        (
            lambda c: c["weights"].update(file="../../etc/passwd"),
            r"weights\.file .*'table\.npz'",
        ),
        (lambda c: c["class_ids"].append(3), "class list"),
        (lambda c: c.update(class_ids=[3] * 7), "class list"),
        (lambda c: c.update(epochs="many"), "epochs has a wrong value"),
        (
            lambda c: c["statistics"].update(mean={"landsat": ["x"]}),
            r"statistics\.mean\.landsat\.0 has",
        ),
        (lambda c: c.update(seconds=float("nan")), "seconds has a wrong value"),
    ],
)
def test_cards_that_are_not_cards(network_run: Run, change: Callable[[dict[str, Any]], object], says: str) -> None:
    edit(network_run.path / "card.json", change)
    with pytest.raises(RunError, match=says):
        _ = reopened(network_run).card


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("card.json", lambda c: c["statistics"]["mean"]["landsat"].__setitem__(0, 0.5)),
        ("card.json", lambda c: c.update(milliseconds=0.001)),
        ("config.json", lambda c: c["training"].update(lr=0.5)),
    ],
)
def test_an_edit_by_hand_is_refused(
    network_run: Run, name: str, change: Callable[[dict[str, Any]], object]
) -> None:
    edit(network_run.path / name, change, seal=False)
    with pytest.raises(RunError, match=rf"{name}: changed since it was written.*train again"):
        _ = reopened(network_run).card


def test_cards_and_weights_that_disagree(network_run: Run) -> None:
    def drop(card: dict[str, Any]) -> None:
        card["class_ids"].pop()
        card["class_names"].pop()

    edit(network_run.path / "card.json", drop)
    with pytest.raises(RunError, match=r"\(6, 8\).*\(7, 8\)"):
        open_model(reopened(network_run))


def test_a_model_that_is_no_more(network_run: Run) -> None:
    edit(network_run.path / "card.json", lambda c: c.update(model="landsat-gone"))
    with pytest.raises(SdmError, match="landsat-cnn"):
        open_model(reopened(network_run))


@pytest.mark.parametrize("name", ["config.json", "card.json", "train_ids.npz", "predictions/validation.npz"])
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b"PK\x03\x04", b"[" * 100_000])
def test_rubbish_files(network_run: Run, name: str, content: bytes) -> None:
    (network_run.path / name).write_bytes(content)
    with pytest.raises(RunError):
        everything(network_run.path)


def everything(path: Path) -> None:
    """Read all there is."""
    run = Run.open(path)
    _ = run.card.scores
    run.history(), run.batches()
    run.has_seen("PA-train", 100)
    for split in run.splits():
        run.predictions(split).rows(np.arange(2))
    open_model(run)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_flipped_byte_is_an_sdm_error_or_harmless(network_run: Run, data: st.DataObject) -> None:
    """CSV logs may change silently; everything else is checked."""
    paths = sorted(p for p in network_run.path.rglob("*") if p.is_file() and p.suffix != ".csv")
    path = data.draw(st.sampled_from(paths))
    whole = path.read_bytes()
    position = data.draw(st.integers(0, len(whole) - 1))
    damaged = bytearray(whole)
    damaged[position] ^= data.draw(st.integers(1, 255))
    path.write_bytes(damaged)
    try:
        everything(network_run.path)
    except SdmError:
        pass
    finally:
        path.write_bytes(whole)


def test_find_runs_names_what_cannot_be_opened(finished: dict[str, Path], network_run: Run) -> None:
    runs, problems = find_runs(finished["landsat-mlp"].parent)
    assert [run.name for run in runs] == ["landsat-mlp", "nearest-surveys"]
    assert not problems
    (network_run.path / "card.json").write_text("{}")
    runs, problems = find_runs(network_run.path.parent)
    assert not runs
    assert "card.json" in str(problems[0])
    assert find_runs(network_run.path / "absent") == ([], [])


def test_predictions_of_other_classes_are_not_the_runs(network_run: Run) -> None:
    stored = network_run.predictions("validation")
    width = stored.width - 1
    assert stored.dense is not None
    replace(stored, width=width, dense=stored.dense[:, :width], scores=None).write(
        network_run.path / "predictions" / "validation.npz"
    )
    with pytest.raises(RunError, match="predictions of another run"):
        network_run.predictions("validation")


def test_no_folder_no_run(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no such run folder"):
        Run.open(tmp_path / "absent")
    with pytest.raises(RunError, match=r"config\.json.*missing"):
        Run.open(tmp_path)
