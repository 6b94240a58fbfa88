"""Where does it live, how well is it known? One species: maps, precision and recall, responses, mistakes."""

from __future__ import annotations

from functools import partial

from sdm.data.dataset import Dataset, TargetKind
from sdm.runs import Run
from sdm.ui.cache.species import SpeciesQuery
from sdm.ui.components.first_screen import below
from sdm.ui.components.fragment import fragment
from sdm.ui.components.page_frame import require_dataset
from sdm.ui.species import maps, quality, responses, take_away, views
from sdm.ui.species import query as choice


@fragment
def body(data: Dataset) -> None:
    """Boxes on top, then where it lives, how well it is found, what it responds to, and examples."""
    if data.targets.kind is TargetKind.REGRESSION or not len(data.targets.classes):
        views.no_species(data)
        return
    query, run = choice.choose(data)
    views.header(query)
    maps.show(query, run)
    below(partial(evaluation, query, run))


def evaluation(query: SpeciesQuery, run: Run | None) -> None:
    """What `body` shows below the maps."""
    if query.run:
        quality.show(query, query.run)
    else:
        choice.why_not_evaluated(query.data, run)
    responses.show(query, run)
    if query.run:
        views.examples(query)
        take_away.show(query, query.run)


body(require_dataset("Where does it live, how well is it known?"))
