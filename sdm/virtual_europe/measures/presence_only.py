"""Where presence-only records lie, against presence-absence plots."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sdm.analysis.simulation_check import Statement
from sdm.virtual_europe.effort import effort
from sdm.virtual_europe.measures.sample import OURS, between
from sdm.virtual_europe.place import COVERS
from sdm.virtual_europe.sampling import draw

_RECORDS = 2_000


def presence_only_statements(seed: int, records: int = _RECORDS) -> Iterator[Statement]:
    """Row 13 of what version 2 promises."""
    alone, plots = (draw(source, np.arange(records), seed).places for source in ("po", "train"))
    built = COVERS.index("built-up")
    source = f"{OURS}: biased to towns and roads, plots are not"
    shares = [float((where.centre == built).mean()) for where in (alone, plots)]
    yield between("presence-only records on built-up land", "share", shares[0], 0.12, 0.35, source)
    yield between("plots on built-up land", "share", shares[1], 0.0, 0.05, source)
    above = float((effort(alone) > np.median(effort(plots))).mean())
    yield between("records of more effort than the median plot", "share", above, 0.8, 1, source)
