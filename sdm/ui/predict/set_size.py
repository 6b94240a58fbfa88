"""Set size: how many species to predict, by every decoder, here and on whole splits."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.splits import VALIDATION, short_split
from sdm.errors import SdmError
from sdm.evaluation.decoding import SPECIES_THRESHOLDS, Decoder, parse_decoder
from sdm.evaluation.run_decoding import decoder_of
from sdm.evaluation.set_size import LEVELS, curve, nearest_level, own_decoders, score_of_cut, stops, with_scores
from sdm.figures.markdown import literal
from sdm.figures.set_size import set_size
from sdm.number_format import counted, fixed
from sdm.runs import Run
from sdm.ui.cache import predictions
from sdm.ui.components import linked, markup
from sdm.ui.components.figure import download, show_figure
from sdm.ui.components.number_table import mean_size, number_table, written
from sdm.ui.components.page_frame import empty, problem
from sdm.ui.predict.request import NOT_COUNTED, PredictionQuery, prediction_of, selected_answer
from sdm.ui.state import LINK, Key

MOST_K = 60
PLAINLY = {
    "top-k": "always as many",
    "threshold": "all of at least this probability",
    SPECIES_THRESHOLDS: "each of at least its own",
    "richness": "as many as the probabilities add up to",
    "expected-f1": "highest expected F1, by means",
    "exact-f1": "highest expected F1, exactly",
    "simulated-f1": "highest expected F1, by random draws",
}
NO_SET = {
    TargetKind.MULTICLASS: (
        "One class, no set",
        "This model predicts one class, so there is no number to choose.",
    ),
    TargetKind.REGRESSION: ("A number, no set", "This model gives one value: there is nothing to count."),
}
FINISHED = ("A finished set", "This file says which species, not how probable each is: nothing is left to choose.")


@dataclass(frozen=True)
class Bench:
    """One model on one survey: its probabilities, the columns recorded (None: unknown), its decoders.

    `data` has the records its stored predictions are compared with; None where records do not count.
    """

    data: Dataset | None
    run: Run
    probabilities: np.ndarray
    truth: np.ndarray | None
    decoders: Sequence[Decoder]
    chosen: Decoder


def show(query: PredictionQuery) -> None:
    """The curve on the left, everything side by side on the right."""
    answer = selected_answer(query)
    run = answer.run
    reason = FINISHED if not run.card.ranks else NO_SET.get(run.card.kind)
    if reason is not None:
        empty(*reason)
        return
    prediction = prediction_of(answer, query.survey)
    if prediction is None:
        return
    try:
        _bench(_bench_of(query, run, prediction.probabilities))
    except SdmError as error:
        problem("The decoders cannot be compared", error)


def _bench_of(query: PredictionQuery, run: Run, probabilities: np.ndarray) -> Bench:
    truth, chosen = query.truth(run), decoder_of(run.card, query.decoder)
    data = query.data if query.same_data else None
    own = own_decoders(run.card, None) if data is None else predictions.decoders(data, run)
    decoders = own if str(chosen) in map(str, own) else [*own, chosen]
    recorded = truth if truth is not None and len(truth) else None
    return Bench(data, run, probabilities, recorded, decoders, chosen)


def _bench(bench: Bench) -> None:
    left, right = st.columns([1.1, 1], gap="large")
    with left:
        answer = st.container()
        own = _sliders()
    at = stops(bench.probabilities, bench.truth, [*bench.decoders, *own])
    at["role"] = [_role(bench, i, name) for i, name in enumerate(at["decoder"])]
    points = curve(bench.probabilities, bench.truth)
    with answer:
        st.html(_answer(at, points) + markup.fine(_stored_decoder(bench.run)))
    with left:
        show_figure(set_size(points, at), "figure_sets", f"{bench.run.name}-set-size")
    with right:
        _table(bench, at, _split(bench))


def _role(bench: Bench, place: int, name: str) -> str:
    if place >= len(bench.decoders):
        return "own"
    return "chosen" if name == str(bench.chosen) else "other"


def _sliders() -> list[Decoder]:
    """The two decoders set by hand."""
    sides = st.columns(2, gap="medium")
    k = sides[0].slider("Try your own k", 1, MOST_K, 25, key=Key.OWN_K, bind=LINK)
    least = sides[1].slider(
        "Try your own threshold", LEVELS[0], LEVELS[-1], 0.2, 0.02, key=Key.OWN_THRESHOLD, bind=LINK
    )
    level = nearest_level(least)  # a link may hold a value between the slider's steps
    return [parse_decoder(f"top-k:{k}"), parse_decoder(f"threshold:{level:g}")]


def _split(bench: Bench) -> str | None:
    """The surveys at which decoders are compared; None where the species of none are known."""
    known = [] if bench.data is None else predictions.splits(bench.data, bench.run)
    if not known:
        empty("No survey to compare at", "This run has no stored predictions that records here can judge.")
        return None
    titles = {split: literal(short_split(split)) for split in known}
    first = next((split for split in known if split != VALIDATION), known[0])
    return linked.segmented_control("Mean F1 over the surveys of", titles, Key.EVALUATED_ON, first)


def _answer(at: pd.DataFrame, points: pd.DataFrame) -> str:
    """What the decoder in use does here, and what the best size would have been."""
    chosen = at[at["role"] == "chosen"].iloc[0]
    line = f"<b>{chosen['size']} species</b> by {markup.text(chosen['decoder'])}: "
    if "f1" not in points:
        return f"<p class='answer'>{line}expected F1 <b>{fixed(chosen['expected_f1'], 2)}</b>.</p>"
    best = points.iloc[int(points["f1"].to_numpy().argmax())]
    return (
        f"<p class='answer'>{line}F1 <b>{fixed(chosen['f1'], 2)}</b>. Knowing what grows here, the best cut of "
        f"this ranking would be <b>{int(best['k'])}</b>: F1 <b>{fixed(best['f1'], 2)}</b>.</p>"
    )


def _table(bench: Bench, at: pd.DataFrame, split: str | None) -> None:
    table = _numbers(bench, at, split)
    over = []
    if bench.data is not None and split is not None:
        surveys = counted(len(predictions.labelled(bench.data, bench.run, split)), "survey")
        over = [(f"{surveys}, {short_split(split)}", 2)]
    heads = ["Decoder", "species", "F1", *(["mean F1", "species"] if split else [])]
    groups = [("", 1), ("this survey", 2), *over]
    rows = [_row(row, bench, split) for row in table.to_dict("records")]
    with st.container(key="sets_table"):
        st.html(number_table("Decoders side by side", groups, heads, rows))
        if "mean_size" in table and table["mean_size"].isna().any():
            st.html(markup.fine(NOT_COUNTED))
    plain = table.drop(columns="score", errors="ignore")
    download("Save as CSV", lambda: plain, f"{bench.run.name}-decoders", "save_sets")


def _numbers(bench: Bench, at: pd.DataFrame, split: str | None) -> pd.DataFrame:
    """Those set by hand, then the decoders by their F1 on the split: `at` with score, mean_f1 and mean_size."""
    if bench.data is None or split is None:
        return at.sort_values("role", key=lambda role: role != "own", kind="stable", ignore_index=True)
    cuts = predictions.set_size_scores(bench.data, bench.run, split)
    scores = [predictions.decoder_score(bench.data, bench.run, split, decoder) for decoder in bench.decoders]
    return with_scores(at, [*scores, *(score_of_cut(cuts, name) for name in at["decoder"][len(scores) :])])


def _row(row: dict[Hashable, Any], bench: Bench, split: str | None) -> list[str]:
    cells = [f"{row['decoder']}\n{_remark(row, bench, split)}", str(row["size"])]
    cells.append(fixed(row["f1"], 2) if "f1" in row else "")
    return cells if split is None else [*cells, written(row["score"]), mean_size(row["mean_size"])]


def _remark(row: dict[Hashable, Any], bench: Bench, split: str | None) -> str:
    """What a decoder does, and what is worth knowing of it."""
    name, run = str(row["decoder"]), bench.run
    if row["role"] == "own":
        return "yours"
    remarks = [PLAINLY[name.partition(":")[0]]]
    if name == run.card.decoder:
        remarks.append("stored with this run")
    elif row["role"] == "chosen":
        remarks.append("chosen above")
    if name == SPECIES_THRESHOLDS and split == VALIDATION:
        remarks.append("fitted on these very surveys")
    return "\n".join(remarks)


def _stored_decoder(run: Run) -> str:
    """Which decoder reads the run, and how it was chosen."""
    own = str(decoder_of(run.card))
    if VALIDATION not in run.splits():
        return f"This run is decoded by {own}, the default: it has no validation surveys to choose on."
    return f"This run stores {own}, chosen on validation surveys alone, never on test surveys."
