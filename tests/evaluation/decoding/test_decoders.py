"""Decoders: what each takes, and the choice on validation surveys."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from sdm.errors import RunError, UnknownNameError
from sdm.evaluation.decoding import (
    DECODERS,
    THRESHOLDS,
    DecoderSpec,
    best_common_threshold,
    best_top_k,
    choose_decoder,
    fit_thresholds,
    parse_decoder,
    threshold_f1,
    top_k_f1,
)
from sdm.evaluation.metrics import METRICS, survey_f1

PROBABILITY = np.array([[0.1, 0.9, 0.5, 0.2], [0.01, 0.02, 0.03, 0.04]], np.float32)
THRESHOLD = np.array([0.1, 0.2, 0.6, 0.3], np.float32)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("top-k:2", [[0, 1, 1, 0], [0, 0, 1, 1]]),
        ("top-k:9", [[1, 1, 1, 1], [1, 1, 1, 1]]),
        ("threshold:0.2", [[0, 1, 1, 1], [0, 0, 0, 1]]),
        ("expected-f1", [[0, 1, 1, 0], [0, 0, 0, 1]]),
        ("exact-f1", [[0, 1, 1, 0], [0, 0, 1, 1]]),
        ("simulated-f1:9000", [[0, 1, 1, 0], [0, 0, 1, 1]]),
        ("richness", [[0, 1, 1, 0], [0, 0, 0, 1]]),
        ("species-thresholds", [[1, 1, 0, 0], [0, 0, 0, 1]]),
    ],
)
def test_sets(text: str, expected: list[list[int]]) -> None:
    found = parse_decoder(text, THRESHOLD).decode(PROBABILITY)
    assert found.toarray().astype(int).tolist() == expected


@pytest.mark.parametrize("card", DECODERS.values(), ids=DECODERS)
def test_the_grammar_shown_is_understood_and_no_set_is_empty(card: object) -> None:
    decoder = parse_decoder(card.grammar, np.full(5, 0.5))  # type: ignore[attr-defined]
    assert str(decoder) == card.grammar  # type: ignore[attr-defined]
    assert (np.diff(decoder.decode(np.zeros((600, 5), np.float32)).indptr) >= 1).all()


@pytest.mark.parametrize(
    "text", ["", "top", "top-k", "top-k:0", "top-k:x", "threshold:2", "threshold:nan", "expected-f1:3",
             "exact-f1:3", "richness:2", "simulated-f1", "simulated-f1:0", "species-thresholds:1"]
)  # fmt: skip
def test_other_texts_show_the_grammar(text: str) -> None:
    with pytest.raises(UnknownNameError, match=r"threshold:0\.2"):
        parse_decoder(text)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 300), st.integers(1, 12), st.integers(0, 99))
def test_sweeps_equal_decoding_one_by_one(surveys: int, species: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    truth = csr_matrix(random.random((surveys, species)) < 0.3)
    probability = random.random((surveys, species)).astype(np.float32) ** 3
    swept = threshold_f1(truth, probability)
    for i in (0, 10, len(THRESHOLDS) - 1):
        one = survey_f1(truth, parse_decoder(f"threshold:{THRESHOLDS[i]}").decode(probability))
        assert swept[i] == pytest.approx(one.mean())
    for k, f1 in enumerate(top_k_f1(truth, probability, 5), start=1):
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


def test_thresholds_per_species_must_be_there() -> None:
    with pytest.raises(RunError, match="decode RUN --store"):
        parse_decoder("species-thresholds")


@pytest.mark.parametrize("card", DECODERS.values(), ids=DECODERS)
def test_a_set_depends_on_its_own_survey_alone(card: DecoderSpec) -> None:
    """Decoded alone, among others, or from its likeliest species and the sum of the others."""
    random = np.random.default_rng(3)
    probability = (random.random((300, 40)) ** 4).astype(np.float32)
    decoder = parse_decoder(card.grammar, random.random(40))
    together = decoder.decode(probability).toarray()
    assert (decoder.decode(probability[[280]]).toarray() == together[[280]]).all()
    order = np.argsort(-probability, axis=1, kind="stable")
    top = order[:, :35]
    rest = np.take_along_axis(probability, order[:, 35:], axis=1).sum(axis=1)
    of_tops = decoder.decode(np.take_along_axis(probability, top, axis=1), rest, top).toarray()
    same = np.take_along_axis(together, top, axis=1) == of_tops
    # The further species are Poisson or at their mean to the decoders of expected F1: ties may fall otherwise.
    assert same.all(axis=1).mean() > 0.97 if card.name.endswith("-f1") else same.all()


def test_richness_is_the_expected_number_of_species() -> None:
    random = np.random.default_rng(0)
    probability = random.random((50, 30)).astype(np.float32)
    sizes = np.diff(parse_decoder("richness").decode(probability).indptr)
    assert (sizes == np.rint(probability.sum(axis=1, dtype=np.float64))).all()


def test_thresholds_of_common_species_are_their_own_and_of_rare_ones_the_common_one() -> None:
    """Species 0 is recorded from 0.5 on, species 1 from 0.1 on; species 2 never, species 3 once."""
    random = np.random.default_rng(0)
    probability = random.random((2000, 4)).astype(np.float32)
    present = probability >= np.array([0.5, 0.1, 2, 2])
    present[0, 3] = True
    found = fit_thresholds(csr_matrix(present), probability)
    assert found[0] == pytest.approx(0.5, abs=0.01)
    assert found[1] == pytest.approx(0.1, abs=0.01)
    assert found[2] in np.float32(THRESHOLDS)
    assert abs(found[3] - found[2]) <= abs(probability[0, 3] - found[2]) / 10


def test_the_best_of_each_kind_is_among_those_chosen_from() -> None:
    random = np.random.default_rng(11)
    probability = random.random((12, 8)).astype(np.float32)
    truth = csr_matrix(random.random((12, 8)) < probability)
    tried = dict([best_top_k(truth, probability), best_common_threshold(truth, probability)])
    for text, f1 in tried.items():
        assert survey_f1(truth, parse_decoder(text).decode(probability)).mean() == pytest.approx(f1)
        kind = text.partition(":")[0]
        others = [f"top-k:{k}" for k in range(1, 9)] if kind == "top-k" else [f"threshold:{t}" for t in THRESHOLDS]
        assert f1 == pytest.approx(
            max(survey_f1(truth, parse_decoder(one).decode(probability)).mean() for one in others)
        )
    assert choose_decoder(truth, probability)[1] >= max(tried.values())
    assert best_top_k(truth[:0], probability[:0])[0] == "top-k:1"
