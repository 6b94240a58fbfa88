"""Epochs to near the best loss, of known curves."""

from __future__ import annotations

import pandas as pd

from benchmarks.source_curves import summary


def test_epochs_are_counted_from_one_and_by_seed() -> None:
    losses = {0: [0.5, 0.2, 0.1005, 0.1], 1: [0.4, 0.3, 0.31, 0.32]}
    found = pd.DataFrame(
        [
            ("landsat-mlp", 1e-3, seed, i + 1, loss)
            for seed, of_seed in losses.items()
            for i, loss in enumerate(of_seed)
        ],
        columns=["model", "lr", "seed", "epoch", "validation_loss"],
    )
    row = summary(found).iloc[0]
    assert row["within 1 %"] == "3, 2"
    assert row["its epoch"] == "4, 2"
    assert row["loss after 2"] == "0.2000, 0.3000"
