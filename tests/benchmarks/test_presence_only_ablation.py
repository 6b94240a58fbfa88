"""The ablation of presence-only records: every step is a training, and differences are survey by survey."""

from __future__ import annotations

import numpy as np

from benchmarks.ablation import SurveyScores
from benchmarks.presence_only_ablation import ALONE, MODELS, SPLITS, STEPS, table
from sdm.models.registry import REGISTRY
from sdm.runs.training_options import OPTIONS


def test_every_step_is_a_training_that_others_need_or_that_is_shown() -> None:
    assert all(model.name in REGISTRY for model in MODELS.values())
    needed = {name for step in STEPS.values() for name in (step.start, step.teacher) if name}
    assert needed <= STEPS.keys()
    for name, step in STEPS.items():
        assert step.says or name in needed
        for option in step.options[::2]:
            assert option[2:].replace("-", "_") in OPTIONS


def test_differences_are_survey_by_survey() -> None:
    random = np.random.default_rng(0)
    blocks = np.repeat(np.arange(20), 5)
    alone = [{split: SurveyScores(random.random(100), blocks) for split in ("validation", *SPLITS)} for _ in "12"]
    better = [{split: SurveyScores(one.f1 + 0.1, blocks) for split, one in seed.items()} for seed in alone]
    *_, first, second = table({ALONE: alone, "soft": better})
    assert first.endswith("|  |  |") and STEPS["soft"].says in second
    assert second.count("+0.100 (+0.100 to +0.100)") == len(SPLITS)
