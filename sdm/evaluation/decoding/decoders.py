"""The decoders by name.

`top-k:25` takes the 25 most probable, `threshold:0.2` all of at least 0.2, `expected-f1` the set size of highest
expected F1. No set is empty: the most probable species is always in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from sdm.errors import RunError, UnknownNameError
from sdm.evaluation.decoding.contract import Block, Decoder, Select
from sdm.evaluation.decoding.expected import exact, plug_in, ranked, simulated
from sdm.runs.top_classes import most_probable

MOST_DRAWS = 10_000
SPECIES_THRESHOLDS = "species-thresholds"
TOP_CLASS, USUAL = "top-k:1", "top-k:25"  # where nothing could be chosen: for classes, for sets of species

Expectation = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class DecoderSpec:
    """One kind of decoder: `make(argument, thresholds)` gives what selects; ValueError for a bad argument.

    `thresholds` (S,) are those of a run, None where there are none.
    """

    name: str
    grammar: str
    description: str
    make: Callable[[str, np.ndarray | None], Select]


def parse_decoder(text: str, thresholds: np.ndarray | None = None) -> Decoder:
    """The decoder `text` names; UnknownNameError shows the grammar, RunError asks for `thresholds` it needs."""
    name, _, argument = text.strip().partition(":")
    if name not in DECODERS:
        raise _unknown(text)
    try:
        return Decoder(text.strip(), DECODERS[name].make(argument, thresholds))
    except ValueError:
        raise _unknown(text) from None


def _unknown(text: str) -> UnknownNameError:
    grammar = ", ".join(spec.grammar for spec in DECODERS.values())
    return UnknownNameError("unknown decoder", expected=grammar, got=text)


def _top_k(argument: str, _: np.ndarray | None) -> Select:
    k = int(argument)
    if k < 1:
        raise ValueError(argument)
    return lambda block: _mark(block.probability, most_probable(block.probability, k))


def _threshold(argument: str, _: np.ndarray | None) -> Select:
    least = float(argument)
    if not (math.isfinite(least) and 0 < least < 1):
        raise ValueError(argument)
    return lambda block: _at_least(block, np.float32(least))


def _species_thresholds(argument: str, thresholds: np.ndarray | None) -> Select:
    if argument:
        raise ValueError(argument)
    if thresholds is None:
        raise RunError(
            "no threshold per species is fitted", expected="a run that decodes by them",
            remedy="python -m sdm decode RUN --store",
        )  # fmt: skip
    least = np.asarray(thresholds, np.float32)
    return lambda block: _at_least(block, least if block.species is None else least[block.species])


def _at_least(block: Block, least: np.ndarray | np.float32) -> np.ndarray:
    best = _mark(block.probability, block.probability.argmax(axis=1)[:, None])
    taken: np.ndarray = best | (block.probability >= least)
    return taken


def _fixed(select: Select) -> Callable[[str, np.ndarray | None], Select]:
    """What makes a decoder that takes no argument."""

    def make(argument: str, _: np.ndarray | None) -> Select:
        if argument:
            raise ValueError(argument)
        return select

    return make


def _richness(block: Block) -> np.ndarray:
    expected = block.probability.sum(axis=1, dtype=np.float64) + block.elsewhere
    size = np.rint(expected).astype(np.int64).clip(1, block.probability.shape[1])
    return _first(block.probability, most_probable(block.probability, int(size.max(initial=1))), size)


def _simulated_f1(argument: str, _: np.ndarray | None) -> Select:
    draws = int(argument)
    if not 1 <= draws <= MOST_DRAWS:
        raise ValueError(argument)
    return _best_size(partial(simulated, draws=draws))


def _best_size(expectation: Expectation) -> Select:
    """Takes as many of the most probable species as `expectation` likes best, at most LARGEST_SET."""

    def select(block: Block) -> np.ndarray:
        columns, head, rest = ranked(block.probability, block.elsewhere)
        return _first(block.probability, columns, 1 + expectation(head, rest).argmax(axis=1))

    return select


def _first(like: np.ndarray, columns: np.ndarray, size: np.ndarray) -> np.ndarray:
    """bool, shape of `like` (n, c): the first `size` (n,) of the `columns` (n, k) of each row."""
    result = np.zeros(like.shape, bool)
    np.put_along_axis(result, columns, np.arange(columns.shape[1]) < size[:, None], axis=1)
    return result


def _mark(like: np.ndarray, columns: np.ndarray) -> np.ndarray:
    result = np.zeros(like.shape, bool)
    np.put_along_axis(result, columns, True, axis=1)
    return result


_SPECS = (
    DecoderSpec("top-k", "top-k:25", "the k most probable species", _top_k),
    DecoderSpec("threshold", "threshold:0.2", "every species of at least this probability", _threshold),
    DecoderSpec(SPECIES_THRESHOLDS, SPECIES_THRESHOLDS, "every species of at least the probability that suits it",
                _species_thresholds),
    DecoderSpec("richness", "richness", "per survey as many as are expected, Σp rounded", _fixed(_richness)),
    DecoderSpec("expected-f1", "expected-f1",
                "per survey the k that maximises 2 Σp / (k + Σ p of all), p sorted and summed to k",
                _fixed(_best_size(plug_in))),
    DecoderSpec("exact-f1", "exact-f1", "per survey the k of highest expected F1, species being independent",
                _fixed(_best_size(exact))),
    DecoderSpec("simulated-f1", "simulated-f1:200", "the same by so many random draws", _simulated_f1),
)  # fmt: skip
DECODERS: Mapping[str, DecoderSpec] = MappingProxyType({spec.name: spec for spec in _SPECS})
