"""Linked choices: the address carries stable keys, whatever the labels say."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit
from streamlit.elements.lib.utils import compute_and_register_element_id
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state import register_widget
from streamlit.runtime.state.query_params import QueryParams
from streamlit.runtime.state.session_state import SessionState
from streamlit.testing.v1 import AppTest

from sdm.ui.components.linked import box_key
from sdm.ui.state import Key

ROOT = Path(__file__).resolve().parents[2]
CHOICES = {"selectbox", "segmented_control", "multiselect", "pills", "radio", "select_slider"}


def page(words: str = "") -> None:
    import streamlit as st

    from sdm.ui.components import linked

    view = linked.segmented_control("View", {"map": f"Map{words}", "table": f"Table{words}"}, "view")
    models = linked.multiselect("Models", {"a": f"First{words}", "b": f"Second{words}", "c": "C"}, "models", "ab")
    year = linked.optional_selectbox("Year", {2000: f"in 2000{words}", 2001: "in 2001"}, "year")
    band = linked.selectbox("Band", {"red": "R", "nir": "N"}, "band", "nir") if view == "table" else None
    st.json({"view": view, "models": models, "year": year, "band": band, "note": linked.text("note")})


def run(**query: Any) -> AppTest:
    app = AppTest.from_function(page, kwargs={"words": query.pop("words", "")})
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def shown(app: AppTest) -> dict[str, Any]:
    import json

    assert not app.exception
    return dict(json.loads(app.json[0].value))


ALL = {"view": "table", "models": ["c", "a"], "year": "2001", "band": "red", "note": "two words"}
DEFAULTS = {"view": "map", "models": ["a", "b"], "year": None, "band": None, "note": ""}


@pytest.mark.parametrize("words", ["", " in other words"])
def test_a_link_is_read_and_written_by_key(words: str) -> None:
    app = run(words=words, **ALL)
    assert shown(app) == {**ALL, "year": 2001}
    assert app.query_params == ALL


def test_a_choice_writes_its_key_and_a_default_nothing() -> None:
    app = run()
    assert shown(app) == DEFAULTS
    assert not app.query_params
    app.segmented_control(box_key("view")).set_value("table").run()
    app.multiselect(box_key("models")).set_value(["b"]).run()
    app.selectbox(box_key("year")).set_value(2000).run()
    app.selectbox(box_key("band")).set_value("red").run()
    assert shown(app) == {"view": "table", "models": ["b"], "year": 2000, "band": "red", "note": ""}
    assert app.query_params == {"view": "table", "models": "b", "year": "2000", "band": "red"}
    app.segmented_control(box_key("view")).set_value("map").run()
    assert "band" not in app.query_params
    app.segmented_control(box_key("view")).set_value("table").run()
    assert shown(app)["band"] == "red"
    app.multiselect(box_key("models")).set_value(["a", "b"]).run()
    app.selectbox(box_key("year")).set_value(None).run()
    assert app.query_params == {"view": "table", "band": "red"}


def test_that_nothing_is_chosen_is_part_of_the_link() -> None:
    app = run()
    app.multiselect(box_key("models")).set_value([]).run()
    assert app.query_params == {"models": ""}
    assert shown(run(models=""))["models"] == []


def test_what_nobody_knows_is_ignored() -> None:
    app = run(view=["Table", "table"], models=["<b>", "c", "First"], year="1999", band="'; drop", note="any")
    assert shown(app) == {**DEFAULTS, "models": ["c"], "note": "any", "view": "table", "band": "nir"}
    assert app.query_params == {"models": "c", "note": "any", "view": "table"}
    assert shown(run(view="Table", models=["First"])) == DEFAULTS


def test_code_may_choose() -> None:
    app = run(view="table")
    app.session_state["view"] = "map"
    app.session_state["models"] = ["c", "gone"]
    app.session_state["note"] = "set"
    app.run()
    assert shown(app) == {**DEFAULTS, "models": ["c"], "note": "set"}
    assert app.query_params == {"models": "c", "note": "set"}
    assert app.multiselect(box_key("models")).value == ["c"]


def test_the_address_is_written_only_when_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A needless message would undo what a slider has just written into the address."""
    app = run(view="table", models="c", note="n")
    sent: list[str] = []
    send = QueryParams._send_query_param_msg

    def counted(params: QueryParams) -> None:
        sent.append(str(params))
        send(params)

    monkeypatch.setattr(QueryParams, "_send_query_param_msg", counted)
    app.run().run()
    assert not sent
    app.selectbox(box_key("band")).set_value("red").run().run()
    assert len(sent) == 1


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node


def test_no_choice_with_labels_is_bound_by_streamlit() -> None:
    for path in [*(ROOT / "sdm" / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py")]:
        for call in calls(path):
            bound = any(word.arg == "bind" for word in call.keywords)
            assert not (bound and call.func.attr in CHOICES), f"{path}:{call.lineno}"  # type: ignore[attr-defined]


def test_every_link_parameter_is_documented() -> None:
    pages = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")
    linked_keys = set()
    for path in [*(ROOT / "sdm" / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py")]:
        for call in calls(path):
            named = isinstance(call.func.value, ast.Name) and call.func.value.id == "linked"  # type: ignore[attr-defined]
            if named or any(word.arg == "bind" for word in call.keywords):
                values = [*call.args, *(word.value for word in call.keywords)]
                linked_keys |= {
                    Key[value.attr]
                    for value in values
                    if isinstance(value, ast.Attribute)
                    and isinstance(value.value, ast.Name)
                    and value.value.id == "Key"
                }
    assert len(linked_keys) > 40
    assert [key for key in sorted(linked_keys) if f"`{key}`" not in pages] == []


def test_streamlit_still_has_what_links_and_history_use() -> None:
    """`linked` and `history` use these internals: look at both before the pin in requirements.txt is moved."""
    assert streamlit.__version__.startswith("1.67.")
    parameters = inspect.signature(register_widget).parameters
    assert {"deserializer", "serializer", "ctx", "value_type", "bind", "clearable", "formatted_options"} <= set(
        parameters
    )
    assert "max_array_length" in parameters
    assert {"user_key", "dg", "key_as_main_identity"} <= set(
        inspect.signature(compute_and_register_element_id).parameters
    )
    assert "is_history_navigation" in inspect.signature(ScriptRunContext.reset).parameters
    assert list(inspect.signature(QueryParams.set_corrected_value).parameters)[1:] == [
        "param_key", "value", "value_type",
    ]  # fmt: skip
    assert {"set_initial_query_params", "has_param"} <= set(dir(QueryParams))
    assert {"on_script_will_rerun", "query_params"} <= set(dir(SessionState))
