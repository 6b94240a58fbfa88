"""Tables to sort and scroll: formats of their columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.io.formats.style import Styler
from streamlit.testing.v1 import AppTest

from sdm.number_format import UNKNOWN
from sdm.ui.components import data_table as module
from sdm.ui.components.data_table import MOST_WRITTEN, column_formats, number_format, true_minus

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


def test_negative_numbers_have_a_true_minus_and_stay_numbers() -> None:
    table = pd.DataFrame({"residual": [-0.0321, 1.5, np.nan], "shift": [-1200, 3, 7], "surveys": [1, 2, 3]})
    written, looks = true_minus(table, column_formats(table))
    assert isinstance(written, Styler)
    shown = [[cell["display_value"] for cell in row[1:]] for row in written._translate(False, False)["body"]]
    assert shown[0][:2] == ["−0.0321", "−1,200"]
    assert (shown[1][0], shown[2][0]) == ("1.5", UNKNOWN)
    pd.testing.assert_frame_equal(written.data, table)  # sorted by value
    left = {name: look["type_config"]["format"] for name, look in looks.items()}
    assert left == {"residual": None, "shift": None, "surveys": "%,d"}  # else the browser's format would win


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"n": [1, 2], "name": ["-a", "b"], "right": [True, False]}),
        pd.DataFrame({"n": -np.arange(MOST_WRITTEN + 1)}),
        pd.DataFrame([[-1, -2]], columns=["n", "n"]),
    ],
)
def test_other_tables_are_left_to_the_browser(table: pd.DataFrame) -> None:
    assert true_minus(table, {})[0] is table


@pytest.mark.parametrize(("phone", "shown"), [(True, ["a", "c"]), (False, [])])
def test_a_phone_shows_the_columns_that_fit(
    monkeypatch: pytest.MonkeyPatch, phone: bool, shown: list[str]
) -> None:
    monkeypatch.setattr(module, "on_phone", lambda: phone)

    def page() -> None:
        import pandas as pd

        from sdm.ui.components.data_table import data_table

        data_table(pd.DataFrame({"a": [1], "b": [2], "c": [3]}), phone=("a", "c"))

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert list(app.dataframe[0].proto.column_order) == shown


def test_days_are_written_without_a_time() -> None:
    looks = column_formats(
        pd.DataFrame({"start": pd.to_datetime(["1999-12-02", "2000-03-21"]), "band": ["red", "nir"]})
    )
    assert {name: look["type_config"]["type"] for name, look in looks.items()} == {"start": "date"}
