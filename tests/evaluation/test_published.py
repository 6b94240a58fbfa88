"""The published tables: figures as printed, and nothing in a column where it does not belong."""

from __future__ import annotations

import dataclasses

import pytest

from sdm.errors import UnknownNameError
from sdm.evaluation.published import LSTM_STUDY, MEASURES, SCORES, scores

KAGGLE_2025 = ("public-2025", "private-2025")


def printed(measure: str) -> dict[tuple[str, str], str]:
    return {(score.model, score.source): score.printed for score in scores(measure)}


def test_every_score_is_a_number_with_a_source_and_stands_once():
    keys = [(s.model, s.measure.key, s.source, s.setting) for s in SCORES]
    assert len(set(keys)) == len(keys)
    assert all(0 < score.value < 1 and score.source and score.model for score in SCORES)


def test_the_satellite_models_as_printed():
    found = {
        model: tuple(
            next(p for (m, source), p in printed(key).items() if m == model and "satellite-only" in source)
            for key in KAGGLE_2025
        )
        for model in ("LandSatMLP", "LandsatCNN", "ResNet-18 on the patch")
    }
    assert found == {
        "LandSatMLP": ("0.16752", "0.14893"),
        "LandsatCNN": ("0.17", "0.15"),
        "ResNet-18 on the patch": ("0.127", "0.139"),
    }


def test_the_single_label_study_is_in_no_kaggle_column():
    assert {s.measure.key for s in SCORES if "LSTM" in s.model} == {"single-label-f1", "single-label-accuracy"}
    assert all("Kaggle" not in MEASURES[key].title for key in ("single-label-f1", "single-label-accuracy"))
    best = max(LSTM_STUDY, key=lambda point: point.f1)
    assert (best.learning_rate, best.epochs, best.f1, best.accuracy) == (5e-4, 70, 0.33, 0.30)


def test_the_fusion_table_as_printed():
    assert [(s.model, s.printed, s.setting.split(",")[0]) for s in scores("score-2024")] == [
        ("Ensemble of the four fusions", ".42581", "top-18"),
        ("MaxViT-T fusion", ".40811", "top-18"),
        ("SwinV2-Base fusion", ".40533", "top-17"),
        ("ConvNeXt-Large fusion", ".39835", "top-19"),
        ("ConvNeXt-Base fusion", ".39230", "top-18"),
        ("Official baseline", ".32359", ""),
    ]


def test_only_the_ensemble_is_reported_by_its_authors_alone():
    assert [score.model for score in SCORES if score.reported_only] == ["Ensemble of the four fusions"]


def test_losses_rise_and_scores_fall_down_the_table():
    assert [s.printed for s in scores("validation-loss-2024")] == [".00393", ".00401", ".00404", ".00413"]
    assert scores("nceas")[0].model == "DeepMaxent"


def test_facts_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        SCORES[0].printed = "1"  # type: ignore[misc]


def test_an_unknown_measure_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match="public-2025, private-2025"):
        scores("mean")
