"""Choices that are part of the page's address, written there as stable keys, never as labels.

Streamlit's own `bind="query-params"` writes the label of an option into the address, so that rewording it breaks
links. Here the address belongs to a parameter without an element, registered under the name of the link, and the
element on the page follows it: `st.session_state[key]` is the option chosen, `box_key(key)` the state of the
element. Options are strings or numbers that never change; labels are only shown. An unknown value in a link is
ignored. Text boxes, sliders and switches have no labels: they use `bind=LINK`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import streamlit as st
from streamlit.elements.lib.utils import compute_and_register_element_id
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import register_widget

from sdm.ui.state import Key

Option = TypeVar("Option", str, int)
Value = TypeVar("Value")
Labels = Mapping[Option, str] | Iterable[Option]
Actions = Mapping[Any, tuple[str, Callable[[], None]]]
"""Entry of a choice that is no value -> its label and what choosing it does; the value stays as it was."""
NO_ACTIONS: Actions = {}


def box_key(key: str) -> str:
    """The key of the element that shows the linked choice `key`."""
    return f"{key}_box"


def parameter(
    key: str, default: Value, read: Callable[[list[str]], Value], write: Callable[[Value], list[str]],
    known: list[str] | None = None,
) -> Value:  # fmt: skip
    """Return the value of the parameter `key` of the page's address, `default` where it has none.

    `st.session_state[key]` holds it, may be set before, and outlives the page. `read` and `write` translate from
    and to the texts of the address; texts that are not in `known` are ignored.
    """
    if key in st.session_state and st.query_params.get_all(key) != write(st.session_state[key]):
        st.session_state[key] = st.session_state[key]  # a choice made goes before the address it was made at
    return register_widget(
        compute_and_register_element_id("link", user_key=key, dg=None, key_as_main_identity=True),
        deserializer=lambda texts: default if texts is None else read(list(texts)),
        serializer=write,
        ctx=get_script_run_ctx(),
        value_type="string_array_value",
        bind="query-params",
        clearable=isinstance(default, list),
        formatted_options=known,
        max_array_length=None if isinstance(default, list) else 1,
    ).value


def query(**parameters: str) -> dict[str, str]:
    """Return the parameters of a link within the data set that is open."""
    return {"data": st.session_state[Key.DATA], **parameters}


def text(key: str) -> str:
    """Return the linked text `key`, "" without one; no element shows it."""
    return parameter(key, "", "".join, lambda value: [value] if value else [])


def selectbox(
    label: str, options: Labels[Option], key: str, default: Option | None = None,
    on_change: Callable[[], None] | None = None, actions: Actions = NO_ACTIONS, **look: Any,
) -> Option:  # fmt: skip
    """A linked `st.selectbox` of which one is always chosen, at first `default` or the first option.

    `actions` stand at its end; no link chooses one.
    """
    labels = _labels(options)
    _one(key, labels, next(iter(labels)) if default is None else default)
    return _show(st.selectbox, label, labels, key, on_change, look, actions)


def optional_selectbox(
    label: str, options: Labels[Option], key: str, on_change: Callable[[], None] | None = None, **look: Any
) -> Option | None:
    """A linked `st.selectbox` of which nothing need be chosen."""
    labels = _labels(options)
    _one(key, labels, None)
    return _show(st.selectbox, label, labels, key, on_change, look | {"index": None})


def segmented_control(
    label: str, options: Labels[Option], key: str, default: Option | None = None, **look: Any
) -> Option:
    """A linked `st.segmented_control` of which one is always chosen, at first `default` or the first option."""
    labels = _labels(options)
    _one(key, labels, next(iter(labels)) if default is None else default)
    return _show(st.segmented_control, label, labels, key, None, look | {"required": True})


def view(label: str, views: Mapping[str, tuple[str, Value]], key: str) -> Value:
    """What is chosen by a linked `st.segmented_control`; `views`: option -> title and what it stands for."""
    titles = {name: title for name, (title, _) in views.items()}
    return views[segmented_control(label, titles, key, label_visibility="collapsed")][1]


def multiselect(
    label: str, options: Labels[Option], key: str, default: Iterable[Option] = (), **look: Any
) -> list[Option]:
    """A linked `st.multiselect`."""
    labels = _labels(options)
    if not set(st.session_state.get(key, ())) <= set(labels):
        st.session_state[key] = [option for option in st.session_state[key] if option in labels]
    named = {str(option): option for option in labels}
    parameter(
        key, list(default), lambda texts: [named[text] for text in texts if text in named],
        lambda chosen: [str(option) for option in chosen] or [""], list(named),
    )  # fmt: skip
    return _show(st.multiselect, label, labels, key, None, look)


def number_input(label: str, key: str, default: int, allowed: Callable[[int], int], **look: Any) -> int:
    """A linked `st.number_input`; `allowed` turns any number, typed or in a link, into one that may be chosen."""

    def read(texts: list[str]) -> int:
        try:
            return allowed(int(texts[-1]))
        except (IndexError, ValueError, OverflowError):
            return default

    parameter(key, default, read, lambda value: [str(value)])
    chosen = _follow(key, None, allowed)
    return allowed(st.number_input(label, key=box_key(key), on_change=chosen, **look))


def _labels(options: Labels[Option]) -> dict[Option, str]:
    return dict(options) if isinstance(options, Mapping) else {option: str(option) for option in options}


def _one(key: str, labels: Mapping[Option, str], default: Option | None) -> None:
    """Register the parameter of a choice of one of `labels`."""
    if key in st.session_state and st.session_state[key] not in labels:
        st.session_state[key] = default
    named = {str(option): option for option in labels}
    parameter(
        key, default, lambda texts: named.get(texts[-1]) if texts else None,
        lambda chosen: [] if chosen is None else [str(chosen)], list(named),
    )  # fmt: skip


def _show(
    element: Callable[..., Any], label: str, labels: Mapping[Any, str], key: str,
    on_change: Callable[[], None] | None, look: Mapping[str, Any], actions: Actions = NO_ACTIONS,
) -> Any:  # fmt: skip
    """The element, at the value of the parameter; what is chosen there becomes that of the parameter."""
    chosen = _follow(key, on_change, actions=actions)
    words = {**labels, **{option: label for option, (label, _) in actions.items()}}
    return element(label, list(words), key=box_key(key), format_func=words.__getitem__, on_change=chosen, **look)


def _follow(
    key: str, on_change: Callable[[], None] | None, allowed: Callable[[Any], Any] = lambda value: value,
    actions: Actions = NO_ACTIONS,
) -> Callable[[], None]:  # fmt: skip
    """Set the element to the value of the parameter; return what makes the parameter that of the element.

    It is set at every run: of an element that a fragment did not draw for a while, the browser forgets the value
    while the session remembers it.
    """
    box = box_key(key)
    st.session_state[box] = st.session_state[key]

    def chosen() -> None:
        if st.session_state[box] in list(actions):  # what multiselects hold has no hash
            _, act = actions[st.session_state[box]]
            act()
            return
        st.session_state[key] = allowed(st.session_state[box])
        if on_change is not None:
            on_change()

    return chosen
