"""Plain names of ecosystem types at every level of their hierarchy."""

from __future__ import annotations

from sdm.data.dataset import Targets
from sdm.rasters.ecosystem_types import HIERARCHY, level_title


def class_titles(targets: Targets) -> dict[str, str]:
    """Class, or group of classes at a coarser level, -> its plain name, of those that have one."""
    classes = targets.classes
    titles: dict[str, str] = {}
    for level in (level for level in targets.hierarchy if level in HIERARCHY[:-1] and HIERARCHY[1] in classes):
        titles |= {name: level_title(name) for name in classes[level].astype(str).unique()}
    if "title" in classes:
        titles |= dict(zip(classes["name"].astype(str), classes["title"].astype(str), strict=True))
    return {name: title for name, title in titles.items() if title and title != name}


def in_words(name: str, titles: dict[str, str]) -> str:
    """`name` with its plain name.

    >>> in_words("T4", {"T4": "forest"}), in_words("larch", {})
    ('T4 forest', 'larch')
    """
    return f"{name} {titles.get(name, '')}".rstrip()
