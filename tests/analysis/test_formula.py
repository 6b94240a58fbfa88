"""Formulas: known answers, undefined stays undefined, nothing but the grammar is read."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.analysis.formula import LONGEST, FormulaError, parse

BANDS = ("red", "green", "blue", "nir")
PIXEL = {"red": 0.1, "green": 0.2, "blue": 0.05, "nir": 0.5}


def value(text: str, pixel: dict[str, float] = PIXEL) -> float:
    return float(parse(text, BANDS)({name: np.array([v]) for name, v in pixel.items()})[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(nir - red) / (nir + red)", 0.4 / 0.6),
        ("2.5 * (nir - red) / (nir + 6*red - 7.5*blue + 1)", 2.5 * 0.4 / (0.5 + 0.6 - 0.375 + 1)),
        ("-red ** 2", -0.01),
        ("nir ** -1", 2.0),
        ("2 ** 3 ** 2 * nir", 256.0),
        ("max(red, min(nir, green)) + abs(-blue)", 0.25),
        ("sqrt(exp(log(nir)) / 2)", 0.5),
        (" .5e1*red ", 0.5),
    ],
)
def test_known_answers(text: str, expected: float):
    assert value(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text", ["nir / (red - red)", "1 / (nir / 0)", "log(red - red)", "sqrt(-nir)", "9**9**9 * nir", "(nir/0) ** 0"]
)
def test_undefined_is_nan(text: str):
    assert math.isnan(value(text))


@pytest.mark.parametrize("text", ["nir ** 0", "max(nir, red)", "nir * 0", "red + nir"])
def test_a_missing_band_is_never_filled(text: str):
    assert math.isnan(value(text, {**PIXEL, "nir": math.nan}))


def test_only_bands_in_use_matter():
    assert value("red * 2", {**PIXEL, "nir": math.nan}) == pytest.approx(0.2)
    assert parse("nir - red + nir", BANDS).bands == ("nir", "red")


@pytest.mark.parametrize(
    ("text", "character", "marked"),
    [
        ("nir / rad", 7, "nir / »rad«"),
        ("nir // red", 5, "nir »/«/ red"),
        ("nir +", 6, "nir +»«"),
        ("(nir - red", 1, "»(«nir - red"),
        ("nir)", 4, "nir»)«"),
        ("nir red", 5, "nir »r«ed"),
        ("nir − red", 5, "nir »−« red"),
        ("red + min(nir)", 7, "red + »min(nir)«"),
        ("red + sin(nir)", 7, "red + »sin«(nir)"),
        ("red + (nir, red)", 7, "red + »(nir, red)«"),
        ("3 + 4", 1, "»3 + 4«"),
        ("1e999 * nir", 1, "»1e999« * nir"),
    ],
)
def test_errors_point_at_the_place(text: str, character: int, marked: str):
    with pytest.raises(FormulaError) as caught:
        parse(text, BANDS)
    assert caught.value.where == f"formula, character {character}"
    assert caught.value.got == marked


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')", "nir.__class__", "nir[0]", "lambda: nir", "[nir]", "red if 1 else nir",
        "nir := red", "f'{nir}'", "not nir", "nir and red", "nir < red", "True * nir", "1j * nir", "0x10 * nir",
        "1_0 * nir", "max(*nir)", "min(a=nir)", "await nir", "yield", "nir\n+ red", "nir ; red", "abs(nir)(red)",
        "(" * 60 + "nir" + ")" * 60, "-" * 120 + "nir", "1" * (LONGEST + 1), "", "  ", "\0", "é", "nir % red",
    ],
)  # fmt: skip
def test_nothing_but_the_grammar(text: str):
    with pytest.raises(FormulaError) as caught:
        parse(text, BANDS)
    assert "\n" not in str(caught.value)


@settings(deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="nirred+-*/().,0123456789 e", max_size=40))
def test_any_text_is_read_or_refused(text: str):
    try:
        formula = parse(text, BANDS)
    except FormulaError:
        return
    result = formula({name: np.array([v, 0.0, np.nan]) for name, v in PIXEL.items()})
    assert result.shape == (3,) and not np.isinf(result).any()


Expression = tuple[str, "float | None"]


def _binary(parts: tuple[str, Expression, Expression]) -> Expression:
    sign, (left_text, left), (right_text, right) = parts
    text = f"({left_text} {sign} {right_text})"
    if left is None or right is None or (sign == "/" and right == 0):
        return text, None
    steps = {"+": left + right, "-": left - right, "*": left * right, "/": left / right if right else 0.0}
    return text, steps[sign]


leaves = st.sampled_from([*PIXEL.items(), ("2", 2.0), ("0.5", 0.5), ("(red - red)", 0.0)])
expressions = st.recursive(
    leaves, lambda inner: st.tuples(st.sampled_from("+-*/"), inner, inner).map(_binary), max_leaves=6
)


@settings(deadline=None)
@given(expressions)
def test_equals_plain_arithmetic(expression: Expression):
    text, expected = expression
    result = value(f"{text} + red - red")
    assert math.isnan(result) if expected is None else result == pytest.approx(expected, rel=1e-9, abs=1e-9)
