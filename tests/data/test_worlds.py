"""Stores and runs of another version of the virtual Europe are refused; those of other data open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sdm.data.store import open_store
from sdm.data.store.write import write_store
from sdm.data.worlds import TITLE, VERSION
from sdm.errors import DataError, RunError
from sdm.runs import Run
from tests.datasets import multilabel
from tests.sealed import edit

EARLIER = {"title": TITLE, "world_version": "1"}


@pytest.mark.parametrize(("title", "version", "opens"), [
    (TITLE, VERSION, True), (TITLE, "1", False), (TITLE, None, False), ("Two simulated coasts", "1", True),
])  # fmt: skip
def test_stores(title: str, version: str | None, opens: bool, tmp_path: Path) -> None:
    write_store(replace(multilabel(), title=title, world_version=version, simulated=True), tmp_path / "store")
    if opens:
        assert open_store(tmp_path / "store").world_version == version
        return
    with pytest.raises(DataError, match=f"expected version {VERSION}; got version 1.*sdm demo --renew"):
        open_store(tmp_path / "store")


def test_runs(network_run: Run) -> None:
    edit(network_run.path / "config.json", lambda values: values["data"].update(EARLIER))
    with pytest.raises(RunError, match=f"got version 1. Train again on version {VERSION}"):
        Run.open(network_run.path)
