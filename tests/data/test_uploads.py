"""Data sets made in the app: seen by their maker until they are kept, limited, gone when left behind."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from sdm.data import catalogue, uploads, visibility
from sdm.data.catalogue import known_datasets, known_place
from sdm.errors import DataError, UnknownNameError
from sdm.files import write_json

ANNA, BEN = (visibility.visit_of(secret) for secret in ("anna's secret", "ben's secret"))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("SDM_DATA", raising=False)
    monkeypatch.setattr(catalogue, "HOME", tmp_path)
    return tmp_path


def made(visit: str, name: str = "birds", size: int = 10) -> Path:
    place = uploads.new_place(visit, name)
    place.mkdir(parents=True)
    write_json(place / "manifest.json", {})
    (place / "values.bin").write_bytes(bytes(size))
    return place


def left_behind(path: Path) -> None:
    long_ago = time.time() - 2 * uploads.ABANDONED_SECONDS
    os.utime(path, (long_ago, long_ago))


def test_a_data_set_is_known_to_its_maker_alone_until_it_is_kept() -> None:
    place = made(ANNA)
    key = place.name
    assert known_datasets(ANNA) == {key: place} == uploads.owned(ANNA)
    assert known_datasets(BEN) == known_datasets() == {}
    for other in (BEN, "", "visit-", ".."):
        with pytest.raises(UnknownNameError) as refused:
            known_place(key, other)
        assert key not in str(refused.value.expected)
    uploads.keep(place)
    assert known_datasets(BEN) == known_datasets() == {key: place}
    assert uploads.owned(BEN) == {}
    assert known_place(key, ANNA) == place
    uploads.delete(place)
    assert known_datasets(ANNA) == {} and list(place.parent.iterdir()) == []


def test_no_two_data_sets_have_one_key() -> None:
    names = {made(visit).name for visit in (ANNA, BEN) for _ in range(20)}
    assert len(names) == 40 and all(name.startswith("birds-") for name in names)


def test_the_name_of_a_folder_does_not_tell_the_secret() -> None:
    assert "anna" not in ANNA and ANNA != BEN and len(ANNA) == len("visit-") + 32


def test_what_others_made_before_there_were_visitors_stays_everybodys(home: Path) -> None:
    old = home / catalogue.UPLOADS / "0123456789abcdef" / "my-data"
    old.mkdir(parents=True)
    write_json(old / "manifest.json", {})
    left_behind(old.parent)
    uploads.clear_abandoned(lambda _: False)
    assert known_datasets() == {"my-data": old}


def test_limits_name_what_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDM_VISIT_DATASETS", "2")
    monkeypatch.setenv("SDM_VISIT_MEGABYTES", "3")
    made(ANNA, size=1_500_000)
    uploads.require_room(ANNA, 1_000_000)
    with pytest.raises(DataError, match="too much room"):
        uploads.require_room(ANNA, 2_000_000)
    made(ANNA)
    with pytest.raises(DataError, match="enough data sets") as full:
        uploads.require_room(ANNA)
    assert "2" in str(full.value.expected)
    uploads.require_room(BEN, 2_000_000)


def test_what_is_left_behind_goes_unless_it_is_kept_or_in_use() -> None:
    plain, kept, used, fresh = made(ANNA, "plain"), made(ANNA, "kept"), made(ANNA, "used"), made(BEN, "fresh")
    scraps = [place.parent / f"{uploads.INCOMING}{number}" for number, place in enumerate((plain, fresh))]
    for scrap in scraps:
        scrap.mkdir()
    uploads.keep(kept)
    left_behind(scraps[1])
    left_behind(plain.parent)
    uploads.clear_abandoned(lambda folder: folder == used / catalogue.RUNS)
    assert not plain.exists() and kept.exists() and used.exists() and fresh.exists()
    assert scraps[0].exists() and not scraps[1].exists()


def test_a_visit_puts_it_off() -> None:
    place = made(ANNA)
    left_behind(place.parent)
    uploads.note_visit(ANNA)
    uploads.note_visit(BEN)  # who has made nothing
    uploads.clear_abandoned(lambda _: False)
    assert place.exists()


def test_the_folder_of_who_left_goes_too() -> None:
    place = made(ANNA)
    left_behind(place.parent)
    uploads.clear_abandoned(lambda _: False)
    assert not place.parent.exists()


def test_runs_lie_with_the_data_they_are_of(home: Path) -> None:
    place = made(ANNA)
    assert catalogue.run_folder(place) == place / "runs"
    assert catalogue.run_folder(home / "virtual-europe") is None
