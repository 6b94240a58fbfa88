"""Messages name files, never where a server keeps them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdm.errors import DataError
from sdm.files import PROJECT
from sdm.ui.components import runs
from sdm.ui.components.shown_paths import relative_paths


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data set and runs, in a folder whose name has a blank."""
    home = tmp_path / "my files"
    (home / "tree").mkdir(parents=True)
    monkeypatch.setenv("SDM_DATA", str(home / "tree"))
    monkeypatch.setattr(runs, "HOMES", (home / "runs",))
    return home


def test_known_places_are_relative(places: Path) -> None:
    error = DataError("no table", where=places / "tree/a b/1.csv", remedy=f"Name the folder above: {places}/tree.")
    assert relative_paths(str(error)) == "a b/1.csv: no table. Name the folder above: tree."
    assert relative_paths(f"{places}/runs/mlp/card.json: damaged") == "mlp/card.json: damaged"
    assert relative_paths(f"[Errno 13] Permission denied: '{places}/tree/x.pt'").endswith("denied: 'x.pt'")
    assert relative_paths(f'File "{PROJECT}/sdm/jobs.py", line 3') == 'File "sdm/jobs.py", line 3'


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("/srv/data/x.csv: damaged", "x.csv: damaged"),
        ("cannot open '/mnt/a/b/'", "cannot open 'b'"),
        ("got file:///srv/a/b.tif", "got b.tif"),
        (r"C:\Users\me\x.tif: damaged", "x.tif: damaged"),
        ("python -m sdm unpack /srv/a/x.zip /srv/a/x", "python -m sdm unpack x.zip x"),
        *(
            (same, same)
            for same in ("https://example.org/a/b", "m³/m³ and/or 1/2, 5 km/h", "a/1.csv, ../x/y.csv", "")
        ),
    ],
)
def test_other_places_are_named_by_the_file(words: str, shown: str) -> None:
    assert relative_paths(words) == shown
