"""Tables to sort and scroll: formats of their columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdm.ui.components.data_table import column_formats, number_format

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "values", "form"),
    [
        ("surveys", [3181, 480], "%,d"),
        ("records", [50_873.0, np.nan], "%,d"),  # counts beside an unknown one
        ("surveyId", [3_181_000, 7], "%d"),
        ("class_id", [8482], "%d"),
        ("year", [2017], "%d"),
        ("value", np.float32([0.0754, 0.5]), "%.4g"),
        ("probability", [0.0, 1.0], "%.4g"),
        ("value", [123_456.7, 1.5], "%.6g"),
        ("value", [np.nan, np.inf], "%.4g"),
        ("name", ["Poa annua", None], ""),
        ("right", [True, False], ""),
    ],
)
def test_each_column_of_numbers_has_its_format(name: str, values: object, form: str) -> None:
    assert number_format(name, pd.Series(values)) == form


def test_columns_without_numbers_are_left_alone() -> None:
    formats = column_formats(pd.DataFrame({"name": ["a"], "surveys": [1000], "empty": [None]}))
    assert list(formats) == ["surveys"]


def test_every_table_of_a_page_is_made_here() -> None:
    modules = [*ROOT.glob("sdm/ui/**/*.py"), *ROOT.glob("pages/*.py")]
    own = [path.name for path in modules if "st.dataframe(" in path.read_text(encoding="utf-8")]
    assert own == ["data_table.py"]
