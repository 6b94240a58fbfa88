"""What is this and how far can I trust it? Provenance, counts, gaps, effort, unequal species, licences."""

from __future__ import annotations

from functools import partial

from sdm.data.dataset import Dataset
from sdm.ui.about import applicability, bands, folds, mappers, sections, trust
from sdm.ui.components.first_screen import below
from sdm.ui.components.fragment import fragment
from sdm.ui.components.page_frame import require_dataset


@fragment
def body(data: Dataset) -> None:
    """From what it is to whose it is."""
    sections.provenance(data)
    sections.counted(data)
    bands.show(data)
    mappers.show(data)
    below(partial(where_and_how_far, data))


def where_and_how_far(data: Dataset) -> None:
    """What `body` shows below the counts."""
    sections.where(data)
    folds.show(data)
    applicability.show(data)
    sections.unequal(data)
    trust.checked(data)
    trust.judged(data)
    trust.licences(data)


body(require_dataset("What is this, and how far can I trust it?"))
