"""What is held between reruns, one module per kind of thing: thin wrappers round library functions.

Those of data sets are used everywhere and stand here by name.
"""

from sdm.ui.cache.datasets import (
    colours,
    dataset,
    index,
    legend,
    options,
    patches,
    points,
    reference,
    selected,
    similarity,
    simulated,
    survey,
)

__all__ = [
    "colours",
    "dataset",
    "index",
    "legend",
    "options",
    "patches",
    "points",
    "reference",
    "selected",
    "similarity",
    "simulated",
    "survey",
]
