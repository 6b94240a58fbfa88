"""The board as markup: columns where there is something to say."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sdm.ui.scores import table


@pytest.mark.parametrize(("public", "columns"), [(np.nan, False), (0.17, True)])
def test_kaggle_has_columns_where_it_scored_a_run(
    public: float, columns: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "linked", SimpleNamespace(query=dict))  # no visit, so no state of one
    runs = pd.DataFrame([{
        "rank": 1, "run": "mine", "model": "Mine", "decoder": "", "imported": False, "parameters": 9,
        "seconds": 1.0, "milliseconds": 1.0, "public": public, "private": np.nan,
        "test": 0.5, "test low": 0.4, "test high": 0.6,
    }])  # fmt: skip
    markup = table.board(runs, ["test"], rising=False)
    heads = [part.partition("<")[0] for part in markup.split('<th scope="col">')[1:]]
    assert ("public" in heads, "private" in heads, "Kaggle" in markup) == (columns, columns, columns)
    row = markup.partition("<tbody>")[2]
    assert row.count("<td") + row.count("<th") == len(heads)  # a cell for each, whatever is left out
