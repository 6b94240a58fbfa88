"""The examples in docstrings print what they say."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from sdm.data import splits
from sdm.geo import countries, distance
from sdm.modalities import layouts, quantile


@pytest.mark.parametrize("module", [countries, distance, layouts, quantile, splits])
def test_examples(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
