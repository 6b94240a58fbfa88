"""The runs at hand, and the one service of the process that asks them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from sdm.data.survey import Dossier
from sdm.inference.answers import RunService
from sdm.inference.attribution import Attribution, attribution
from sdm.jobs import Jobs
from sdm.runs import Run
from sdm.runs.folder import Inventory, take_inventory
from sdm.ui.cache.memo import memo

SECONDS = 20  # after which new runs are noticed


class SurveyQuery(NamedTuple):
    """A survey of the data set `key`, as `run` sees it."""

    key: str
    run: Run
    survey: Dossier


@memo(4, seconds=SECONDS)
def inventory(homes: tuple[Path, ...]) -> Inventory:
    """The runs in `homes`."""
    return take_inventory(homes)


@memo(1)
def service() -> RunService:
    """The one service of this process."""
    return RunService()


@memo(1)
def jobs() -> Jobs:
    """The background computations of this process."""
    return Jobs()


@memo(64, "Asking again without each input …")
def attributed(query: SurveyQuery) -> Attribution:
    """What each input adds to the prediction; SdmError when there is no answer."""
    return attribution(service(), query.run, query.survey)
