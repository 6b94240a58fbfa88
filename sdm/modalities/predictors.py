"""Predictors of a data set's own: one number or class code per column of a table, whatever the columns are.

Such a modality is known by its name alone, so that a run and a store need to hold nothing else: numbers first,
class codes after two dashes.

    predictors-bcc-ddeg--calc       two numbers and one class code, shape (3,)
    predictors-c1to40--k1to2        forty numbers and two codes whose names would be too long

Units are not known: a table does not tell them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from sdm.modalities.modality import Fact, Modality
from sdm.modalities.raster_bands import family_of

PREDICTORS = "predictors"
LONGEST_NAME, LONGEST_COLUMN, MOST_COLUMNS = 160, 24, 1024  # a name is that of a file, too
_COLUMN = f"[A-Za-z][A-Za-z0-9]{{0,{LONGEST_COLUMN - 1}}}"
_NAME = re.compile(rf"{PREDICTORS}((?:-{_COLUMN})*)(?:-((?:-{_COLUMN})+))?")
_RUN = re.compile(r"([ck])1to([1-9][0-9]{0,3})")


def predictor_label(column: str) -> str:
    """The name of a column, fit for a modality's name.

    >>> predictor_label("wc2.1_bio_1"), predictor_label("1st"), predictor_label("°")
    ('wc21bio1', 'x1st', 'x')
    """
    text = re.sub(r"[^A-Za-z0-9]", "", column)
    return (text if text[:1].isalpha() else f"x{text}")[:LONGEST_COLUMN]


def predictors_name(numbers: Sequence[str], codes: Sequence[str] = ()) -> str:
    """The name of the modality of columns of numbers, then of class codes; numbered where it would be too long.

    >>> predictors_name(["bcc", "d_deg"], ["calc"]), predictors_name(["a", "a."])
    ('predictors-bcc-ddeg--calc', 'predictors-c1to2')
    """
    labels = [predictor_label(column) for column in (*numbers, *codes)]
    plain = "-".join([PREDICTORS, *labels[: len(numbers)]])
    coded = "-".join(["", "", *labels[len(numbers) :]]) if codes else ""
    clear = len(set(labels)) == len(labels) and not any(map(_RUN.fullmatch, labels))
    if clear and len(plain + coded) <= LONGEST_NAME:
        return plain + coded
    return "".join([PREDICTORS, f"-c1to{len(numbers)}" if numbers else "", f"--k1to{len(codes)}" if codes else ""])


def is_predictors(name: str) -> bool:
    """Whether `name` is that of a data set's own predictors.

    >>> is_predictors("predictors-bcc--calc"), is_predictors("pixel-B2"), is_predictors("predictors")
    (True, False, False)
    """
    match = _NAME.fullmatch(name)
    return match is not None and bool(match[1] or match[2])


def input_family(name: str) -> str | None:
    """What kind of input whose columns or bands the data set decides `name` is; None for any other modality.

    >>> input_family("predictors-bcc"), input_family("pixel-B2"), input_family("patch")
    ('predictors', 'pixel', None)
    """
    return PREDICTORS if is_predictors(name) else family_of(name)


@cache
def predictors_modality(name: str) -> Modality:
    """The modality of that name; KeyError where the name is not of this kind.

    >>> predictors_modality("predictors-bcc-ddeg--calc").coded
    (False, False, True)
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise KeyError(name)
    numbers, codes = _columns(match[1] or ""), _columns(match[2] or "")
    columns = (*numbers, *codes)
    if not columns or len(set(columns)) < len(columns) or len(columns) > MOST_COLUMNS:
        raise KeyError(name)
    count = f"{len(columns)} column{'s' * (len(columns) > 1)}"
    coded = (False,) * len(numbers) + (True,) * len(codes)
    return Modality(
        name=name, title=f"Predictors, {count}", phrase="the predictors",
        meaning=f"{count} of the data set's own tables, {len(codes)} of them class codes",
        shape=(len(columns),), axes=("predictor",), channels=columns, channel_titles=columns,
        units=tuple("class code" if code else "" for code in coded), scale=(1.0,) * len(columns),
        offset=(0.0,) * len(columns), dtype="float32", nodata=None, source="tables of occurrences of your own",
        layouts=(), colour="orange", order=14, coded=coded, preparations=("standardise-numbers", "standardise"),
        encoders=("mlp",), view=PREDICTORS, summary=lambda values: _facts(columns, coded, values),
        features=lambda values: values[:, : len(numbers)] if numbers else values,
    )  # fmt: skip


def _facts(columns: Sequence[str], coded: Sequence[bool], values: np.ndarray) -> tuple[Fact, ...]:
    """Each predictor of one site."""
    return tuple(
        Fact(column, float(value) if np.isfinite(value) else None, "(class code)" if code else "")
        for column, code, value in zip(columns, coded, values, strict=True)
    )


def _columns(text: str) -> tuple[str, ...]:
    """The columns that `text` names, of which `c1to3` names three."""
    columns: list[str] = []
    for word in text.split("-"):
        run = _RUN.fullmatch(word)
        columns += [f"{run[1]}{i}" for i in range(1, int(run[2]) + 1)] if run else [word]
    return tuple(filter(None, columns))
