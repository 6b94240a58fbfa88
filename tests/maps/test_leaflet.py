"""Leaflet out of the wheel that carries it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from sdm.errors import SdmError
from sdm.maps import leaflet


def wheel(path: Path, names: tuple[str, ...]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(leaflet.INSIDE + name, name)
    return path


def test_leaflet_comes_out_of_its_wheel(tmp_path: Path) -> None:
    leaflet.extract(wheel(tmp_path / "a.whl", leaflet.WANTED), tmp_path / "static")
    found = {str(f.relative_to(tmp_path / "static")) for f in (tmp_path / "static").rglob("*") if f.is_file()}
    assert found == set(leaflet.WANTED)


def test_a_wheel_without_leaflet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SdmError, match="lacks a file"):
        leaflet.extract(wheel(tmp_path / "a.whl", leaflet.WANTED[1:]), tmp_path / "static")
