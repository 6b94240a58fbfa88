"""Consensus points: places whose ground type several experts agreed on, each with a ground photograph."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pyproj import Transformer
from scipy import ndimage

from sdm.geo.random_fields import generator
from sdm.virtual_coast.land import Land
from sdm.virtual_coast.parameters import UNMAPPED, ground_types

_INNER_M = 8.0  # least distance to another type


def consensus_points(lands: Sequence[Land]) -> pd.DataFrame:
    """One row per point: point_id, site, code, x, y (m, CRS of the site), crs, lon, lat, date, photo (file name).

    As many per ground type as the table says, at the site or sites that have it; where a type has fewer cells than
    points, as many as fit.
    """
    parts, most = [], lands[0].coast.most_points
    for number, kind in enumerate(ground_types()):
        cells = [_inner(land, number + len(UNMAPPED)) for land in lands]
        pool = np.concatenate([np.c_[np.full(len(found), i), found] for i, found in enumerate(cells)])
        rng = generator(lands[0].seed, "points", kind.code)
        chosen = pool[rng.choice(len(pool), min(kind.points, most, len(pool)), replace=False)]
        parts += [_rows(land, kind.code, chosen[chosen[:, 0] == i, 1:], rng) for i, land in enumerate(lands)]
    table = pd.concat(parts, ignore_index=True)
    order = generator(lands[0].seed, "points", "order").permutation(len(table))
    table = table.iloc[order].reset_index(drop=True)
    table.insert(0, "point_id", np.arange(1, len(table) + 1))
    table["photo"] = [f"photos/point-{number:03d}.jpg" for number in table["point_id"]]
    return table


def _inner(land: Land, value: int) -> np.ndarray:
    """(N, 2) cells of that cover in a locality, far enough from others where any are."""
    own = (land.mosaic.cover == value) & land.mapped
    if not own.any():
        return np.argwhere(own)
    around = tuple(slice(max(at.min() - 1, 0), at.max() + 2) for at in np.nonzero(own))  # with its border
    inner = np.zeros_like(own)
    distance = ndimage.distance_transform_edt(own[around], sampling=float(land.coast.cell_m))
    inner[around] = distance > _INNER_M
    return np.argwhere(inner if inner.any() else own)


def _rows(land: Land, code: str, cells: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    cell, site = land.coast.cell_m, land.site
    place = cells + rng.uniform(0.2, 0.8, cells.shape)
    x, y = site.left + place[:, 1] * cell, site.top - place[:, 0] * cell
    lon, lat = Transformer.from_crs(site.crs, 4326, always_xy=True).transform(x, y)
    day = rng.integers(0, 40, len(cells))
    date = np.datetime64(f"{site.year}-07-10") + day.astype("timedelta64[D]")
    return pd.DataFrame({
        "site": site.name, "code": code, "x": np.round(x, 1), "y": np.round(y, 1), "crs": f"EPSG:{site.crs}",
        "lon": np.round(lon, 6), "lat": np.round(lat, 6), "date": date.astype(str),
    })  # fmt: skip
