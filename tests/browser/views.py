"""Every view of every page as an address below the root; `{survey}` stands for one that has a dossier."""

from __future__ import annotations

from sdm.modalities import MODALITIES
from tests.browser.server import ROOT

EUROPE = "virtual-europe-tiny"
"""Key of the simulated data set."""
REAL_TREE = "glc25"
"""Key of the real sample, where it is there."""
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
OF_EUROPE = [name for name, row in MODALITIES.items() if any(layout.edition == 2025 for layout in row.layouts)]
PARTS = {
    "explore": [
        "", *(f"?survey={{survey}}&view={view}" for view in (*OF_EUROPE, "neighbours")),
        "?at=47.5,11.3&simulate=true",
    ],
    "predict": ["", "?survey={survey}", "?predict_section=list"],
    "species": ["", "?area=europe"],
    "confusion": ["", "?confusion_view=pairs", "?confusion_view=matrix"],
    "training": ["", "?training_section=network", "?training_section=study", "?training_section=train"],
    "scores": ["", "?scores_section=published", "?scores_section=file"],
}  # fmt: skip
"""How else a page can be opened than plainly."""


def parts(page: str) -> list[str]:
    """What can stand behind the page's name."""
    return PARTS.get(page, [""])


def at(page: str) -> str:
    """The page's own part of an address; the first page is the root."""
    return "" if page == "explore" else page


def on(view: str, data: str) -> str:
    """The view on another data set.

    >>> on("species", "mine"), on("species?area=europe", "mine")
    ('species?data=mine', 'species?area=europe&data=mine')
    """
    return f"{view}{'&' if '?' in view else '?'}data={data}"


VIEWS = [f"{at(page)}{part}" for page in PAGES for part in parts(page)]
