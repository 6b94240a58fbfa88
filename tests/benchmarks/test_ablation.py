"""The table of steps: each departs from one that is there, and is printed beside it."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.ablation import STEPS, SurveyScores, _line
from sdm.evaluation.reference_scores import ReferenceScores
from sdm.models.registry import spec_of
from sdm.runs.training_options import OPTIONS, recipe


@pytest.mark.parametrize("name", STEPS)
def test_steps_can_be_trained_and_depart_from_another(name: str) -> None:
    step = STEPS[name]
    assert step.against in {"", *STEPS} - {name}
    for option in step.options:
        if option.startswith("--") and option not in {"--model-config", "--no-augment"}:
            assert option[2:].replace("-", "_") in OPTIONS
    recipe(step.model)
    if step.against:
        other = STEPS[step.against]
        assert (step.model, step.options, step.pretrained) != (other.model, other.options, other.pretrained)
    assert not spec_of(step.model).full_size


def test_a_line_tells_score_skill_and_difference() -> None:
    def scored(**values: float) -> dict[str, SurveyScores]:
        return {split: SurveyScores(np.full(4, value), np.arange(4)) for split, value in values.items()}

    scores, before = scored(validation=0.5, test_near=0.4, test_far=0.3), scored(test_near=0.3, test_far=0.35)
    rulers = {"test_near": ReferenceScores(0.2, 0.6, 0.0), "test_far": None}
    line = _line(STEPS["shift"], scores, before, rulers)
    assert line.startswith(f"| {STEPS['shift'].says} | 0.5000 | 0.4000 | 0.50 | 0.3000 |  |")
    assert line.endswith("| +0.1000 (+0.1000 to +0.1000) | -0.0500 (-0.0500 to -0.0500) |")
