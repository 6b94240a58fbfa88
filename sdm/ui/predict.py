"""What the models say of a survey, on the page."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from sdm.data.dataset import Dataset, TargetKind
from sdm.data.dossier import Dossier
from sdm.figures.patch import picture
from sdm.figures.ranking import ranking, samples_f1
from sdm.figures.style import number
from sdm.inference.service import Prediction
from sdm.runs import Run
from sdm.ui import markup, runs
from sdm.ui.guard import empty, problem
from sdm.ui.runs import Answer, blind, title
from sdm.ui.show import download
from sdm.ui.state import LINK, Key

KINDS = {
    "validated": "As validated",
    "top-k": "Top k",
    "threshold": "Threshold",
    "expected-f1": "Expected F1",
}
MOST_CLASSES = 10  # of a multiclass answer
MOST_ROWS, MOST_MORE = 25, 300  # of a ranking, and of what can be unfolded below it
TO_TRY = "landsat-cnn"  # the model trained fastest
GAP_BANNER = """
<p class="banner" role="alert"><b>Domain-gap demonstration.</b> These models have learnt from other data. What they
say here is no answer, so nothing is marked right or wrong.</p>
"""


@dataclass(frozen=True)
class Judgement:
    """How answers are read: the decoder asked for ("" for each run's own), and whether records may judge them."""

    decoder: str
    judged: bool


def survey_line(dossier: Dossier) -> None:
    """The survey in small: its picture beside its name."""
    array = dict(dossier.values).get("patch")
    if array is not None:
        small = picture(array)
        st.image(small.png, width=110, alt=small.alt)
    else:
        empty("No satellite picture", dossier.notes.get("patch", "not part of this data"))


def decoder_choice(kind: TargetKind) -> str:
    """The decoder in its grammar; "" for each run's own, chosen on validation surveys."""
    if kind is not TargetKind.MULTILABEL:
        return ""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            "From probabilities to species", list(KINDS), key=Key.DECODER, bind=LINK, default="validated",
            required=True, format_func=KINDS.__getitem__,
            help="As validated: what scored best on each model's validation surveys.",
        )  # fmt: skip
        if chosen == "top-k":
            return f"top-k:{st.slider('k species', 1, 60, 25, key=Key.TOP, bind=LINK, width=220)}"
        if chosen == "threshold":
            least = st.slider(
                "Probability at least", 0.02, 0.98, 0.2, 0.02, key=Key.THRESHOLD, bind=LINK, width=220
            )
            return f"threshold:{least:g}"
    return "expected-f1" if chosen == "expected-f1" else ""


def no_model(data: Dataset, reasons: dict[str, str]) -> None:
    """Why no model answers, and what to do."""
    st.subheader("No model is trained on this data", anchor=False)
    st.markdown("A model knows only the species and places it was trained on. Train one here:")
    place = shlex.quote(str(data.place or data.name))
    st.code(f"python -m sdm train {TO_TRY} --data {place}", language="bash")
    if reasons:
        with st.expander("Why the models at hand do not fit"):
            st.html("".join(f"<p class='lead'>{markup.text(reason)}</p>" for reason in reasons.values()))
    set_aside()


def set_aside() -> None:
    """Name the runs that cannot be asked, and say what to do."""
    aside = runs.set_aside()
    if aside.unfinished:
        empty("Not finished", f"{', '.join(aside.unfinished)}: the same training command goes on with them.")
    for damage in aside.broken:
        empty("A run that cannot be read", str(damage))


def answers(given: list[Answer], dossier: Dossier, judgement: Judgement) -> None:
    """One column per model."""
    for column, answer in zip(st.columns(len(given), gap="medium"), given, strict=True):
        with column:
            _answer(answer, dossier, judgement)


def _answer(answer: Answer, dossier: Dossier, judgement: Judgement) -> None:
    run = answer.run
    st.markdown(f"#### {title(run)}")
    lacking = blind(run, dossier)
    if lacking:
        empty(
            "This model is blind here", f"It sees only {' and '.join(lacking)}, which this survey does not have."
        )
        return
    if answer.problem is not None:
        problem("No answer", answer.problem)
    if answer.prediction is None:
        return
    labels = [(run.name, "plain"), (_origin(run, answer.prediction), "plain")]
    if judgement.judged and run.has_seen(dossier.source, dossier.survey_id):
        labels.append(("the model has seen this survey", "warn"))
    st.html(markup.chips(labels))
    SHOWN[run.card.kind](answer, answer.prediction.probabilities, dossier, judgement)


def _origin(run: Run, prediction: Prediction) -> str:
    """How long it took and where; of what is only recalled, what its probabilities mean."""
    if not run.card.predicts:
        return "stored prediction" if run.card.ranks else "stored prediction: 100 % means given"
    return f"{number(prediction.milliseconds, 2)} ms · {prediction.device}"


def _classes(answer: Answer) -> pd.DataFrame:
    card = answer.run.card
    return pd.DataFrame({"class_id": card.class_ids, "name": card.class_names})


def _truth(answer: Answer, dossier: Dossier, judgement: Judgement) -> np.ndarray | None:
    """Columns of the model that are recorded; None when they must not judge."""
    if not (judgement.judged and dossier.known):
        return None
    return np.flatnonzero(np.isin(answer.run.card.class_ids, [c.class_id for c in dossier.recorded]))


def _species(answer: Answer, probabilities: np.ndarray, dossier: Dossier, judgement: Judgement) -> None:
    decoder = answer.run.card.decoding(judgement.decoder)
    chosen = decoder.decode(probabilities[None]).indices
    truth = _truth(answer, dossier, judgement)
    table = ranking(probabilities, chosen, _classes(answer), truth)
    line = f"**{len(chosen)}** species by `{decoder}`"
    if truth is not None and len(truth):
        line += f" · F1 of this survey **{samples_f1(chosen, truth):.2f}**"
    st.markdown(line)
    st.html(markup.ranking(table[:MOST_ROWS], f"Species predicted by {answer.run.name}"))
    if len(table) > MOST_ROWS:
        with st.expander(f"{len(table) - MOST_ROWS} more"):
            st.html(markup.ranking(table[MOST_ROWS:MOST_MORE], "More species"))
    _save(answer, probabilities, dossier)


def _one_class(answer: Answer, probabilities: np.ndarray, dossier: Dossier, judgement: Judgement) -> None:
    chosen = np.argsort(-probabilities, kind="stable")[:1]
    truth = _truth(answer, dossier, judgement)
    table = ranking(probabilities, np.argsort(-probabilities)[:MOST_CLASSES], _classes(answer), truth)
    others = ~table["class_id"].isin(_classes(answer)["class_id"].to_numpy()[chosen])
    table.loc[others & (table["verdict"] == "false alarm"), "verdict"] = "predicted"
    st.html(markup.ranking(table, f"Classes predicted by {answer.run.name}"))
    _save(answer, probabilities, dossier)


def _value(answer: Answer, probabilities: np.ndarray, dossier: Dossier, judgement: Judgement) -> None:
    recorded = dossier.target if judgement.judged and dossier.known else None
    st.metric(
        "Predicted", f"{number(float(probabilities[0]))} {answer.run.card.unit}",
        delta=None if recorded is None else f"recorded {number(recorded)}", delta_color="off", delta_arrow="off",
    )  # fmt: skip


SHOWN = {TargetKind.MULTILABEL: _species, TargetKind.MULTICLASS: _one_class, TargetKind.REGRESSION: _value}


def _save(answer: Answer, probabilities: np.ndarray, dossier: Dossier) -> None:
    name = answer.run.name
    download(
        "All probabilities",
        lambda: _classes(answer).assign(probability=probabilities),
        f"survey-{dossier.survey_id}-{name}",
        f"save_{name}",
    )
