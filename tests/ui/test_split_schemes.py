"""The sentence over a model's scores under several split schemes."""

from __future__ import annotations

import pandas as pd

from sdm.ui.scores.schemes import summary
from tests.datasets import multilabel


def scores(block: float) -> pd.DataFrame:
    """Validation differs between the schemes, the far test does not."""
    rows = [("random", "validation", 0.36), ("random", "test_far", 0.2), ("block", "validation", block),
            ("block", "test_far", 0.2), ("site", "validation", 0.34)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["scheme", "split", "value"])
    leak = 0.36 - table["value"].where(table["split"] == "validation", 0.36)
    return table.assign(low=table["value"] - 0.01, high=table["value"] + 0.01, leak=leak)


def test_the_leak_is_read_where_the_schemes_differ() -> None:
    words = summary(multilabel(), scores(0.3), "samples-f1")
    assert "by block 0.300" in words and "+0.060" in words and "validation" in words


def test_a_difference_within_the_intervals_is_not_called_a_leak() -> None:
    words = summary(multilabel(), scores(0.345), "samples-f1")
    assert "chance" in words and "leak" not in words
