"""What scores are measured against, under the board."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from sdm.evaluation.reference_scores import LEAK, ORACLE
from tests.pages.screen import html


def page() -> None:
    """Near the best reachable score is passed, far it is not."""
    import pandas as pd

    from sdm.evaluation.reference_scores import ReferenceScores
    from sdm.ui.scores import references

    known = {
        "test_near": ReferenceScores(0.2, 0.5, 0.0012, 0.7, 0.0004),
        "test_far": ReferenceScores(0.1, 0.4, 0.001, 0.6, 0.001),
    }
    ranked = pd.DataFrame({"test_near": [0.55, 0.3], "test_far": [0.3, 0.35]})
    references.show(known, ranked, "random")


def test_references_stand_with_their_errors_and_a_leak_is_called_one() -> None:
    app = AppTest.from_function(page).run()
    assert not app.exception
    shown = html(app)
    assert "± 0.001" in shown and "± 0.0004" in shown
    assert ORACLE in shown and shown.count(LEAK) == 1
