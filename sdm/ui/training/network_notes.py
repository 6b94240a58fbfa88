"""What else there is to see of the networks whose curves are drawn: dropout in their losses, and first kernels."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sdm.errors import SdmError
from sdm.evaluation.first_convolution import Kernels, first_kernels
from sdm.evaluation.run_inputs import dropout
from sdm.figures.kernels import kernels
from sdm.figures.markdown import literal
from sdm.number_format import number, percent
from sdm.runs import Run
from sdm.training_logs.catalogue import Log
from sdm.ui.cache.figures import drawn
from sdm.ui.cache.memo import memo
from sdm.ui.components import runs
from sdm.ui.components.figure import show_figure

DROPOUT = (
    "The loss on the training split may lie above that on the validation split. **Dropout** switches units off at "
    "random while training, not in validation; and the training loss of an epoch is a mean over steps during "
    "which the weights still got better, of inputs that may be augmented or mixed."
)


def show(chosen: Sequence[Log | str]) -> None:
    """Notes on the finished runs among the logs `chosen`; nothing where none has dropout or a convolution."""
    known = runs.finished_runs()
    finished = [known[log.name] for log in chosen if isinstance(log, Log) and log.name in known]
    dropping = [run for run in finished if _drops(run)]
    if dropping:
        st.caption(" ".join([DROPOUT, *filter(None, map(_measured, dropping))]))
    for run in finished:
        _kernels(run)


def _drops(run: Run) -> bool:
    try:
        return dropout(run) > 0
    except SdmError:  # of a version that this one cannot build
        return False


def _measured(run: Run) -> str:
    """The losses of the last epoch, with and without dropout; "" where they were not measured."""
    clean, history = run.card.loss_without_dropout, run.history()
    if clean is None or history.empty:
        return ""
    last = history.iloc[-1]
    return (
        f"{literal(run.name)} (dropout {percent(dropout(run))}), last epoch: training loss "
        f"{number(last['train_loss'])}, the same without dropout {number(clean)}, validation "
        f"{number(last['validation_loss'])}."
    )


@memo(8)
def _first(run: Run) -> Kernels | None:
    return first_kernels(run)


def _kernels(run: Run) -> None:
    try:
        found = _first(run)
    except SdmError:  # its page says so
        return
    if found is None:
        return
    with st.expander(f"First convolution of {literal(run.name)}: its kernels", icon=":material/grid_on:"):
        show_figure(drawn(kernels, found), f"kernels_{run.name}", f"kernels-{run.name}")
