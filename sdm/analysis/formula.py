"""Band arithmetic a person may type, such as `(nir - red) / (nir + red)`: read safely, never executed as code.

formula    = sum                          numbers: 2, 0.5, 1e-3
sum        = product { (+ | -) product }   names:   those of the bands
product    = signed { (* | /) signed }     functions: abs, sqrt, exp, log, min(a, b), max(a, b)
signed     = (+ | -) signed | atom [ ** signed ]
atom       = number | name | function(sum, …) | ( sum )
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sdm.errors import SdmError

LONGEST = 200  # characters
DEEPEST = 50  # levels of nesting

Operation = Callable[..., np.ndarray]
BINARY: dict[type[ast.operator], Operation] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
UNARY: dict[type[ast.unaryop], Operation] = {ast.UAdd: np.positive, ast.USub: np.negative}
FUNCTIONS: dict[str, tuple[Operation, int]] = {
    "abs": (np.abs, 1),
    "sqrt": (np.sqrt, 1),
    "exp": (np.exp, 1),
    "log": (np.log, 1),
    "min": (np.minimum, 2),
    "max": (np.maximum, 2),
}
TOKEN = re.compile(
    r"(?P<space> +)|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![A-Za-z0-9_.]))"
    r"|(?P<name>[A-Za-z][A-Za-z0-9]*)|(?P<sign>\*\*|/(?!/)|[-+*(),])"
)


class FormulaError(SdmError):
    """A formula that cannot be read; `got` shows it with the faulty part between » and «."""


@dataclass(frozen=True)
class Formula:
    """A formula that was read: `text` as typed, `bands` it uses in order of first appearance."""

    text: str
    bands: tuple[str, ...]
    _tree: ast.expr = field(repr=False, compare=False)

    def __call__(self, values: Mapping[str, np.ndarray]) -> np.ndarray:
        """The formula's value for `values`, one array per band, all of one shape; float64 of that shape.

        NaN where a band in use is missing and wherever a step has no finite value, as in a division by zero.
        """
        inputs = {name: np.asarray(values[name], np.float64) for name in self.bands}
        with np.errstate(all="ignore"):
            result = _evaluate(self._tree, inputs)
        missing = np.any([np.isnan(band) for band in inputs.values()], axis=0)
        return np.where(missing, np.nan, result)


def parse(text: str, bands: Sequence[str]) -> Formula:
    """`text` as a formula over `bands`; FormulaError, pointing at the place, for anything but the grammar.

    >>> ndvi = parse("(nir - red) / (nir + red)", ("red", "nir"))
    >>> ndvi({"nir": np.array([0.4, 0.0]), "red": np.array([0.1, 0.0])}).round(3).tolist()
    [0.6, nan]
    >>> parse("nir / rad", ("red", "nir"))
    Traceback (most recent call last):
    sdm.analysis.formula.FormulaError: formula, character 7: unknown name; expected red, nir; got nir / »rad«
    """
    if len(text) > LONGEST:
        raise FormulaError("too long", where="formula", expected=f"at most {LONGEST} characters", got=len(text))
    text = text.strip()
    if not text:
        raise FormulaError("empty", where="formula", expected=f"bands such as {', '.join(bands)}")
    _check_tokens(text)
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as problem:
        start = problem.offset - 1 if problem.offset else len(text)  # 0: something is missing at the end
        raise _fault(text, start, start + 1, "cannot be read from here") from None
    used = list(dict.fromkeys(_check(tree, text, tuple(bands), 1)))
    if not used:
        raise _fault(text, 0, len(text), "uses no band", expected=", ".join(bands))
    return Formula(text, tuple(used), tree)


def _check_tokens(text: str) -> None:
    """Only numbers, names and signs of the grammar, so that what follows sees nothing else of Python."""
    place = depth = 0
    while place < len(text):
        token = TOKEN.match(text, place)
        if token is None:
            allowed = "numbers, band names and + - * / ** ( ) ,"
            raise _fault(text, place, place + 1, "not part of a formula", expected=allowed)
        depth += {"(": 1, ")": -1}.get(token.group(), 0)
        if depth > DEEPEST:
            raise _too_deep(text, place, token.end())
        place = token.end()


def _check(node: ast.expr, text: str, bands: tuple[str, ...], depth: int) -> list[str]:
    """The bands below `node`, which must be of the grammar."""
    start, end = node.col_offset, node.end_col_offset or len(text)
    if depth > DEEPEST:
        raise _too_deep(text, start, end)
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            if not np.isfinite(float(value)):
                raise _fault(text, start, end, "number too large")
            return []
        case ast.Name(id=name):
            if name not in bands:
                raise _fault(text, start, end, "unknown name", expected=", ".join(bands))
            return [name]
        case ast.UnaryOp(op=op, operand=operand) if type(op) in UNARY:
            return _check(operand, text, bands, depth + 1)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            return _check(left, text, bands, depth + 1) + _check(right, text, bands, depth + 1)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            _check_call(node.func.end_col_offset or end, name, len(arguments), text, start, end)
            return [band for part in arguments for band in _check(part, text, bands, depth + 1)]
    raise _fault(text, start, end, "not part of a formula")


def _check_call(name_end: int, name: str, count: int, text: str, start: int, end: int) -> None:
    if name not in FUNCTIONS:
        raise _fault(text, start, name_end, "unknown function", expected=", ".join(FUNCTIONS))
    if count != FUNCTIONS[name][1]:
        raise _fault(text, start, end, f"wrong number of values for {name}", expected=FUNCTIONS[name][1])


def _evaluate(node: ast.expr, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
    """The value of a node that `_check` has accepted."""
    match node:
        case ast.Constant(value=value):
            return np.asarray(value, np.float64)
        case ast.Name(id=name):
            return inputs[name]
        case ast.UnaryOp(op=op, operand=operand):
            operation, parts = UNARY[type(op)], [operand]
        case ast.BinOp(left=left, op=op, right=right):
            operation, parts = BINARY[type(op)], [left, right]
        case ast.Call(func=ast.Name(id=name), args=parts):
            operation = FUNCTIONS[name][0]
    values = [_evaluate(part, inputs) for part in parts]
    result = operation(*values)
    # Once undefined, always undefined: 1 / (1 / 0) is not 0, and NaN ** 0 is not 1.
    undefined = ~np.isfinite(result) | np.any(np.broadcast_arrays(*map(np.isnan, values)), axis=0)
    return np.where(undefined, np.nan, result)


def _too_deep(text: str, start: int, end: int) -> FormulaError:
    return _fault(text, start, end, "nested too deeply", expected=f"at most {DEEPEST} levels")


def _fault(text: str, start: int, end: int, what: str, expected: object = None) -> FormulaError:
    """An error that names the character, counted from 1, and marks the part."""
    marked = f"{text[:start]}»{text[start:end]}«{text[end:]}"
    return FormulaError(what, where=f"formula, character {start + 1}", expected=expected, got=marked)
