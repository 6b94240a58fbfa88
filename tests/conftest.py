"""What every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine must not fail a property.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

REAL = Path(__file__).resolve().parents[2] / "shared" / "real"


@pytest.fixture(scope="session")
def real_tree() -> Path:
    """A partial GeoLifeCLEF 2025 tree as downloaded; the test is skipped where it is absent."""
    tree = REAL / "glc25"
    if not tree.is_dir():
        pytest.skip("the real samples are not here")
    return tree
