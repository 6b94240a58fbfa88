"""The network of a run or of a registered model on the page, drawn from its own layers."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.errors import SdmError
from sdm.figures.network import WIDTH, alt, columns, shape_text
from sdm.figures.plot import Plot
from sdm.figures.style import Figure
from sdm.models.layers import model_layers
from sdm.models.registry import REGISTRY
from sdm.models.specification import NO_CHANGES
from sdm.number_format import counted, whole
from sdm.runs import Run
from sdm.ui.cache.memo import memo
from sdm.ui.components import linked, markup, runs
from sdm.ui.components.figure import show_table
from sdm.ui.components.page_frame import empty
from sdm.ui.state import Key

RUN = "run:"  # before a run's name in a link
LEAD = (
    "A box per layer, read from the built network itself: its **type** and, below, the **shape** of its output "
    "for one survey and its **parameters** (learnt numbers). Sums, means and activations that are no layers "
    "of their own show in the shapes alone."
)


def section(data: Dataset) -> None:
    """Choice and diagram."""
    finished = {name: run for name, run in runs.finished_runs().items() if _drawable(run)}
    titles = {f"{RUN}{name}": f"run {name}" for name in finished}
    titles |= {name: spec.title for name, spec in REGISTRY.items() if not spec.baseline}
    mine = [name for name, run in finished.items() if run.card.data.fingerprint == data.fingerprint]
    first = f"{RUN}{mine[0]}" if mine else next(iter(titles))
    chosen = linked.selectbox("Run or model", titles, Key.NETWORK, first, width=380)
    kind, width = data.targets.kind, data.targets.width
    name, config = chosen, NO_CHANGES
    if chosen.startswith(RUN):
        card = finished[chosen.removeprefix(RUN)].card
        name, config, kind, width = card.model, card.model_config, card.kind, card.width
    try:
        table = _layers(name, kind, width, json.dumps(dict(config)))
    except SdmError as problem:
        empty("This network cannot be built", ". ".join(filter(None, (problem.what, problem.remedy))))
        return
    st.caption(LEAD)
    _show(titles[chosen], table, width)


def _drawable(run: Run) -> bool:
    return run.card.model in REGISTRY and not REGISTRY[run.card.model].baseline


@memo(16)
def _layers(name: str, kind: TargetKind, width: int, config: str) -> pd.DataFrame:
    return model_layers(name, kind, width, json.loads(config))


def _show(title: str, table: pd.DataFrame, width: int) -> None:
    """Branches in a row, on a narrow screen below each other; what follows below; the table."""
    words = alt(title, table)
    *branches, after = [
        f'<figure><figcaption>{markup.text(one.title)}</figcaption>'
        f'<img src="{one.uri}" width="{WIDTH}" height="{one.height}" alt="{markup.text(one.title or words)}">'
        "</figure>"
        for one in columns(table)
    ]  # fmt: skip
    joined = '<p class="fine">the features of all branches, side by side</p>' if branches else ""
    row = f'<div class="network">{"".join(branches)}</div>' if branches else ""
    st.html(f'{row}<div class="network after">{joined}{after}</div>')
    total = whole(table["parameters"].sum())
    st.caption(f"{total} parameters for {counted(width, 'output')}.")
    shown = table.assign(shape=table["shape"].map(shape_text))
    show_table(Figure(Plot(), shown, "", words), "figure_network", "network")
