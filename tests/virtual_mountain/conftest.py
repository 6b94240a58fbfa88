"""A small mountain, written once for the tests of a process."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdm.virtual_mountain.make import make_mountain
from sdm.virtual_mountain.parameters import Mountain

SMALL = Mountain(side=150, tile=30, points=300, series=1080, stand_m2=9000.0)

TINY = Mountain(
    side=60, tile=12, tiles=1, points=40, series=150, stand_m2=4000.0, relief_range_m=500.0, planted_range_m=300.0,
    structure_range_m=200.0, haze_range_m=300.0, cloud_range_m=300.0,
)  # fmt: skip


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Folders of the raw files and of the data set."""
    return make_mountain(tmp_path_factory.mktemp("mountain"), seed=3, mountain=SMALL)


@pytest.fixture(scope="session")
def mountain(made: tuple[Path, ...]) -> Path:
    """The raw files."""
    return made[0]


@pytest.fixture(scope="session")
def small() -> Mountain:
    """Its numbers."""
    return SMALL


@pytest.fixture(scope="session")
def tiny() -> Mountain:
    """Numbers of a mountain that is written in a fraction of a second."""
    return TINY
