"""No cell and no header of a table that is saved runs as a formula."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sdm.formats.spreadsheet import FORMULA_STARTS, to_csv

TEXT = some.text(some.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
LINK = '=HYPERLINK("http://x")'


def saved(table: pd.DataFrame) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(to_csv(table)), header=None, dtype=str, keep_default_na=False)


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_what_starts_a_formula_is_text(start: str) -> None:
    text, plain = f"{start}1", f"{start}1".replace("\r", "\n")
    table = pd.DataFrame({text: [text, "Poa"], "number": [-1.5, np.nan], "kind": pd.Categorical([text, None])})
    assert saved(table).to_numpy().tolist() == [
        [f"'{plain}", "number", "kind"], [f"'{plain}", "-1.5", f"'{plain}"], ["Poa", "", ""]
    ]  # fmt: skip


@given(TEXT, TEXT)
def test_any_name_and_any_cell(name: str, cell: str) -> None:
    for line in pd.DataFrame({name: [cell], "n": [-1]}).pipe(saved)[0].astype(str):
        assert not line.startswith(FORMULA_STARTS)


def test_no_row_begins_within_a_cell() -> None:
    assert saved(pd.DataFrame({"a": ["Poa\r=1+1"], "b": [1]})).shape == (2, 2)


def test_names_that_occur_twice_and_tables_without_rows() -> None:
    table = pd.DataFrame([[LINK, 1]], columns=["=a", "=a"])
    assert saved(table).to_numpy().tolist() == [["'=a", "'=a"], [f"'{LINK}", "1"]]
    assert to_csv(table.iloc[:0]).decode().split() == ["'=a,'=a"]
