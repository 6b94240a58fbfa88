"""Runs to begin with: the best ones that are not parts of one another."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from sdm.evaluation.leaderboard.run_scores import independent
from sdm.runs import Run


def runs(**members: tuple[str, ...]) -> dict[str, Run]:
    """Name -> a run of these members."""

    def made(name: str, of: tuple[str, ...]) -> Any:
        return SimpleNamespace(name=name, card=SimpleNamespace(members=[SimpleNamespace(run=one) for one in of]))

    return {name: cast(Run, made(name, of)) for name, of in members.items()}


@pytest.mark.parametrize(
    ("known", "chosen"),
    [
        (runs(mean=("a", "b"), a=(), b=(), c=()), ["mean", "c"]),
        (runs(a=(), mean=("a", "b"), b=(), c=()), ["a", "b"]),
        (runs(mean=("a", "b"), other=("b", "c"), d=()), ["mean", "d"]),
        (runs(mean=("a", "b"), a=(), b=()), ["mean"]),
        (runs(a=(), b=(), c=()), ["a", "b"]),
        ({}, []),
    ],
)
def test_no_run_stands_beside_its_own_member(known: dict[str, Run], chosen: list[str]) -> None:
    assert independent(known, 2) == chosen
