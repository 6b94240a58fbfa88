"""What one site of a data set and what is known of it are called on screen, chosen by inputs and kind of target.

Sentences are written for surveys and their species, as most data have them; `Words` fits them to pixels, images
and photographs of classes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sdm.data.dataset import Dataset, TargetKind
from sdm.modalities.predictors import PREDICTORS, input_family
from sdm.number_format import plural

SURVEY, SPECIES = "survey", "species"
ITEMS = {"pixel": "pixel", "series": "pixel", "image": "image", "photo": "photograph", PREDICTORS: "site"}
_ITEM = re.compile(r"\b(?:(?P<article>an?) )?survey(?P<several>s?)\b", re.IGNORECASE)
_CLASS = re.compile(r"\b(?P<one>(?:one|a|each|any|1|per) )?species\b", re.IGNORECASE)


@dataclass(frozen=True)
class Words:
    """`item`: what one site is called; `known`: what is known of it, "species" or "class".

    >>> Words("image", "class")("Click a survey for its species, one species at a time: surveys")
    'Click an image for its classes, one class at a time: images'
    >>> Words("survey", "species")("Survey by survey")
    'Survey by survey'
    """

    item: str = SURVEY
    known: str = SPECIES

    @property
    def items(self) -> str:
        """Several sites."""
        return plural(self.item)

    def __call__(self, text: str) -> str:
        """`text`, written for surveys and species, in these words."""
        if self.item != SURVEY:
            text = _ITEM.sub(self._item, text)
        return (
            text if self.known == SPECIES else _CLASS.sub(self._known, text.replace("species or class", "class"))
        )

    def _item(self, found: re.Match[str]) -> str:
        several, article = bool(found["several"]), found["article"]
        word = self.items if several else self.item
        if not article:
            return _like(found[0], word)
        return f"{_like(article, 'an' if word[0] in 'aeiou' else 'a')} {word}"

    def _known(self, found: re.Match[str]) -> str:
        one = found["one"]
        return f"{one}{self.known}" if one else _like(found[0], plural(self.known))


USUAL = Words()


def words_of(dataset: Dataset) -> Words:
    """The words for `dataset`."""
    known = SPECIES if dataset.targets.kind is TargetKind.MULTILABEL else "class"
    return Words(item_name(dataset), known)


def item_name(dataset: Dataset) -> str:
    """What one site of the data set is called: a survey, the pixel, image or photograph that it is, or a site."""
    return item_of(dataset.modalities)


def item_of(modalities: Iterable[str]) -> str:
    """What a site with these inputs is called."""
    return ITEMS.get(next(filter(None, map(input_family, modalities)), ""), SURVEY)


def _like(model: str, word: str) -> str:
    """`word` with a capital where `model` has one."""
    return word[:1].upper() + word[1:] if model[:1].isupper() else word
