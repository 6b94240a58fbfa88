"""Submissions of the twenty-survey fixtures."""

from __future__ import annotations

from pathlib import Path

NEAR_AND_FAR = range(115, 120)
VALIDATION = range(112, 115)


def written(tmp_path: Path, text: str) -> Path:
    """A file of that text."""
    path = tmp_path / "entry.csv"
    path.write_text(text)
    return path


def sets(surveys: range, species: str = "3 42") -> str:
    """The same species for every survey."""
    return "surveyId,predictions\n" + "".join(f"{survey},{species}\n" for survey in surveys)
