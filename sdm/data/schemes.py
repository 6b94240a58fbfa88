"""Split schemes: what each is called, and what training and test have in common under it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

RANDOM = "random"
RANDOM_TENTH = "random_tenth"  # that of the published fusion: nothing is set apart to choose the epoch by


class Scheme(NamedTuple):
    """Title within a sentence, and what training and test share."""

    title: str
    shared: str


SCHEMES = {
    RANDOM: Scheme("random", "neighbours, near-duplicates of what was learnt"),
    RANDOM_TENTH: Scheme("random, one in ten", "neighbours, near-duplicates of what was learnt"),
    "polygon": Scheme("by polygon", "the polygon next door, the same light and the same mapper"),
    "point": Scheme("by field point", "the same site and season, and other points close by"),
    "block": Scheme("by block", "the same site and the same image, but no neighbour"),
    "site": Scheme("by site", "only the classes: another place, another image"),
    "main_type": Scheme("by main type", "none of the main types it is tested on"),
}  # fmt: skip

_OF_SURVEYS = {
    RANDOM: "neighbours, even the same plot",
    RANDOM_TENTH: "neighbours, even the same plot",
    "site": "the landscape round it, but no plot of the same study area",
    "block": "the country and its climate, but no neighbour",
}
_FOLD = re.compile(r"(.+)_(\d+)$")


def scheme_title(name: str) -> str:
    """What a scheme is called; one that is not listed by its own name.

    >>> scheme_title("point"), scheme_title("river_basin"), scheme_title("block_3")
    ('by field point', 'by river basin', 'by block, fold 3')
    """
    fold = _FOLD.match(name)
    if fold and fold[1] in SCHEMES:
        return f"{SCHEMES[fold[1]].title}, fold {fold[2]}"
    return SCHEMES[name].title if name in SCHEMES else f"by {name.replace('_', ' ')}"


def without_fold(name: str) -> str:
    """The scheme of a fold; of a scheme that is not listed its own name.

    >>> without_fold("block_3"), without_fold("main_type"), without_fold("basin_2")
    ('block', 'main_type', 'basin_2')
    """
    fold = _FOLD.match(name)
    return fold[1] if fold and fold[1] in SCHEMES else name


def scheme_shares(name: str, *, surveys: bool = False) -> str:
    """What training and test share under a scheme, "" of one that is not listed.

    `surveys`: of single plots all over a continent, not of pixels of rasters.

    >>> scheme_shares("block_2", surveys=True), scheme_shares("river_basin")
    ('the country and its climate, but no neighbour', '')
    """
    name = without_fold(name)
    if surveys and name in _OF_SURVEYS:
        return _OF_SURVEYS[name]
    return SCHEMES[name].shared if name in SCHEMES else ""


def schemes_with_folds(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Scheme -> the names of its folds, the first of which bears the scheme's own name.

    >>> schemes_with_folds(["block", "block_2", "random", "basin_2"])
    {'block': ('block', 'block_2'), 'random': ('random',), 'basin_2': ('basin_2',)}
    """
    folds: dict[str, list[str]] = {}
    for name in names:
        fold = _FOLD.match(name)
        folds.setdefault(fold[1] if fold and fold[1] in folds else name, []).append(name)
    return {scheme: tuple(of_scheme) for scheme, of_scheme in folds.items()}
