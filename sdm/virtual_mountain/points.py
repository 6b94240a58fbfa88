"""Field points: places of 2 x 2 pixels, named by the class that most of their pixels have."""

from __future__ import annotations

import numpy as np

from sdm.geo.random_fields import generator
from sdm.virtual_mountain.land import Land
from sdm.virtual_mountain.parameters import OPEN, covers

_WITHIN = 4  # pixels by which a point's corner varies: points never touch
_LEAST = 3  # of four pixels that are of the point's class


def labelled_pixels(land: Land) -> tuple[np.ndarray, np.ndarray]:
    """Flat positions of the labelled pixels, ascending, and the cover that each one's field point is called by.

    As many points and pixels as the mountain has, fewer where the site is too small for them.
    """
    mountain = land.mountain
    rng = generator(land.seed, land.site.name, "field points")
    cells = (land.side - 2) // mountain.spacing
    corner = np.stack(np.meshgrid(np.arange(cells), np.arange(cells), indexing="ij"), -1).reshape(-1, 2)
    corner = corner * mountain.spacing + rng.integers(0, _WITHIN, corner.shape)
    four = corner[:, None] + np.array([(0, 0), (0, 1), (1, 0), (1, 1)])
    position = four[..., 0] * land.side + four[..., 1]
    called = land.cover.ravel()[position]
    count = np.stack([(called == number).sum(1) for number in range(len(covers()))], 1)
    most = count.argmax(1)
    is_open = most == [cover.name for cover in covers()].index(OPEN)
    fit = np.flatnonzero((count.max(1) >= _LEAST) & ~is_open)
    chosen = np.sort(rng.choice(fit, min(mountain.points, len(fit)), replace=False))
    pixels, label = position[chosen].ravel(), np.repeat(most[chosen], 4)
    wanted = min(round(mountain.series * len(chosen) / mountain.points), len(pixels))
    used = rng.choice(len(pixels), wanted, replace=False)
    used = used[np.argsort(pixels[used])]
    return pixels[used], label[used]
