"""The examples in the docstrings of the package are true."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import sdm.analysis

MODULES = [module.name for module in pkgutil.iter_modules(sdm.analysis.__path__, "sdm.analysis.")]


@pytest.mark.parametrize("module", MODULES)
def test_examples(module: str):
    assert doctest.testmod(import_module(module)).failed == 0
