"""What Kaggle said of a run (`kaggle.json` in its folder), written down by hand."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sdm.errors import RunError
from sdm.files import read_json, write_json
from sdm.formats.typed_json import from_json
from sdm.runs.folder import Run

KAGGLE = "kaggle.json"


@dataclass(frozen=True)
class KaggleScore:
    """Samples-F1 on the two parts of the hidden test, None where unknown; `recorded` is the day, as YYYY-MM-DD."""

    competition: str
    public: float | None
    private: float | None
    recorded: str

    def __post_init__(self) -> None:
        scores = [score for score in (self.public, self.private) if score is not None]
        if not scores:
            raise RunError("no score", expected="a public or a private one")
        if not all(0 <= score <= 1 for score in scores):
            raise RunError("a score out of range", expected="0 to 1", got=", ".join(map(str, scores)))


def record_score(run: Run, score: KaggleScore) -> None:
    """Keep `score` with the run, in place of an earlier one.

    RunError for a run on simulated data, which no competition can have scored.
    """
    if run.config.data.simulated:
        raise RunError(
            "a run on simulated data has no Kaggle score",
            where=run.path,
            remedy="Train on the competition's data.",
        )
    write_json(run.path / KAGGLE, asdict(score))


def recorded_score(run: Run) -> KaggleScore | None:
    """The score kept with the run; RunError when the file is damaged."""
    path = run.path / KAGGLE
    if not path.exists():
        return None
    return from_json(KaggleScore, read_json(path, RunError), RunError, path)
