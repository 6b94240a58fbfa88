"""Tables as a person has them, and the data set made of them."""

from __future__ import annotations

import pytest

from sdm.data.dataset import Dataset
from sdm.occurrences.build import build_dataset
from sdm.occurrences.options import ImportOptions
from tests.occurrences.tables import Tables, tables


@pytest.fixture(scope="session")
def good() -> Tables:
    """Of eight species, nothing wrong with them."""
    return tables()


@pytest.fixture(scope="session")
def made(good: Tables, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The data set of good tables, whose soil is a class code."""
    files = good.write(tmp_path_factory.mktemp("tables"))
    return build_dataset(files, "made", ImportOptions(categories=("soil",)))[0]
