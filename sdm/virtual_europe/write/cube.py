"""Cube files: tensors written by `torch.save`, with the axis order in memory of the real files."""

from __future__ import annotations

import io

import numpy as np

# Axes from the slowest in memory: the real files have strides 84, 1, 4 and 1, 48, 4, so they are not contiguous.
LANDSAT_ORDER = (0, 2, 1)
CLIMATE_ORDER = (1, 2, 0)


def cube_bytes(cubes: np.ndarray, order: tuple[int, ...]) -> list[bytes]:
    """Return a tensor file per cube of float32 (N, ...); `order` lists a cube's axes from the slowest on."""
    import torch

    files = []
    for cube in cubes.astype(np.float32):
        stored = torch.from_numpy(np.ascontiguousarray(cube.transpose(order)))
        buffer = io.BytesIO()
        torch.save(stored.permute(*np.argsort(order).tolist()), buffer)
        files.append(buffer.getvalue())
    return files
