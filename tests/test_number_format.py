"""Numbers for people: one way of writing them, on every page and figure."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import numpy as np
import pytest

from sdm.number_format import (
    GAP,
    compact,
    counted,
    duration,
    fixed,
    number,
    percent,
    percent_of,
    share_of,
    signed,
    whole,
)

ROOT = Path(__file__).resolve().parents[1]
SHOWN = sorted([*ROOT.glob("sdm/ui/**/*.py"), *ROOT.glob("sdm/figures/**/*.py"), *ROOT.glob("pages/*.py")])
D3_SHARE = re.compile(r"(?:\}|format=|:)[\"']?\.\d%|%\{[^}]*%\}")  # no gap before the sign
OF_ITS_OWN = re.compile(r"[,%f]")  # thousands, shares, fixed decimals
SPELT_OUT = re.compile(
    r"\{[^{}]*(?:len|count|number|missing|epochs)[^{}]*\} "
    r"(?:epochs|surveys|runs|rows|pairs|points|cells|models|members|quarters|countries|classes|values)"
)


@pytest.mark.parametrize("write", [number, whole, fixed, signed, percent, duration])
def test_what_is_unknown_is_a_dash(write):
    assert write(float("nan")) == "–"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.075399995, "0.0754"), (np.float32(0.0754), "0.0754"), (2792, "2,792"), (-1234.5, "−1,234")],
)
def test_numbers_have_sensible_digits_and_one_separator(value, text):
    assert number(value) == text


def test_counts_up_to_six_digits_have_their_separator_too():
    assert (whole(6988), whole(99_999), counted(6988, "hit")) == ("6,988", "99,999", "6,988 hits")


@pytest.mark.parametrize(
    ("noun", "one", "two"),
    [
        ("epoch", "1 epoch", "2 epochs"),
        ("country", "1 country", "2 countries"),
        ("survey", "1 survey", "2 surveys"),
        ("species", "1 species", "2 species"),
        ("patch", "1 patch", "2 patches"),
        ("class", "1 class", "2 classes"),
    ],
)
def test_a_count_goes_with_its_noun(noun, one, two):
    assert (counted(1, noun), counted(2, noun)) == (one, two)
    assert counted(0, noun).startswith("0 ") and counted(0, noun)[2:] == two[2:]


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.43, "43"),
        (0.097, "9.7"),
        (0.9, "90"),
        (0.0004, "< 0.1"),
        (0.0, "0"),
        (1.0, "100"),
        (0.996, "99.6"),
        (0.9996, "> 99.9"),
        (0.9994, "> 99.9"),
    ],
)
def test_shares_have_a_thin_gap_before_the_sign(share, text):
    assert percent(share) == f"{text}{GAP}%"


def test_only_nothing_is_none_and_only_everything_is_all():
    ends = [percent(share, decimals) for decimals in (0, 1, 2) for share in (1e-9, 1 - 1e-9)]
    assert [text.removesuffix(f"{GAP}%") for text in ends] == [
        "< 1",
        "> 99",
        "< 0.1",
        "> 99.9",
        "< 0.01",
        "> 99.99",
    ]
    assert (percent(0, 1), percent(1, 1)) == (f"0.0{GAP}%", f"100.0{GAP}%")


def test_a_share_of_nothing_is_a_dash():
    assert (percent_of(0, 0), percent_of(3, 0), percent_of(0, 3)) == ("–", "–", f"0{GAP}%")
    assert np.isnan(share_of(0, 0)) and share_of(1, 4) == 0.25


def test_a_share_of_a_table_has_the_decimals_of_its_column():
    assert percent(0.5, 2) == f"50.00{GAP}%"


def test_large_counts_are_shortened_with_a_unit():
    assert (compact(999), compact(1000), compact(6_280_000)) == ("999", "1 k", "6.28 M")


def _formats(path: Path) -> list[str]:
    """The places where a module writes a number for the screen by a format of its own."""
    found = []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for text in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
        words = "".join(str(part.value) for part in text.values if isinstance(part, ast.Constant))
        own = [part.format_spec for part in text.values if isinstance(part, ast.FormattedValue)]
        specs = [ast.unparse(spec) for spec in own if spec is not None]
        if "style=" not in words and any(OF_ITS_OWN.search(spec.strip("f'\"")) for spec in specs):
            found.append(f"{path.relative_to(ROOT)}:{text.lineno}")
    return found


def test_no_page_and_no_figure_formats_numbers_by_itself():
    assert [place for path in SHOWN for place in _formats(path)] == []


def test_no_share_is_left_to_the_formats_of_the_browser():
    texts = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in SHOWN}
    assert [f"{path}: {found}" for path, text in texts.items() for found in D3_SHARE.findall(text)] == []


def test_no_count_on_a_page_or_a_figure_has_its_plural_spelt_out():
    texts = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in SHOWN}
    assert [f"{path}: {match.group()}" for path, text in texts.items() for match in SPELT_OUT.finditer(text)] == []
