"""Lime richness: letters to numbers, ranges averaged, whole main types on one side."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdm.rasters.ecosystem_types import known_codes
from sdm.rasters.lime import lime_of_code, lime_of_steps, lime_values, main_type_split


@pytest.mark.parametrize(
    ("text", "lime"),
    [
        ("A", 1), ("i", 9), ("ABCD", 2.5), ("A-D", 2.5), ("a – i", 5), ("A,B", 1.5), ("KA-abc", 2), ("KA.fg", 6.5),
        ("AAB", 1.5), ("D-A", 2.5),
    ],
)  # fmt: skip
def test_letters(text: str, lime: float) -> None:
    assert lime_of_steps(text) == lime


@pytest.mark.parametrize("text", [None, np.nan, pd.NA, "", "J", "A-J", "5", "lime"])
def test_no_letters(text: object) -> None:
    assert np.isnan(lime_of_steps(text))


def test_by_ground_type() -> None:
    assert lime_of_code("T1-C-1") == 1.5 and lime_of_code("T4-C-4") == 8.5
    assert np.isnan(lime_of_code("T44-C-1")) and np.isnan(lime_of_code("no code"))
    values = np.array([lime_of_code(code) for code in known_codes()])
    assert np.nanmin(values) == 1 and np.nanmax(values) == 8.5 and np.isfinite(values).sum() == 207


def test_a_column_of_letters_comes_first() -> None:
    codes = pd.Series(["T4-C-5", "T4-C-5", "V3-C-1"])
    assert lime_values(codes, pd.Series(["I", "", None])) == pytest.approx([9, 2, np.nan], nan_ok=True)
    assert lime_values(codes).dtype == np.float32


@given(st.lists(st.sampled_from([f"T{i}" for i in range(1, 9)]), min_size=1, max_size=80), st.integers(0, 9))
def test_a_main_type_is_on_one_side_whatever_the_order(names: list[str], seed: int) -> None:
    main_types = pd.Series(names)
    split = pd.Series(main_type_split(main_types, seed))
    assert all(len(set(part)) == 1 for _, part in split.groupby(main_types))
    assert set(split) == ({"train", "validation"} if len(set(names)) > 1 else {"train"})
    turned = main_type_split(main_types[::-1].reset_index(drop=True), seed)[::-1]
    assert split.tolist() == turned.tolist()


def test_share() -> None:
    main_types = pd.Series(np.repeat([f"T{i}" for i in range(1, 21)], 50))
    assert np.mean(main_type_split(main_types, 1) == "validation") == pytest.approx(0.2)
