"""Which model is best, really? Our models, published ones, a file to score."""

from __future__ import annotations

from sdm.ui.components import linked
from sdm.ui.components.page_state import require_dataset
from sdm.ui.scores import models, published, upload
from sdm.ui.state import Key

SECTIONS = {
    "models": ("Our models", models.show),
    "published": ("As published", published.show),
    "file": ("Score a file", upload.show),
}


key, data = require_dataset("Which model is best, really?")
titles = {name: title for name, (title, _) in SECTIONS.items()}
chosen = linked.segmented_control("Part of this page", titles, Key.SCORES_SECTION, label_visibility="collapsed")
SECTIONS[chosen][1](key, data)
