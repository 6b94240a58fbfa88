"""Scientific names read as what they name and by whom, so far as they are plain; nothing is looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sdm.occurrences.reading.spelling import without_accents

# Words of the codes of nomenclature (Turland et al. 2018, doi:10.12705/Code.2018; ICZN 1999) and of open
# nomenclature (Sigovini et al. 2016, doi:10.1111/2041-210X.12594).
RANKS = {"subsp": "subsp", "ssp": "subsp", "var": "var", "f": "f", "fo": "f", "form": "f", "forma": "f",
         "subvar": "subvar", "subf": "subf", "convar": "convar", "nothosubsp": "nothosubsp",
         "nothossp": "nothosubsp", "nothovar": "nothovar"}  # fmt: skip
PARTICLES = frozenset({
    "&", "al", "and", "bis", "da", "de", "del", "della", "den", "der", "des", "di", "dos", "du", "e", "et", "ex",
    "f", "fil", "in", "la", "le", "ten", "ter", "van", "vom", "von", "y", "zu",
})  # fmt: skip
"""What stands in small letters among authors."""
NO_AUTHORS = frozenset({
    "aff", "agg", "auct", "auctt", "cf", "complex", "cultivar", "cv", "emend", "group", "hort", "hybrid", "indet",
    "nec", "non", "nr", "pro", "sect", "sensu", "ser", "sl", "sp", "spec", "spp", "str", "ss", "subg", "type",
    *(RANKS.keys() - {"f"}),
})  # fmt: skip
"""Words after which a name means less, more or something else than its species."""
SAME_AUTHOR = {"l": "linnaeus", "linne": "linnaeus", "dc": "candolle"}
_WORD = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]+)*")
_AUTHOR = re.compile(r"(?:[DdLlO]['’])?[^\W\d_](?:[^\W\d_]|[.'’&-])*")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_SON = re.compile(r"([^\W\d_]+)\.?\s*\bf(?:il)?\.")


@dataclass(frozen=True)
class TaxonName:
    """`taxon`: genus, sign of hybrids, epithet and ranks below with theirs, in small letters without accents; the
    whole text where it is not read so. `authors`: surnames, none where none are told."""

    taxon: str
    authors: frozenset[str] = frozenset()

    def agrees(self, other: TaxonName) -> bool:
        """Whether the authors of one can be those of the other: one of either is the other's abbreviation."""
        pairs = ((mine, theirs) for mine in self.authors for theirs in other.authors)
        return any(one.startswith(two) or two.startswith(one) for one, two in pairs)


def taxon_name(text: str) -> TaxonName:
    """What `text` names.

    >>> taxon_name("Quercus robur Linnaeus, 1753") == taxon_name("quercus  robur L.")
    True
    >>> [taxon_name(name).taxon for name in ("QUERCUS ROBUR", "Salix x rubens Schrank", "Abies cf. alba Mill.")]
    ['quercus robur', 'salix × rubens', 'abies cf. alba mill.']
    >>> read = taxon_name("Abies alba Mill. var. pyramidalis (Carrière) Voss")
    >>> read.taxon, sorted(read.authors)
    ('abies alba var pyramidalis', ['carriere', 'voss'])
    """
    words = unicodedata.normalize("NFC", text).replace("_", " ").replace("×", " × ").split()
    words = [
        "×" if word in ("x", "X") and place in (0, 1) and len(words) > 2 else word
        for place, word in enumerate(words)
    ]
    whole = " ".join(words)
    one_case = whole.lower() in (whole, whole.swapcase())
    read = _read(words, one_case)
    if read is None:
        return TaxonName(without_accents(whole.casefold()))
    taxon, authors = read
    return TaxonName(without_accents(" ".join(taxon).casefold()), _surnames(authors))


def _read(words: Sequence[str], one_case: bool) -> tuple[list[str], list[str]] | None:
    """The words of the taxon and those of its authors; None for what is no species or a rank below it."""
    taxon, rest = [], list(words)
    for place in range(2):
        if rest[:1] == ["×"]:
            taxon.append(rest.pop(0))
        if not rest or not (_is_epithet(rest[0], one_case) if place else _WORD.fullmatch(rest[0])):
            return None
        taxon.append(rest.pop(0))
    authors: list[str] = []
    while rest:
        rank = RANKS.get(_bare(rest[0]))
        if rank and len(rest) > 1 and _is_epithet(rest[1], one_case):
            taxon, authors, rest = [*taxon, rank, rest[1]], [], rest[2:]
        elif _is_author(rest[0], one_case):
            authors.append(rest.pop(0))
        else:
            return None
    return taxon, authors


def _bare(word: str) -> str:
    return word.strip("()[],;.").casefold()


def _is_epithet(word: str, one_case: bool) -> bool:
    known = _bare(word) in NO_AUTHORS | PARTICLES
    return bool(_WORD.fullmatch(word)) and (one_case or word.islower()) and not known


def _is_author(word: str, one_case: bool) -> bool:
    """Whether it is an author, a year or what joins them; where all letters are of one case, "L." alone is told
    from an epithet."""
    core = word.strip("()[],;")
    if one_case:
        return core in ("L.", "L", "l.") or bool(_YEAR.fullmatch(core))
    if _bare(core) in NO_AUTHORS:
        return False
    joins = core.rstrip(".") in PARTICLES or _YEAR.fullmatch(core)
    return bool(joins) or (bool(_AUTHOR.fullmatch(core)) and any(letter.isupper() for letter in core[:3]))


def _surnames(words: Sequence[str]) -> frozenset[str]:
    """In small letters without accents and initials; a son is marked, Linnaeus and de Candolle are spelt out."""
    text = without_accents(" ".join(word.strip("()[],;") for word in words).casefold())
    found = set()
    for word in _SON.sub(r"filius\1", text).replace("&", " ").split():
        parts = [part for part in word.split(".") if part]
        longest = max(parts, key=len, default="")
        name = SAME_AUTHOR.get(longest, longest) if longest != "l" or len(parts) == 1 else ""
        if len(name) > 1 and name not in PARTICLES and not _YEAR.fullmatch(name):
            found.add(name)
    return frozenset(found)
