"""From exports of monthly series to a map of classes: seconds and peak memory of a new process.

    python -m benchmarks.series_map RUN [FILE…]

Without files one of 256 x 256 pixels x 12 months is written first, in the form of Earth Engine's raw export.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from sdm.modalities.raster_bands import EXPORT_BANDS, MONTHS

SIDE = 256
STEP = 8.983152841195215e-05  # degrees of a pixel of 10 m at the equator
COMMAND = [sys.executable, "-m", "sdm", "classmap"]


def write_export(path: Path, side: int = SIDE) -> int:
    """Write `side` x `side` pixels x 12 months in one file, a fifth of the rows masked; the number of rows."""
    random = np.random.default_rng(0)
    month, row, column = (part.ravel() for part in np.mgrid[1 : MONTHS + 1, 0:side, 0:side])
    masked = random.random(len(month)) < 0.2
    columns: dict[str, pa.Array] = {"system:index": pa.array([f"2022{m:02d}_{i}" for i, m in enumerate(month)])}
    for band in EXPORT_BANDS:
        values = random.integers(1, 6000, len(month))
        if band in ("NDVI", "EVI", "NDWI"):
            columns[band] = pa.array(np.where(masked, -999, values / 6000))
        else:
            columns[band] = pa.array(np.where(masked, -999, values))
    columns["image_date"] = pa.array([f"2022-{m:02d}-15" for m in month])
    columns["month"] = pa.array(month)
    places = zip((127 + column * STEP).tolist(), (41.5 - row * STEP).tolist(), strict=True)
    text = '{{"geodesic":false,"type":"Point","coordinates":[{!r},{!r}]}}'
    columns[".geo"] = pa.array([text.format(x, y) for x, y in places])
    pa_csv.write_csv(pa.table(columns), path)
    return len(month)


def measure(run: str, files: Sequence[Path]) -> None:
    """Print what the command needs from files to maps."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        words = [*COMMAND, run, *map(str, files), "--out", folder]
        lines = subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()
        seconds = time.perf_counter() - begin
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(lines[0].strip(), lines[-1].strip(), sep="\n")
    print(f"{seconds:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of processor time, at most "
          f"{used.ru_maxrss / 1024**2:.2f} GB of memory")  # fmt: skip


def main(run: str, *files: str) -> None:
    """Measure on `files`, or on one that is written for it."""
    if files:
        measure(run, [Path(file) for file in files])
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "site.csv"
        print(f"{write_export(path):,} rows, {path.stat().st_size / 1e6:.0f} MB")
        measure(run, [path])


if __name__ == "__main__":
    main(*sys.argv[1:])
