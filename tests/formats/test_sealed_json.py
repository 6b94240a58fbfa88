"""No single character of a sealed file can change what it says unnoticed."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdm.errors import SdmError
from sdm.formats.sealed_json import DIGEST, digest, unsealed, write_sealed


class Kind(StrEnum):
    A = "a"


VALUES = {"mean": [0.1, 1e-300, -2.5], "kind": Kind.A, "shape": (3, 4), "of": {"ä": None}, "n": 10**20}
PLAIN = {"mean": [0.1, 1e-300, -2.5], "kind": "a", "shape": [3, 4], "of": {"ä": None}, "n": 10**20}


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("sealed") / "a.json"
    write_sealed(path, VALUES)
    return path.read_text()


def read(text: str) -> dict[str, object]:
    return unsealed(json.loads(text), Path("a.json"), SdmError, "Write it again.")


def test_what_is_written_comes_back(text: str) -> None:
    assert read(text) == PLAIN
    assert read(json.dumps(json.loads(text), sort_keys=True)) == PLAIN  # neither order nor blanks matter
    assert digest(PLAIN) == digest(VALUES)


@given(at=st.integers(0, 10_000), new=st.characters(codec="utf-8"))
def test_a_changed_character_is_noticed_or_says_the_same(text: str, at: int, new: str) -> None:
    at %= len(text)
    try:
        values = read(text[:at] + new + text[at + 1 :])
    except (SdmError, ValueError, AttributeError, TypeError):
        return
    assert values == PLAIN


def test_an_edit_names_what_to_do(text: str) -> None:
    with pytest.raises(SdmError, match=r"a\.json: changed since it was written.*Write it again"):
        read(text.replace("0.1", "0.2"))
    with pytest.raises(SdmError, match="changed since it was written"):
        read(text.replace(DIGEST, "digset"))
