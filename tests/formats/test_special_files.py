"""Named pipes, sockets and devices are refused by every reader: reading them may never end."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sdm.data.check import check
from sdm.data.store import open_store, pack
from sdm.data.tree import open_tree
from sdm.errors import DataError, SdmError
from sdm.evaluation.submissions.read import read_submission
from sdm.files import read_json
from sdm.formats.archives import unpack
from sdm.formats.arrays import MappedArray, read_npz
from sdm.formats.geotiff import read_patch
from sdm.formats.jpeg import read_jpeg_pair
from sdm.formats.photograph import photograph_size
from sdm.formats.table import Kind, count_lines, read_table
from sdm.formats.tensor import read_cube
from sdm.rasters.polygons import read_layer
from sdm.rasters.sources import read_sites
from sdm.runs.folder import find_runs
from sdm.runs.log import read_log as read_own_log
from sdm.runs.weights import read_tensors, sha256
from sdm.training_logs.catalogue import find_logs
from sdm.training_logs.read import read_log
from tests.data import trees

pytestmark = [
    pytest.mark.timeout(20),
    pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes"),
]

READERS: dict[str, Callable[[Path], object]] = {
    "table": lambda path: read_table(path, {"surveyId": Kind.ID}),
    "lines": count_lines,
    "submission": read_submission,
    "patch": read_patch,
    "pictures": lambda path: read_jpeg_pair(path, None, 64),
    "photograph": photograph_size,
    "tensor": lambda path: read_cube(path, (6, 4, 21)),
    "arrays": read_npz,
    "mapped array": lambda path: MappedArray(path, DataError, ""),
    "JSON": read_json,
    "weights": read_tensors,
    "digest": sha256,
    "archive": lambda path: unpack(path, path.with_name("out")),
    "polygons": lambda path: read_layer(path, ["code"]),
    "log": read_log,
    "own log": read_own_log,
    "list of sites": lambda path: read_sites(path, "code"),
}


def special(path: Path, kind: str) -> Path:
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        with socket.socket(socket.AF_UNIX) as sock:
            sock.bind(os.path.relpath(path))  # the name of a socket is at most 107 bytes
    return path


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
@pytest.mark.parametrize("reader", READERS)
def test_no_reader_waits(tmp_path: Path, reader: str, kind: str) -> None:
    for suffix in (".csv", ".tfevents"):
        with pytest.raises(SdmError):
            READERS[reader](special(tmp_path / f"x{suffix}", kind))


def test_a_tree_with_pipes(tmp_path: Path) -> None:
    tree = trees.write_tree(tmp_path / "tree")
    special(tree / "notes.csv", "pipe")
    special(tree / "more.zip", "socket")
    cube = special(trees.landsat_path(tree, "PA-test", 2), "pipe")
    findings = {finding.subject: finding for finding in check(tree, every=True).findings}
    assert findings["pipes, sockets and devices"].count == 2
    assert "notes.csv" in findings["pipes, sockets and devices"].detail
    unreadable = findings["PA-test landsat unreadable"]
    assert unreadable.count == 1 and cube.name in unreadable.detail and "named pipe" in unreadable.detail
    packed = pack(tree, tmp_path / "store")
    assert len(packed.skipped) == 1
    special(tmp_path / "store/landsat-0000.npy", "pipe")
    with pytest.raises(DataError, match="pipe"):
        open_store(tmp_path / "store").reader.read("landsat", np.arange(3))


def test_a_metadata_table_that_is_a_pipe_is_absent(tmp_path: Path) -> None:
    tree = trees.write_tree(tmp_path / "tree")
    special(tree / "GLC25_PA_metadata_test.csv", "pipe")
    assert "PA-test" not in set(open_tree(tree).sites["source"])


def test_folders_of_runs_and_logs_with_pipes(tmp_path: Path) -> None:
    for name in ("config.json", "history.csv"):
        (tmp_path / name).mkdir()
        special(tmp_path / name / name, "pipe")
    runs, problems = find_runs(tmp_path)
    assert (runs, len(problems), find_logs(tmp_path)) == ([], 1, {})
