"""Put Leaflet into `static/`, so that the map needs nothing from outside: `python -m sdm.maps.leaflet`.

The files come from the wheel of `django-leaflet`, which carries Leaflet's `dist`; it is never installed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from sdm.errors import SdmError
from sdm.files import PROJECT, atomic

STATIC = PROJECT / "static"
PACKAGE = "django-leaflet>=0.30"
INSIDE = "leaflet/static/leaflet/"
WANTED = ("leaflet.js", "leaflet.css", "images/layers.png", "images/layers-2x.png")
MOST_BYTES = 5_000_000


def fetch(static: Path = STATIC) -> None:
    """Download the wheel and extract WANTED into `static`; SdmError when that fails."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            raise SdmError(
                "Leaflet could not be downloaded",
                where=PACKAGE,
                got=done.stderr[-300:] or "no wheel",
                remedy="The app runs without it, but its map stays empty.",
            )
        extract(wheels[0], static)


def extract(wheel: Path, static: Path) -> None:
    """The files of WANTED from `wheel`; SdmError when one is absent or too large."""
    with zipfile.ZipFile(wheel) as archive:
        for name in WANTED:
            try:
                info = archive.getinfo(INSIDE + name)
            except KeyError:
                raise SdmError("the wheel lacks a file of Leaflet", where=wheel.name, expected=name) from None
            if info.file_size > MOST_BYTES:
                raise SdmError("a file is too large to be Leaflet's", where=name, got=info.file_size)
            with atomic(static / name) as file:
                file.write(archive.read(info))


if __name__ == "__main__":
    fetch()
