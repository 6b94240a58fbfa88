"""Plots are as close to each other as real ones."""

from __future__ import annotations

import numpy as np
import pytest

from sdm.analysis.simulation_check import statement_table
from sdm.virtual_europe.measures.clustering import clustering, nearest_km


def test_distance_to_the_nearest() -> None:
    distance = nearest_km(np.array([10.0, 10.0, 11.0]), np.array([52.0, 52.009, 52.0]))
    assert distance == pytest.approx([1, 1, 68.5], rel=0.02)


def test_plots_are_clustered() -> None:
    table = statement_table(clustering(0, most=1_200))
    assert len(table) == 2
    assert table["within"].all()
