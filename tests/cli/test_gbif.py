"""The command that downloads records from GBIF."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from sdm.cli import main
from sdm.gbif.client import Client
from tests.gbif.server import Gbif, Record, serving

PLACE = {"decimalLatitude": 46.5, "decimalLongitude": 7.25, "year": 2001, "datasetKey": "set"}


def record(number: int, **more: object) -> Record:
    return {"gbifID": str(number), "scientificName": "Arnica montana L.", **PLACE, **more}


def sdm(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def gbif(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Gbif]:
    found = [
        record(1, scientificName="=cmd()"), record(2, datasetKey="x-nc"),
        record(3, coordinateUncertaintyInMeters=3036),
    ]  # fmt: skip
    with serving(Gbif(found)) as server:
        monkeypatch.setenv("SDM_GBIF", server.address)
        monkeypatch.setattr("sdm.cli.gbif.HOME", tmp_path)
        monkeypatch.setattr("sdm.cli.gbif.Client", partial(Client, pause=0))
        yield server


def test_records_and_what_to_cite_are_written(gbif: Gbif, tmp_path: Path) -> None:
    out = tmp_path / "arnica.csv"
    result = sdm("gbif", "Arnica montana", "--country", "ch", "--bbox", "0,40,30,60", "--out", out)
    assert result.exit_code == 0, result.output
    assert "2 records" in result.output
    assert "not for commercial use (CC BY-NC): 1 record of 1 data set" in result.output
    assert "1 record left out" in result.output
    assert out.read_text().splitlines()[1].split(",")[2] == "'=cmd()"
    assert any("country=CH" in asked and "decimalLatitude=40.0%2C60.0" in asked for asked in gbif.asked)
    assert len(pd.read_csv(tmp_path / "arnica.datasets.csv")) == 2


@pytest.mark.usefixtures("gbif")
@pytest.mark.parametrize(
    ("words", "says"),
    [(("Nemo nemo",), "knows no taxon"), (("Arnica montana", "--bbox", "1,2,3"), "4 numbers"),
     (("Arnica montana", "--years", "2020,1999"), "first before the last"),
     (("Arnica montana", "--bbox", "-20,-20,-10,-10"), "no such records")],
)  # fmt: skip
def test_mistakes_are_one_line(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    result = sdm("gbif", *words, "--out", tmp_path / "none.csv")
    assert result.exit_code == 2
    assert says in result.output
    assert not (tmp_path / "none.csv").exists()
