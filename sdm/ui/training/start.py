"""Start a training from the page: model and settings on the left, what is being trained on the right."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.schemes import scheme_title
from sdm.data.views import LEVEL
from sdm.errors import SdmError
from sdm.figures.markdown import literal
from sdm.models.registry import REGISTRY
from sdm.models.specification import ModelSpec
from sdm.number_format import duration
from sdm.runs import DataSource, RunConfig
from sdm.runs.training_options import OPTIONS, TrainingOptions, completed, recipe
from sdm.training import jobs
from sdm.training.task import training_coverage
from sdm.training.trainable import schemes, trainable
from sdm.ui.cache.memo import memo
from sdm.ui.components import markup, runs, trainings
from sdm.ui.components.no_model import NOT_TRAINABLE, TO_BE_TRAINABLE
from sdm.ui.components.page_frame import empty
from sdm.ui.components.shown_paths import command_data, command_path
from sdm.ui.state import KEEP, Key
from sdm.ui.training import live, published

N = TypeVar("N", int, float)

MOST_EPOCHS, MOST_SEED = 100, 9999
RATES, BATCH_SIZES = OPTIONS["lr"].examples, OPTIONS["batch_size"].examples
QUICK = "landsat-mlp"  # learns in seconds
LASTING = "It goes on when you leave this page or close the browser."


def section(data: Dataset) -> None:
    """Form and trainings."""
    left, right = st.columns([1, 1.9], gap="large")
    with left:
        _form(data)
    with right:
        live.show(data)


def _form(data: Dataset) -> None:
    st.markdown("#### A training of your own")
    if not data.trainable:
        empty(NOT_TRAINABLE, TO_BE_TRAINABLE)
        return
    try:
        cards = {card.name: card for card in trainable(data)}
    except SdmError as reason:
        empty("Nothing can be trained on this data", " ".join(filter(None, (reason.what + ".", reason.remedy))))
        return
    first = list(cards).index(QUICK) if QUICK in cards else 0
    name = st.selectbox(
        "Model", list(cards), first, key=Key.TRAIN_MODEL, persist_state=KEEP,
        format_func=lambda name: REGISTRY[name].title,
    )  # fmt: skip
    card = cards[name]
    seen = card.sees(card.completed({}, data.modalities))
    st.caption(f"{card.description[0].upper()}{card.description[1:]}. Sees: {', '.join(seen)}.")
    _warn_of_gaps(data, card)
    source = published.choose(card)
    config = completed(published.show(source) if source else _settings(card, *_question(data)), data)
    folder = runs.new_folder(data, name)
    run_config = RunConfig(config, DataSource.of(data))
    if st.button("Start training", type="primary", icon=":material/play_arrow:", width="stretch"):
        trainings.start(folder, run_config, data)
    st.html(markup.fine(_cost(data, config)))
    with st.expander("The same on the command line", on_change="rerun", key="as_command") as more:
        if more.open:
            words = jobs.command(command_path(folder), run_config, command_data(data))
            st.code(shlex.join(words), language="bash", wrap_lines=True)


@memo(64)
def _gaps(data: Dataset, name: str) -> list[str]:
    """A sentence for each input of the model `name` that few surveys have."""
    coverage = training_coverage(data, completed(recipe(name, scheme=schemes(data)[0]), data))
    return [sentence for one in coverage for sentence in one.warnings()]


def _warn_of_gaps(data: Dataset, card: ModelSpec) -> None:
    gaps = _gaps(data, card.name)
    if gaps:
        lines = "\n".join(f"- {literal(sentence)}" for sentence in gaps)
        st.warning(f"It would learn from gaps:\n{lines}", icon=":material/warning:")


def _settings(card: ModelSpec, scheme: str, view: str) -> TrainingOptions:
    """The settings asked for; they begin at what the model is known to work with."""
    usual = recipe(card.name)
    epochs = st.slider(
        "Epochs", 1, MOST_EPOCHS, min(usual.epochs, MOST_EPOCHS), key=f"epochs_{card.name}", persist_state=KEEP,
        help=_help("epochs"),
    )  # fmt: skip
    rate = st.select_slider(
        "Learning rate", RATES, _nearest(RATES, usual.lr), key=f"rate_{card.name}", persist_state=KEEP,
        format_func=lambda value: f"{value:g}", help=_help("lr"),
    )  # fmt: skip
    left, right = st.columns(2, gap="small")
    size = left.selectbox(
        "Batch size", BATCH_SIZES, BATCH_SIZES.index(_nearest(BATCH_SIZES, usual.batch_size)),
        key=f"batch_{card.name}", persist_state=KEEP, help=_help("batch_size"),
    )  # fmt: skip
    seed = right.number_input(
        "Seed", 0, MOST_SEED, 0, key=f"seed_{card.name}", persist_state=KEEP,
        help=_help("seed"),
    )  # fmt: skip
    return recipe(card.name, epochs=epochs, lr=rate, batch_size=size, seed=int(seed), scheme=scheme, view=view)


def _question(data: Dataset) -> tuple[str, str]:
    """Split scheme, and the view of the level to learn; a box for each only where there is a choice."""
    able, levels = schemes(data), data.targets.hierarchy[::-1]
    scheme, level = able[0], ""
    left, right = st.columns(2, gap="small")
    if len(able) > 1:
        scheme = left.selectbox(
            "Split scheme", able, key="train_scheme", persist_state=KEEP, format_func=scheme_title,
            help="What parts training from validation and test: random rows, or whole groups of neighbours.",
        )  # fmt: skip
    if len(levels) > 1:
        level = right.selectbox(
            "Classes", levels, key="train_level", persist_state=KEEP, help="The level of the hierarchy to learn.",
            format_func=lambda name: "finest" if name == levels[0] else _words(name),
        )  # fmt: skip
    return scheme, "" if not level or level == levels[0] else f"{LEVEL}{level}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _help(name: str) -> str:
    """What the option `name` means, as a sentence."""
    text = OPTIONS[name].description
    return f"{text[0].upper()}{text[1:]}."


def _nearest(options: Sequence[N], value: float) -> N:
    """The option whose ratio to `value` is nearest to 1."""
    return min(options, key=lambda option: abs(math.log(option / value)))


def _cost(data: Dataset, config: TrainingOptions) -> str:
    """How long it may take, by an earlier run of that model on as many rows of this data."""
    same = (config.model, data.fingerprint, config.view)
    for name, run in runs.finished_runs().items():
        card = run.card
        if (card.model, card.data.fingerprint, card.view) == same and card.epochs:
            each = card.seconds / card.epochs
            return f"About {duration(each * config.epochs)}: {name} took {duration(each)} an epoch. {LASTING}"
    return LASTING
