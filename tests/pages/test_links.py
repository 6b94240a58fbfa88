"""Links of every page carry the keys of choices, never their labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sdm.ui.components import linked
from sdm.ui.state import Key
from tests.pages.screen import Open

VIEWS: list[dict[str, str]] = [
    {"page": "predict", "survey": "118"},
    {"page": "predict", "survey": "118", "predict_view": "calibration"},
    {"page": "confusion", "confusion_view": "matrix"},
    {"page": "scores"},
    {"page": "scores", "scores_section": "published"},
]


@pytest.mark.usefixtures("with_runs")
@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_no_label_is_in_a_link(
    opened: Open, stores: dict[str, Path], monkeypatch: pytest.MonkeyPatch, view: dict[str, str]
) -> None:
    """Every linked choice there is gets its last option; the address then holds that option, as text."""
    offered: dict[str, dict[Any, str]] = {}
    show = linked._show

    def recorded(element: Any, label: str, labels: dict[Any, str], key: str, *rest: Any) -> Any:
        offered[key] = dict(labels)
        return show(element, label, labels, key, *rest)

    monkeypatch.setattr(linked, "_show", recorded)
    app = opened(stores["multilabel"], **view)
    assert not app.exception
    assert set(offered) <= set(Key)
    assert len(offered) > 1
    chosen = {key: list(labels)[-1] for key, labels in offered.items()}
    labels = {label for each in offered.values() for option, label in each.items() if str(option) != label}
    for key, option in chosen.items():
        app.session_state[key] = [option] if key in (Key.MODELS, Key.BLOCK) else option
    app.run()
    assert not app.exception
    links = {key: app.query_params[key] for key in chosen if key in app.query_params}
    written = {key: "".join(link) for key, link in links.items()}
    assert written
    assert written == {key: str(chosen[key]) for key in written}
    assert not labels & set(written.values())


def test_a_link_to_another_page_opens_the_data_set_it_names(opened: Open, stores: dict[str, Path]) -> None:
    first, second = stores["multilabel"], stores["multiclass"]
    app = opened(first, second, page="about")
    app.selectbox(key=linked.box_key(Key.DATA)).set_value(second.name).run()
    assert app.session_state[Key.DATA] == second.name
    app.query_params[Key.DATA] = first.name  # left over from before the choice
    app.run()
    assert app.session_state[Key.DATA] == second.name
    app.query_params.clear()
    app.switch_page("pages/scores.py").run()
    assert app.session_state[Key.DATA] == second.name
    app.query_params[Key.DATA] = first.name
    app.switch_page("pages/explore.py").run()
    assert app.session_state[Key.DATA] == first.name and not app.exception
    app.query_params[Key.DATA] = "no such data"
    app.switch_page("pages/about.py").run()
    assert app.session_state[Key.DATA] == first.name and not app.exception
