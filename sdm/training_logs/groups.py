"""Groups of series that may share a vertical axis."""

from __future__ import annotations

import re
from enum import StrEnum


class Group(StrEnum):
    """The kind of quantity of a series."""

    LOSS = "loss"  # per epoch
    BATCH = "batch"  # loss per batch
    RATE = "rate"
    SCORE = "score"


LOSS = re.compile(r"loss|perplexity")
RATE = re.compile(r"(^|[^a-z])lr([^a-z]|$)|learning.?rate")
BATCH = re.compile(r"(^|[^a-z])(batch|iter|iteration|step)([^a-z]|$)")


def group_of(series: str) -> Group:
    """Return the group of a series by its name, as our runs, Lightning and most scripts choose it.

    >>> [str(group_of(name)) for name in ("validation_loss", "batch_loss", "train_loss_step", "lr-Adam", "f1")]
    ['loss', 'batch', 'batch', 'rate', 'score']
    """
    name = series.lower()
    if RATE.search(name):
        return Group.RATE
    if LOSS.search(name):
        return Group.BATCH if BATCH.search(name) else Group.LOSS
    return Group.SCORE
