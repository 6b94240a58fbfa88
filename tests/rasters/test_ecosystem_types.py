"""Codes of ecosystem types: every spelling is one class, what is none is reported, the table is whole."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdm.errors import UnknownNameError
from sdm.rasters.ecosystem_types import (
    HIERARCHY,
    PROBLEMS,
    class_table,
    ecosystem_type,
    known_codes,
    level_title,
    parse_code,
    parse_codes,
)

SPELLINGS = (
    "T4-C-5", "t4-c-5", "T4-C5", "T4C5", "t4c5", "NA T4-C-5", "NA-T4-C-5", "NA_T4-C-5", " T4 - C - 5 ", "T4–C–5",
    "T4‑C‑5", "T04-C-05", "T4_C_5", "T4.C.5", "Ｔ4-C-5", "T4-C-5/T4-C-5", "T4-C-5;",
)  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_is_one_class(text: str) -> None:
    assert parse_code(text).code == "T4-C-5"


@pytest.mark.parametrize(
    ("problem", "texts"),
    [
        ("blank", (None, np.nan, pd.NA, "", "  ", "nan", "-", "NA", "?")),
        ("mixed", ("T4-C-5/T4-C-9", "T4-C-5, V1-C-1", "T4-C-5 + V1", "T4/V1", "T4C5T4C9", "T4-C-1 og T4-C-2")),
        ("incomplete", ("T4", "V1", "NA T31")),
        ("unknown", ("T46-C-1", "T4-C-21", "T4-C-0", "T0-C-1", "M1-C-1", "heath", "T4-C-5x", "12", "T4-C-512")),
    ],
)  # fmt: skip
def test_what_is_no_class_is_said(problem: str, texts: tuple[object, ...]) -> None:
    assert {str(text): parse_code(text).problem for text in texts} == {str(text): problem for text in texts}
    assert problem in PROBLEMS


def test_codes_of_a_column() -> None:
    values = pd.Series(["T4-C-5", None, "t4c5", pd.NA, "V1-C-1/V1-C-2"], index=[3, 1, 4, 1, 5])
    parsed = parse_codes(values)
    assert parsed["code"].tolist() == ["T4-C-5", "", "T4-C-5", "", ""]
    assert parsed["problem"].tolist() == ["", "blank", "", "blank", "mixed"]
    assert parsed.index.equals(values.index)


def test_the_table_is_whole() -> None:
    codes = known_codes()
    assert len(codes) == 277
    main_types = {code.split("-")[0] for code in codes}
    assert main_types == {f"T{i}" for i in range(1, 46)} | {f"V{i}" for i in range(1, 14)}
    types = [ecosystem_type(code) for code in codes]
    assert len({each.class_id for each in types}) == len(types)
    assert all(each.title and re.fullmatch("A?B?C?D?E?F?G?H?I?", each.lime) for each in types)
    assert all(level_title(name) != name for name in main_types | {"T", "V"})


def test_class_table() -> None:
    classes = class_table(["V1-C-1", "T31-C-2", "T4-C-5", "T4-C-5", "T4-E-1"])
    assert classes["name"].tolist() == ["T4-C-5", "T4-E-1", "T31-C-2", "V1-C-1"]
    assert classes["main_type"].tolist() == ["T4", "T4", "T31", "V1"]
    assert set(HIERARCHY) < set(classes) and classes["class_id"].is_monotonic_increasing
    assert class_table([]).empty


@given(st.lists(st.sampled_from(known_codes()), min_size=1, max_size=20))
def test_numbers_of_classes_do_not_depend_on_the_others(codes: list[str]) -> None:
    classes = class_table(codes).set_index("name")["class_id"]
    assert all(classes[code] == class_table([code])["class_id"][0] for code in codes)


@given(st.text(max_size=12))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    parsed = parse_code(text)
    assert bool(parsed.code) != bool(parsed.problem)
    assert not parsed.code or parse_code(parsed.code) == parsed


def test_unknown() -> None:
    with pytest.raises(UnknownNameError, match="T4-C-5"):
        ecosystem_type("T99-C-1")
