"""The patch's own position, beside its survey's."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdm.data.patch_position import patch_offset_m
from sdm.errors import DataError, NotDownloadedError
from tests.data.trees import patch, write_patch


def test_patch_position(tmp_path: Path) -> None:
    write_patch(tmp_path / "x.tiff", patch(1), 10.033, 57.121)
    assert patch_offset_m(tmp_path / "x.tiff", 10.033, 57.121) < 10
    assert patch_offset_m(tmp_path / "x.tiff", 10.033, 57.131) == pytest.approx(1112, abs=10)
    with pytest.raises(NotDownloadedError):
        patch_offset_m(tmp_path / "none.tiff", 0, 0)


def test_a_patch_nowhere(tmp_path: Path) -> None:
    write_patch(tmp_path / "x.tiff", patch(1), 10.033, 57.121, crs=None)
    with pytest.raises(DataError, match=r"x\.tiff.*reference system"):
        patch_offset_m(tmp_path / "x.tiff", 10.033, 57.121)


@pytest.mark.real
def test_the_real_patch_lies_where_its_survey_does(real_tree: Path) -> None:
    path = real_tree / "SatelitePatches/PA-test/08/01/5000108.tiff"
    assert patch_offset_m(path, -2.23632, 52.721129) < 10
