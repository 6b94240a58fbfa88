"""Near plots share more species than far ones."""

from __future__ import annotations

from sdm.virtual_europe.measures.decay import decay_statements, distance_decay


def test_species_shared_fall_with_distance() -> None:
    table = distance_decay(0, ((0.03, 0.1), (50, 100)), plots=60)
    assert table["from_km"].tolist() == [0, 0.03, 50]
    assert table["sorensen"].is_monotonic_decreasing
    assert (table["pairs"] > 20).all()


def test_three_statements() -> None:
    assert len(list(decay_statements(0, plots=20))) == 3
