"""The table of steps: each differs in one thing from the first, and is printed beside it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks.ablation import BASE, STEPS, TRAINING, SurveyScores, _line
from sdm.evaluation.reference_scores import ReferenceScores
from sdm.models.registry import spec_of
from sdm.runs.training_options import OPTIONS, recipe


@pytest.mark.parametrize("name", STEPS)
def test_steps_can_be_trained_and_differ_from_the_first(name: str) -> None:
    options = (*TRAINING, *STEPS[name].options)
    named = dict(zip(options[::2], options[1::2], strict=True))
    configuration = json.loads(named.pop("--model-config", "{}"))
    assert all(option[2:].replace("-", "_") in OPTIONS for option in named)
    recipe(BASE)
    spec_of(BASE).inputs_of(configuration)
    assert name == BASE or STEPS[name].options != STEPS[BASE].options


def test_a_line_tells_score_skill_and_the_difference_of_the_seeds_both_have() -> None:
    def scored(seeds: int, **values: float) -> dict[str, SurveyScores]:
        return {split: SurveyScores(np.full((seeds, 4), value), np.arange(4)) for split, value in values.items()}

    scores = scored(2, validation=0.5, test_near=0.4, test_far=0.3)
    before = scored(3, test_near=0.3, test_far=0.35)
    rulers = {"test_near": ReferenceScores(0.2, 0.6, 0.0), "test_far": None}
    line = _line(STEPS["rare"], scores, before, rulers)
    assert line.startswith(f"| {STEPS['rare'].says} | 2 | 0.500 | 0.400 | 0.50 | 0.300 |  |")
    near, far = "+0.100 (+0.100 to +0.100) | +0.100, +0.100", "-0.050 (-0.050 to -0.050) | -0.050, -0.050"
    assert line.endswith(f"| {near} | {far} |")
    assert _line(STEPS[BASE], scores, scores, rulers).endswith("|  |  |  |  |")
