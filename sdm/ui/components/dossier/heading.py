"""Which survey it is, how it stands to the place asked for, and the way to the next one or to two side by side."""

from __future__ import annotations

import streamlit as st

from sdm.data.dataset import Dataset
from sdm.data.record_types import SURVEY
from sdm.data.site_words import Words, item_of, words_of
from sdm.data.splits import split_title
from sdm.data.survey import Dossier
from sdm.data.survey_filter import SurveyFilter
from sdm.data.survey_keys import Location
from sdm.data.survey_order import Nearness
from sdm.figures.markdown import literal
from sdm.geo.coordinates import coordinates
from sdm.geo.distance import FAR_KM
from sdm.maps.place_names import describe
from sdm.number_format import fixed, whole
from sdm.ui.components import location, pinned_survey
from sdm.ui.components.markup import chips, ordinal

TABLE_ORDER = "as in the table, of the surveys that pass the filters"
DISTANCE_ORDER = "by distance from the place you asked for, of the surveys that pass the filters"


def header(
    dossier: Dossier,
    choice: Location,
    near: Nearness | None = None,
    pictured: bool = False,
    pinned: bool = False,
    scheme: str = "block",
) -> None:
    """Which survey, where, when; and how far it is from the place asked for, `pictured` of those with a patch."""
    st.subheader(literal(_place(dossier)), anchor=False)
    labels = [
        (
            "simulated on the spot"
            if choice.year is not None
            else f"{item_of(dossier.values)} {dossier.survey_id}",
            "strong",
        )
    ]
    if pinned:
        labels.insert(0, ("pinned", "warn"))
    labels += [(str(value), "plain") for value in (dossier.country, dossier.year) if value is not None]
    if choice.year is None:
        split = dossier.split.get(scheme) or next(iter(dossier.split.values()), "")
        labels += [(split_title(split), "plain"), (dossier.source, "plain")]
    if dossier.lon is not None and dossier.lat is not None:
        labels.append((coordinates(dossier.lon, dossier.lat), "plain"))
    st.html(chips(labels))
    if choice.km > 0:
        _distance(choice.km, Words(item_of(dossier.values))(_standing(near, pictured)))


def _place(dossier: Dossier) -> str:
    """The place by its nearest town; where none is near, by the name of the site."""
    words = describe(dossier.lon, dossier.lat)
    if dossier.lon is None or dossier.lat is None or words != coordinates(dossier.lon, dossier.lat):
        return words
    return dossier.source


def _distance(km: float, standing: str) -> None:
    away = f"{fixed(km, 1)} km" if km >= 1 else f"{whole(1000 * km)} m"
    if km > FAR_KM:
        st.warning(
            f"{standing} is {whole(km)} km from where you asked: it tells of another place.",
            icon=":material/wrong_location:",
        )
    else:
        st.caption(f"{standing}, {away} from where you asked.")


def _standing(near: Nearness | None, pictured: bool) -> str:
    """The survey by its rank among those of its type that are shown."""
    record = SURVEY if near is None else near.record
    if near is None or near.rank is None:
        return f"This {record}"
    of = f"{record} with a satellite picture" if pictured else record
    return f"The nearest {of}" if near.rank == 0 else f"The {ordinal(near.rank + 1)} nearest {of}"


def other_types(data: Dataset, near: Nearness) -> None:
    """The nearest site of each other record type, with its distance, and the way to it."""
    for other in near.others:
        st.button(
            f"Nearest {other.record}: {fixed(other.km, 1)} km", key=f"other_{other.record}", type="tertiary",
            icon=":material/arrow_forward:", on_click=location.open_near_place, args=(data, other.row),
            help="Open it. Both distances are from the place you asked for.",
        )  # fmt: skip


def tools(data: Dataset, selection: SurveyFilter, choice: Location, ending: str, pinned: Location | None) -> None:
    """The survey before and after, a close look on the map, and a second survey beside it.

    `ending` is of the side: the buttons act on the survey of that side; of the one looked at, keys step too.
    """
    side, words = whole(location.footprint_m(data, choice.row)), words_of(data)
    with st.container(horizontal=True, gap="xsmall", key=f"tools{ending}"):
        if choice.row is not None:
            _steps(data, selection, choice, ending)
        st.button(
            "Footprint", icon=":material/crop_free:", on_click=location.close_up, args=(data, choice),
            key=f"footprint{ending}", help=f"The {side} m that are seen of it, on the map.",
        )  # fmt: skip
        if ending or (pinned is not None and pinned.is_survey_of(choice)):
            st.button(
                "Unpin", icon=":material/close:", on_click=pinned_survey.unpin, key="unpin",
                help=words("Show one survey again."),
            )  # fmt: skip
        elif pinned is None:
            st.button(
                "Pin", icon=":material/push_pin:", on_click=pinned_survey.pin, args=(choice.key(data),), key="pin",
                help=words("Pin this survey to compare it with another place that you click."),
            )  # fmt: skip


def _steps(data: Dataset, selection: SurveyFilter, choice: Location, ending: str) -> None:
    move = pinned_survey.step_pinned if ending else location.step
    order = words_of(data)(DISTANCE_ORDER if choice.km > 0 else TABLE_ORDER)
    steps = (("Previous", -1, "p", "chevron_left"), ("Next", 1, "n", "chevron_right"))
    for label, by, letter, icon in steps:
        st.button(
            label, key=f"step_{label}{ending}", icon=f":material/{icon}:", shortcut=None if ending else letter,
            on_click=move, args=(data, selection, choice, by), help=f"{label} {order}.",
        )  # fmt: skip
