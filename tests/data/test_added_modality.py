"""A new modality is read, checked, packed and shown without a change elsewhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdm.data.check import check
from sdm.data.store import open_store, pack
from sdm.data.survey import NOT_DOWNLOADED, NOT_SIMULATED, dossier
from sdm.data.survey_summary import to_json, to_text
from sdm.data.tree import expected_modalities, open_tree
from sdm.errors import DataError
from sdm.modalities import Modality
from tests.added_modality import TABLE, write_snow_cover
from tests.data import trees


@pytest.fixture
def snowy(own_tree: Path, added: Modality) -> Path:  # noqa: ARG001
    """A tree whose surveys with files have snow, but those of the test; survey 1 is in two sources."""
    keys = [key for key in trees.with_files() if key[0] != "PA-test"]
    write_snow_cover(own_tree, {key: snow(i) for i, key in enumerate(keys)})
    assert {source for source, survey_id in keys if survey_id == 1} == {"PA-train", "PO-train"}
    return own_tree


def snow(place: int) -> np.ndarray:
    values = (np.arange(12) / 16 + place).astype(np.float32)
    values[3] = np.nan
    return values


def test_rows_are_told_apart_by_source_and_id(snowy: Path, added: Modality) -> None:
    dataset = open_tree(snowy)
    assert dataset.modalities[-1] == added.name
    keys = [key for key in trees.with_files() if key[0] != "PA-test"]
    assert int(dataset.available(added.name).sum()) == len(keys)
    for place, (source, survey_id) in enumerate(keys):
        row = np.array([dataset.row_of(survey_id, source)])
        np.testing.assert_array_equal(dataset.reader.read(added.name, row)[0], snow(place)[None])


def test_packed_and_opened(snowy: Path, added: Modality, tmp_path: Path) -> None:
    tree = open_tree(snowy)
    store = open_store(pack(snowy, tmp_path / "store").place)
    assert store.modalities == tree.modalities
    rows = np.arange(len(tree))
    np.testing.assert_array_equal(store.reader.read(added.name, rows), tree.reader.read(added.name, rows))


def test_a_store_of_a_modality_that_is_gone(snowy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = pack(snowy, tmp_path / "store").place
    monkeypatch.undo()
    with pytest.raises(DataError, match="unknown modality 'snow_cover'"):
        open_store(place)


def test_dossier_and_summary(snowy: Path, added: Modality) -> None:
    dataset = open_tree(snowy)
    shown = dossier(dataset, dataset.row_of(1, "PO-train"))
    assert shown.values[added.name] is not None
    facts = to_json(shown)["modalities"][added.name]
    assert [fact["name"] for fact in facts] == ["valid", "snow cover"]
    assert "snow cover" in to_text(shown)
    absent = dossier(dataset, dataset.row_of(2, "PA-test"))
    assert absent.values[added.name] is None and absent.notes[added.name] == NOT_DOWNLOADED


def test_a_tree_without_it(own_tree: Path, added: Modality) -> None:
    dataset = open_tree(own_tree)
    assert added.name not in dataset.modalities and added.name in expected_modalities(dataset)
    assert not dataset.available(added.name).any()
    row = dataset.row_of(1, "PA-train")
    assert dossier(dataset, row).notes[added.name] == NOT_DOWNLOADED
    (own_tree / "world.json").write_text('{"simulated": true, "seed": 0}')
    assert dossier(open_tree(own_tree), row).notes[added.name] == NOT_SIMULATED


def test_check_counts_it(snowy: Path, added: Modality) -> None:
    findings = {finding.subject: finding for finding in check(snowy).findings}
    assert findings[f"PO-train {added.name}"].count == 2
    assert findings[f"PA-test {added.name}"].count == 0
    (snowy / TABLE).write_text("surveyId,month01\n1,2\n")
    report = check(snowy)
    assert any(finding.subject == added.name and "source" in finding.detail for finding in report.findings)
