"""Species by how many models name them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sdm.evaluation.agreement import agreement, overlap, verdict


def said(ids: list[int], probability: list[float], named: list[bool]) -> pd.DataFrame:
    names = [f"species {i}" for i in ids]
    return pd.DataFrame({"class_id": ids, "name": names, "probability": probability, "named": named})


SAID = {
    "a": said([1, 2, 3, 4], [0.9, 0.8, 0.3, 0.1], [True, True, False, False]),
    "b": said([4, 3, 2, 5], [0.2, 0.6, 0.7, 0.5], [False, True, True, True]),
}


def test_most_agreed_first_then_most_probable() -> None:
    table = agreement(SAID, {2, 9})
    assert table["class_id"].tolist() == [2, 1, 5, 3]
    assert table["agree"].tolist() == [2, 1, 1, 1]
    assert table["mean"].tolist() == pytest.approx([0.75, 0.9, 0.5, 0.45])
    assert table["recorded"].tolist() == [True, False, False, False]
    assert table["name"].tolist() == ["species 2", "species 1", "species 5", "species 3"]


def test_a_species_that_a_model_does_not_know_has_no_probability_there() -> None:
    table = agreement(SAID, None).set_index("class_id")
    assert np.isnan(table.loc[1, "b probability"])
    assert not table.loc[1, "b named"]
    assert table["recorded"].isna().all()


def test_overlap_is_the_shared_part_of_what_either_names() -> None:
    table = agreement(SAID, None)
    assert overlap(table, "a", "b") == overlap(table, "b", "a") == 1 / 4
    assert overlap(table, "a", "a") == 1
    silent = agreement({"a": SAID["a"].assign(named=False), "b": SAID["b"].assign(named=False)}, None)
    assert silent.empty
    assert np.isnan(overlap(silent, "a", "b"))


@pytest.mark.parametrize(
    ("named", "recorded", "word"),
    [
        (True, True, "hit"), (True, False, "false alarm"), (False, True, "miss"), (False, False, ""),
        (True, None, "predicted"), (False, None, ""),
    ],
)  # fmt: skip
def test_verdicts(named: bool, recorded: bool | None, word: str) -> None:
    assert verdict(named=named, recorded=recorded) == word
