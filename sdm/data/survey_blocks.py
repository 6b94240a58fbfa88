"""Which sites are neighbours, and therefore alike: the blocks that are drawn whole where surveys are resampled."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sdm.data.dataset import Dataset

BLOCK = "block"
SQUARES, OWN_BLOCKS = "squares of 1°", "blocks of the block split"


def survey_blocks(sites: pd.DataFrame) -> np.ndarray:
    """int64 (N,): the number of the block of each of the `sites`, from 0; it says nothing of other tables.

    The data set's own blocks where it has a column of them: squares of at most some 200 m of whole polygons or
    field points, for pixels. Else squares of 1 degree; a survey without a position is a block of its own.

    >>> survey_blocks(pd.DataFrame({"lon": [5.1, 5.9, 6.0, np.nan], "lat": [50.0, 50.5, 50.0, np.nan]})).tolist()
    [0, 0, 1, 2]
    """
    if BLOCK in sites:
        return sites.groupby(["source", BLOCK], sort=False, dropna=False).ngroup().to_numpy(np.int64)
    lon, lat = (np.floor(sites[name].to_numpy(np.float64, na_value=np.nan)) for name in ("lon", "lat"))
    placed = np.isfinite(lon) & np.isfinite(lat)
    alone = np.where(placed, -1, np.arange(len(sites)))
    cells = pd.DataFrame({"lon": np.where(placed, lon, 0), "lat": np.where(placed, lat, 0), "alone": alone})
    return cells.groupby(["lon", "lat", "alone"], sort=False).ngroup().to_numpy(np.int64)


def block_title(dataset: Dataset) -> str:
    """What the blocks of `survey_blocks` are."""
    return OWN_BLOCKS if BLOCK in dataset.sites else SQUARES
