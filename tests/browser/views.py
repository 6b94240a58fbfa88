"""Every view of every page as an address below the root; `{survey}` stands for one that has a dossier."""

from __future__ import annotations

from tests.browser.server import ROOT

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
DOSSIER = ("patch", "landsat", "climate", "environment", "neighbours")
PARTS = {
    "explore": ["", *(f"?survey={{survey}}&view={view}" for view in DOSSIER), "?at=47.5,11.3&simulate=true"],
    "predict": ["", "?survey={survey}", "?predict_section=A+list+of+surveys"],
    "species": ["", "?area=europe"],
    "confusion": ["", "?confusion_view=Given+instead", "?confusion_view=Matrix"],
    "training": ["", "?training_section=study", "?training_section=train"],
    "scores": ["", "?scores_section=As+published", "?scores_section=Hand+in+a+file"],
}
"""How else a page can be opened than plainly."""


def parts(page: str) -> list[str]:
    """What can stand behind the page's name."""
    return PARTS.get(page, [""])


def at(page: str) -> str:
    """The page's own part of an address; the first page is the root."""
    return "" if page == "explore" else page


VIEWS = [f"{at(page)}{part}" for page in PAGES for part in parts(page)]
