"""Which model is best, really? Our models, published ones, a file to score."""

from __future__ import annotations

from sdm.ui.components import linked
from sdm.ui.components.page_frame import require_dataset
from sdm.ui.scores import published, ranking, schemes, upload
from sdm.ui.state import Key

SECTIONS = {
    "models": ("Our models", ranking.show),
    "schemes": ("Split schemes", schemes.show),
    "published": ("As published", published.show),
    "file": ("Score a file", upload.show),
}

data = require_dataset("Which model is best, really?")
linked.view("Part of this page", SECTIONS, Key.SCORES_SECTION)(data)
