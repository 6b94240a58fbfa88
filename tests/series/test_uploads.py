"""Exports that a browser sends: plain names, one folder, and a preview of their first lines."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from sdm.errors import DataError
from sdm.rasters.uploads import Sent
from sdm.series import preview, uploads
from sdm.series.columns import site_name
from sdm.series.preview import preview_series
from sdm.series.uploads import store_exports
from tests.series.exports import CLASSES, write_exports


def test_names_stay_in_the_folder_and_tell_site_and_tile(tmp_path: Path):
    sent = [
        Sent("../../My site_patch_0_1.csv", b"a"), Sent("My site_patch_0_1.csv", b"b"),
        Sent("/etc/x.csv.gz", gzip.compress(b"a,b\n1,2\n")),
    ]  # fmt: skip
    paths = store_exports(tmp_path / "in", sent)
    assert {path.parent for path in paths} == {tmp_path / "in"}
    assert [path.name for path in paths] == ["My-site_patch_0_1.csv", "2-My-site_patch_0_1.csv", "x.csv.gz"]
    assert [site_name(path) for path in paths] == ["My-site", "2-My-site", "x"]


def test_the_heads_of_the_files_tell_what_they_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    files = write_exports(tmp_path, side=3)
    (tmp_path / "none.csv").write_bytes(b"")
    seen = preview_series([*files, tmp_path / "none.csv"])
    assert seen.complete
    assert set(seen.report.failed) == {"none.csv"}
    assert seen.classes == dict.fromkeys(CLASSES, 32)
    assert seen.dates[0].startswith("2022-01")
    monkeypatch.setattr(preview, "HEAD_BYTES", 4000)
    part = preview_series(files)
    assert not part.complete
    assert 0 < part.report.rows < seen.report.rows
    assert not (tmp_path / "heads").exists()


@pytest.mark.parametrize("sent", [[], [Sent("a.csv", b"\x00\x01")], [Sent("a.csv", b"x" * 50)]])
def test_what_is_no_text_or_too_large_is_refused_and_nothing_stays(
    tmp_path: Path, sent: list[Sent], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(uploads, "MOST_BYTES", 40)
    with pytest.raises(DataError):
        store_exports(tmp_path / "in", sent)
    assert not (tmp_path / "in").exists()
