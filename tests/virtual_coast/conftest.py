"""A small coast, written once for the tests of a process."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdm.virtual_coast.make import make_coast
from sdm.virtual_coast.parameters import Coast

SMALL = Coast(side_m=1000, aerial_side_m=600, drone_side_m=60, photo_size=(240, 230), most_points=2)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Folders of the raw files and of the data sets."""
    return make_coast(tmp_path_factory.mktemp("coast"), seed=3, coast=SMALL)


@pytest.fixture(scope="session")
def coast(made: tuple[Path, ...]) -> Path:
    """The raw files."""
    return made[0]


@pytest.fixture(scope="session")
def small() -> Coast:
    """Its numbers."""
    return SMALL
