"""Decoders: what each takes, and the choice on validation surveys."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from sdm.decoding import DECODERS, THRESHOLDS, _threshold_f1, _top_k_f1, choose_decoder, parse_decoder
from sdm.errors import UnknownNameError
from sdm.metrics import METRICS, survey_f1

PROBABILITY = np.array([[0.1, 0.9, 0.5, 0.2], [0.01, 0.02, 0.03, 0.04]], np.float32)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("top-k:2", [[0, 1, 1, 0], [0, 0, 1, 1]]),
        ("top-k:9", [[1, 1, 1, 1], [1, 1, 1, 1]]),
        ("threshold:0.2", [[0, 1, 1, 1], [0, 0, 0, 1]]),
        ("expected-f1", [[0, 1, 1, 0], [0, 0, 0, 1]]),
    ],
)
def test_sets(text: str, expected: list[list[int]]) -> None:
    found = parse_decoder(text).decode(PROBABILITY)
    assert found.toarray().astype(int).tolist() == expected


@pytest.mark.parametrize("card", DECODERS.values(), ids=DECODERS)
def test_the_grammar_shown_is_understood_and_no_set_is_empty(card: object) -> None:
    decoder = parse_decoder(card.grammar)  # type: ignore[attr-defined]
    assert str(decoder) == card.grammar  # type: ignore[attr-defined]
    assert (np.diff(decoder.decode(np.zeros((600, 5), np.float32)).indptr) >= 1).all()


@pytest.mark.parametrize(
    "text", ["", "top", "top-k", "top-k:0", "top-k:x", "threshold:2", "threshold:nan", "expected-f1:3"]
)
def test_other_texts_show_the_grammar(text: str) -> None:
    with pytest.raises(UnknownNameError, match=r"threshold:0\.2"):
        parse_decoder(text)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 300), st.integers(1, 12), st.integers(0, 99))
def test_sweeps_equal_decoding_one_by_one(surveys: int, species: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    truth = csr_matrix(random.random((surveys, species)) < 0.3)
    probability = random.random((surveys, species)).astype(np.float32) ** 3
    swept = _threshold_f1(truth, probability, THRESHOLDS)
    for i in (0, 10, len(THRESHOLDS) - 1):
        one = survey_f1(truth, parse_decoder(f"threshold:{THRESHOLDS[i]}").decode(probability))
        assert swept[i] == pytest.approx(one.mean())
    for k, f1 in enumerate(_top_k_f1(truth, probability, 5), start=1):
        assert f1 == pytest.approx(survey_f1(truth, parse_decoder(f"top-k:{k}").decode(probability)).mean())


def test_chosen_is_the_best_tried() -> None:
    random = np.random.default_rng(0)
    true_probability = random.beta(0.3, 1, (400, 30)).astype(np.float32)
    truth = csr_matrix(random.random((400, 30)) < true_probability)
    decoder, f1 = choose_decoder(truth, true_probability)
    assert METRICS["samples-f1"].score(truth, decoder.decode(true_probability)).value == pytest.approx(f1)
    others = [METRICS["samples-f1"].score(truth, parse_decoder(t).decode(true_probability)).value
              for t in ("top-k:5", "threshold:0.3", "expected-f1")]  # fmt: skip
    assert f1 >= max(others) - 1e-9


def test_choice_without_any_presence() -> None:
    """All surveys empty: every F1 is 0 and the first decoder stands."""
    decoder, f1 = choose_decoder(csr_matrix((3, 4)), PROBABILITY[[0, 0, 1]])
    assert (str(decoder), f1) == ("top-k:1", 0)


def test_choice_without_any_survey_is_of_unknown_worth() -> None:
    assert np.isnan(choose_decoder(csr_matrix((0, 4)), PROBABILITY[:0])[1])
