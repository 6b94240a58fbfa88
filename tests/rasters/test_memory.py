"""A raster larger than memory is imported by windows: the peak does not grow with the raster."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.windows import Window

from tests.rasters.files import CRS, GRID, noise, write_polygons

SIDE = 12_000
BYTES = SIDE * SIDE * 4 * 4  # of its values in float32: 2.3 GB
IMPORT = """
import resource, sys
from pathlib import Path
from sdm.rasters.build import import_polygons
from sdm.rasters.sources import LayerFiles, SiteFiles
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
site = SiteFiles("site", (LayerFiles((Path(sys.argv[1]),)),), {"m": Path(sys.argv[2])})
import_polygons([site], Path(sys.argv[3]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.process
@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is counted in kilobytes on Linux only")
def test_memory_does_not_grow_with_the_raster(tmp_path: Path) -> None:
    path = tmp_path / "large.tif"
    with rasterio.open(
        path, "w", driver="GTiff", count=4, height=SIDE, width=SIDE, dtype="uint16", crs=CRS, transform=GRID,
        tiled=True, compress="deflate", SPARSE_OK=True, nodata=0,
    ) as file:  # fmt: skip
        for corner in (0, 6000, 11_000):
            file.write(noise(4, 512, 512, corner), window=Window(corner, corner, 512, 512))
    shapes = [shapely.Point(corner + 256, corner + 256).buffer(60) for corner in (0, 6000, 11_000)]
    polygons = write_polygons(tmp_path / "p.gpkg", ["T4-C-5", "V1-C-1", "T1-C-2"], shapes)
    command = [sys.executable, "-c", IMPORT, str(path), str(polygons), str(tmp_path / "out")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) * 1024 < BYTES / 4
    assert np.load(next((tmp_path / "out").glob("pixel-*.npy"))).shape[1] == 4
