"""Names of species that are spelt in two ways."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Sequence

CLOSE = 0.88  # least share of letters in common, as difflib counts them
MOST_NAMES = 20_000


def without_accents(text: str) -> str:
    """
    >>> without_accents("Isoëtes")
    'Isoetes'
    """
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def binomial(name: str) -> str:
    """Genus and epithet in small letters, without accents, author and signs of hybrids.

    >>> binomial("Abies alba Mill."), binomial("ABIES_ALBA"), binomial("Salix × rubens Schrank")
    ('abies alba', 'abies alba', 'salix rubens')
    """
    letters = without_accents(name.casefold().replace("_", " "))
    words = "".join(c if c.isalnum() or c in " -" else " " for c in letters).split()
    return " ".join([word for word in words if word != "x"][:2])


def spelt_otherwise(names: Sequence[str], known: Sequence[str]) -> list[str]:
    """ "name: known" for each of `names` that is, but for its spelling, one of `known`.

    >>> spelt_otherwise(["abies alba", "Piceaabies", "Quercus"], ["Abies alba Mill.", "Picea abies"])
    ['abies alba: Abies alba Mill.', 'Piceaabies: Picea abies']
    """
    plain = {binomial(name): name for name in known[:MOST_NAMES]}
    close = ((name, _closest(binomial(name), plain)) for name in names[:MOST_NAMES])
    return [f"{name}: {plain[other]}" for name, other in close if other is not None]


def _closest(name: str, known: dict[str, str]) -> str | None:
    if name in known or not name:
        return name or None
    near = [other for other in known if other[:1] == name[:1] and abs(len(other) - len(name)) < 4]
    return next(iter(difflib.get_close_matches(name, near, 1, CLOSE)), None)
