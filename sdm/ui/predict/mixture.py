"""A mixture of the models asked: weights to move, what it says here, and how well it does on whole splits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION, short_split
from sdm.errors import SdmError
from sdm.evaluation.decoding import SPECIES_THRESHOLDS, Decoder, parse_decoder
from sdm.evaluation.ensembles import ensemble_command
from sdm.evaluation.mixtures import (
    apportion,
    first_weights,
    make_room,
    measurable_splits,
    mixture,
    why_not,
)
from sdm.evaluation.predicted_species import ranking, set_f1
from sdm.figures.markdown import literal
from sdm.files import PROJECT
from sdm.inference.answers import Answer
from sdm.number_format import PERCENT, fixed, percent, whole
from sdm.runs import Run
from sdm.ui.cache import predictions
from sdm.ui.components import markup
from sdm.ui.components.decoder_choice import BY_F1
from sdm.ui.components.fragment import fragment
from sdm.ui.components.number_table import number_table
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.components.runs import finished_runs
from sdm.ui.components.shown_paths import command_data
from sdm.ui.predict.request import MOST_MODELS, PredictionQuery, show_ranking
from sdm.ui.state import LINK, Key

WHOLE = 100  # weights are per cent
WEIGHT = r"\d{1,3}"  # of a link
MOST_ROWS = 12


def show(query: PredictionQuery, answered: Sequence[Answer]) -> None:
    """The mixture of those that can be mixed; why not, of the others."""
    st.markdown("#### Mixture: a weighted mean of these models")
    if not query.same_data or all(answer.run.card.kind is not TargetKind.MULTILABEL for answer in answered):
        empty("No mixture here", "A mixture is tried out for models that predict sets, on the data they know.")
        return
    first = next((answer.run for answer in answered if not why_not(answer.run, answer.run, query.data)), None)
    reasons = {a.run.name: why_not(a.run, first or a.run, query.data) for a in answered}
    members = [answer for answer in answered if not reasons[answer.run.name]]
    if len(members) < 2:
        empty("A mixture needs two models", "Choose more of them above.")
        _members_instead(answered)
    else:
        _mixture(query, members)
    for name, reason in reasons.items():
        if reason:
            st.html(markup.fine(f"{name} is not in the mixture: {reason}."))


def _members_instead(answered: Sequence[Answer]) -> None:
    """A way from an ensemble, which cannot be mixed, to its members, which can."""
    each = [[member.run for member in answer.run.card.members] or [answer.run.name] for answer in answered]
    known = finished_runs()
    names = list(dict.fromkeys(name for part in each for name in part if name in known))[:MOST_MODELS]
    if len(names) > 1 and any(answer.run.card.members for answer in answered):
        label = f"Ask {' and '.join(map(literal, names))} instead"
        st.button(label, key="members_instead", on_click=_ask, args=(names,))


def _ask(names: list[str]) -> None:
    st.session_state[Key.MODELS] = names


@fragment
def _mixture(query: PredictionQuery, members: Sequence[Answer]) -> None:
    """Moves of a slider draw only this anew."""
    st.html(markup.fine("The mean of the probabilities, each model with its weight. Move one: the others make "
                        "room, and every number below follows."))  # fmt: skip
    runs = [answer.run for answer in members]
    weights = _sliders(query.data, runs)
    # Each run has its own decoder, and thresholds per species, but a mixture has neither.
    decoder = parse_decoder(BY_F1 if query.decoder in {"", SPECIES_THRESHOLDS} else query.decoder)
    mean = mixture(weights, [answer.probabilities for answer in members])
    try:
        _scores(query, members, weights, mean, decoder)
    except SdmError as error:
        problem("Stored predictions cannot be read", error)
    table = ranking(mean, decoder.decode(mean[None]).indices, runs[0].card.classes, query.truth(runs[0]))
    st.markdown("**Species the mixture predicts here**")
    show_ranking(table, "Species predicted by the mixture", MOST_ROWS)
    _command(query, runs, weights)


def _sliders(data: Dataset, runs: Sequence[Run]) -> list[float]:
    """A slider per run; together they make 100 %."""
    keys = [f"{Key.WEIGHT}_{run.name}" for run in runs]
    _set(keys, first_weights([_linked_weight(name) for name in keys]))
    for run, name in zip(runs, keys, strict=True):
        st.slider(
            literal(run.name), 0, WHOLE, key=name, bind=LINK, format=f"%d{PERCENT}%", on_change=_make_room,
            args=(name, keys),
        )  # fmt: skip
    with st.container(horizontal=True):
        st.button("Equal weights", on_click=partial(_set, keys, [1.0] * len(keys)), key="mix_alike")
        stored = all(VALIDATION in run.splits() for run in runs)
        st.button(
            "Best on validation", on_click=_fit, args=(data, runs, keys), key="mix_best", disabled=not stored,
            help="The weights of least log loss on validation surveys, to whole per cents."
            if stored else "A model has no stored predictions of validation surveys.",
        )  # fmt: skip
    return [st.session_state[name] / WHOLE for name in keys]


def _linked_weight(name: str) -> float | None:
    """The weight chosen, or the one of the link."""
    text = str(st.session_state.get(name, st.query_params.get(name)))
    return float(min(int(text), WHOLE)) if re.fullmatch(WEIGHT, text, re.ASCII) else None


def _set(keys: Sequence[str], values: Sequence[float]) -> None:
    for name, value in zip(keys, apportion(values, WHOLE), strict=True):
        st.session_state[name] = value


def _make_room(moved: str, keys: Sequence[str]) -> None:
    """The other weights share what the one moved has left them, in their own proportions."""
    weights = make_room([int(st.session_state[name]) for name in keys], list(keys).index(moved), WHOLE)
    st.session_state.update(zip(keys, weights, strict=True))


def _fit(data: Dataset, runs: Sequence[Run], keys: Sequence[str]) -> None:
    try:
        weights = predictions.mixture_weights(data, tuple(runs))
    except SdmError:  # said below, where the stored predictions are read again
        return
    if weights is not None:
        _set(keys, weights.tolist())


def _scores(
    query: PredictionQuery,
    members: Sequence[Answer],
    weights: Sequence[float],
    mean: np.ndarray,
    decoder: Decoder,
) -> None:
    """Each member and the mixture: weight, F1 of this survey, samples-F1 of whole splits."""
    runs = [answer.run for answer in members]
    truth, each = query.truth(runs[0]), [*(answer.probabilities for answer in members), mean]
    here = [None if truth is None else set_f1(decoder.decode(p[None]).indices, truth) for p in each]
    splits = measurable_splits(query.data, runs)
    columns = [predictions.mixture_scores(query.data, runs, weights, split, str(decoder)) for split in splits]
    names = [f"{run.name}\n{percent(weight, 0)}" for run, weight in zip(runs, weights, strict=True)]
    rows = [
        [name, _fixed(f1), *(_fixed(column[i]) for column in columns)]
        for i, (name, f1) in enumerate(zip([*names, "the mixture"], here, strict=True))
    ]
    heads = ["Model", "here", *map(short_split, splits)]
    with st.container(key="mix_scores"):
        st.html(number_table("F1 of each model and of the mixture", (), heads, rows))
    counts = ", ".join(
        f"{_of_known(*predictions.mixture_surveys(query.data, runs, s))} {short_split(s)}" for s in splits
    )
    st.caption(
        f"F1, 0 to 1: of this survey, and the mean over stored predictions ({counts or 'none'}). All are "
        f"read alike, by `{decoder}`, the mixture too. Weights chosen on validation look best there: the test "
        "columns tell whether it holds."
    )


def _of_known(measured: int, known: int) -> str:
    return whole(measured) if measured == known else f"{whole(measured)} of {whole(known)}"


def _fixed(value: float | None) -> str:
    return "" if value is None or value != value else fixed(value)


def _command(query: PredictionQuery, runs: Sequence[Run], weights: Sequence[float]) -> None:
    """What makes this mixture a run."""
    counted = [(run, weight) for run, weight in zip(runs, weights, strict=True) if weight > 0]
    if len(counted) < 2:
        st.html(markup.fine("One model with all the weight is no mixture: give another one some."))
        return
    st.markdown("**Keep it as a model of its own**")
    try:
        members, shares = [run for run, _ in counted], [weight for _, weight in counted]
        lines = ensemble_command(members, shares, command_data(query.data), PROJECT)
    except SdmError as error:
        problem("These runs cannot be brought together", error)
    else:
        st.code(lines, language="bash", wrap_lines=True)
