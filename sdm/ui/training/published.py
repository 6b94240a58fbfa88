"""The settings of a model's source in place of one's own, each with who chose it."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from sdm.models.specification import ModelSpec
from sdm.runs.published_settings import PUBLISHED, PublishedSettings, published_names, published_settings
from sdm.runs.training_options import OPTIONS, TrainingOptions
from sdm.training.runtime import half_precision
from sdm.ui.components.number_table import number_table
from sdm.ui.state import KEEP

OWN = ""
OWN_TITLE = "One's own"
ARCHITECTURE = "model_config"


def choose(card: ModelSpec) -> PublishedSettings | None:
    """The row chosen; None for settings of one's own, the only ones where no source gives any."""
    names = published_names(card.name)
    if not names:
        return None
    chosen = st.selectbox(
        "Settings", (OWN, *names), key=f"settings_{card.name}", persist_state=KEEP,
        format_func=partial(title, card.name),
        help="Those of one's own begin at what the model is known to work with.",
    )  # fmt: skip
    return published_settings(card.name, chosen) if chosen else None


def title(model: str, name: str) -> str:
    """What the settings `name` of `model` are called in the box."""
    if name == OWN:
        return OWN_TITLE
    options = published_settings(model, name).options(gpu=False)
    variant = "" if name.startswith(PUBLISHED) else f" ({name})"
    return f"As published{variant}: {options.epochs} epochs, rate {options.lr:g}"


def show(row: PublishedSettings) -> TrainingOptions:
    """The options of the row; where each comes from stands in a table."""
    options = row.options(gpu=half_precision("auto"))
    given = [
        [_label(name), _text(getattr(options, name)), "source" if name in row.settings else "set here"]
        for name in {**row.settings, **row.chosen} if name != ARCHITECTURE or row.settings[name]
    ]  # fmt: skip
    st.html(number_table("Settings as published", (), ["Setting", "Value", "From"], given))
    st.caption(f"Source: {row.source}. {row.remark}")
    return options


def _label(name: str) -> str:
    label = "architecture" if name == ARCHITECTURE else name.replace("_", " ")
    return f"{label}\n{OPTIONS[name].description}" if name in OPTIONS else label


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(each)}" for name, each in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)
