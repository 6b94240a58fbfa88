"""The choice among models by folds of the records, and the best of them trained on all."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sdm.data.dataset import Dataset
from sdm.errors import RunError, TrainingError
from sdm.jobs import Report, no_report
from sdm.models.registry import spec_of
from sdm.runs import Run, TrainingOptions
from sdm.runs.folder import CARD, new_run
from sdm.runs.model_choice import FoldScore, ModelChoice, best_of
from sdm.runs.training_options import recipe
from sdm.training.fold_runs import fold_run, fold_score, folds_of, train_on_all
from sdm.training.runtime import Runtime, TrainingProgress

CANDIDATES = ("presence-blend", "poisson-ensemble", "balanced-forest")
NEEDS = {"maxent": "elapid"}  # a model -> the package that fits it
ENDING = ".folds"  # of the folder of the runs of folds, beside that of the run


def usual_candidates() -> tuple[str, ...]:
    """The models that are compared where nothing is said: those whose packages are installed."""
    return (*CANDIDATES, *(name for name, package in NEEDS.items() if find_spec(package) is not None))


@dataclass(frozen=True)
class ChoiceOptions:
    """`models` are the candidates, `folds` how many of the data's folds each is trained on (0: all).

    `model_config` are changes to the configuration of each, by name.
    """

    models: Sequence[str] = field(default_factory=usual_candidates)
    folds: int = 0
    seed: int = 0
    model_config: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def training(self, model: str, scheme: str) -> TrainingOptions:
        """The options of one training."""
        config = dict(self.model_config.get(model, {}))
        return recipe(model, scheme=scheme, seed=self.seed, model_config=config)


@dataclass(frozen=True)
class _Work:
    """What is chosen from, and where the runs of folds lie."""

    dataset: Dataset
    home: Path
    options: ChoiceOptions
    report: Report

    @cached_property
    def folds(self) -> tuple[str, ...]:
        return folds_of(self.dataset, self.options.folds)

    def scores(self) -> tuple[FoldScore, ...]:
        """Those of every candidate on every fold; runs that are there are not trained again."""
        pairs = [(model, fold) for model in self.options.models for fold in self.folds]
        found = []
        for done, (model, fold) in enumerate(pairs):
            tell = partial(self.report, done, len(pairs) + 1)
            found.append(fold_score(self.run_of(model, fold, tell), self.dataset))
        return tuple(found)

    def run_of(self, model: str, fold: str, tell: Callable[[str], object]) -> Run:
        """`tell` hears how far it is, and may raise to stop."""
        options, what = self.options.training(model, fold), f"{model}, fold {self.folds.index(fold) + 1}"
        tell(what)
        return fold_run(self.dataset, self.home / f"{model}-{fold}", options, _telling(tell, what))


def choose_model(
    dataset: Dataset, folder: Path, options: ChoiceOptions | None = None, report: Report = no_report
) -> Run:
    """Train the candidates on the folds of `dataset`, and the one of highest mean AUC on all into `folder`.

    The AUC is that of records of the fold left out against other sites of the target group, or against background
    sites where fewer than five species are recorded. `report` hears of
    every training and may raise to stop; what was trained stays beside `folder` and is used when this is asked for
    again. RunError where there is a run in `folder`, TrainingError where the data has no folds.
    """
    options = options or ChoiceOptions()
    _require_free(folder)
    _require_known(options.models)
    work = _Work(dataset, folder.with_name(f"{folder.name}{ENDING}"), options, report)
    scores = work.scores()
    choice = ModelChoice(best_of(scores), scores)
    tell = partial(report, len(scores), len(scores) + 1)
    tell(on_all := f"{choice.best} on all sites")
    with new_run(folder) as place:
        runs = [work.run_of(choice.best, fold, tell) for fold in work.folds]
        training, watched = options.training(choice.best, work.folds[0]), _telling(tell, on_all)
        run = train_on_all(dataset, place, training, runs, watched)
        replace(run.card, reproduce=_command(dataset, options)).write(place / CARD)
        choice.write(place)
    shutil.rmtree(work.home, ignore_errors=True)
    report(len(scores) + 1, len(scores) + 1, choice.best)
    return Run.open(folder)


def _telling(tell: Callable[[str], object], what: str) -> Runtime:
    """A training of `what` that tells its parts."""

    def hear(progress: TrainingProgress) -> None:
        tell(f"{what}: {progress.what}")

    return Runtime(progress=hear)


def _require_free(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise RunError("a run is here", where=folder, remedy="Name another folder with --run.")


def _require_known(models: Sequence[str]) -> None:
    """TrainingError for models that are not fitted in one go: they need sites to choose their epoch by."""
    if not models:
        raise TrainingError("no model to choose from", expected=", ".join(CANDIDATES))
    slow = [name for name in models if not spec_of(name).baseline]
    if slow:
        raise TrainingError(
            "only models that are fitted in one go can be chosen so", expected=", ".join(usual_candidates()),
            got=", ".join(slow), remedy="Others need sites held back to choose their epoch by: train them alone.",
        )  # fmt: skip


def _command(dataset: Dataset, options: ChoiceOptions) -> str:
    words = ["python", "-m", "sdm", "choose", "--data", dataset.name, "--models", ",".join(options.models)]
    words += ["--folds", str(options.folds)] if options.folds else []
    return shlex.join([*words, "--seed", str(options.seed)])
