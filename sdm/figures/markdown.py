"""Words from data in captions and labels, which are Markdown."""

from __future__ import annotations

import re

LONGEST = 200
PLAIN = re.compile(r"(?!www\.)[a-z0-9]+(?:[._-][a-z0-9]+)*", re.IGNORECASE)  # means itself as it stands
SYNTAX = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|$:~&])")
ADDRESS = re.compile(r"(://|www|@)", re.IGNORECASE)
WORD_JOINER = "\u2060"  # nothing to see, and no address goes on after it


def literal(words: str) -> str:
    r"""`words` as Markdown that means nothing but themselves: no emphasis, picture, link, icon or formula.

    >>> print(literal("**x** ![y](z) :smile: $a$"))
    \*\*x\*\* \!\[y\]\(z\) \:smile\: \$a\$
    >>> literal("landsat-cnn_2")
    'landsat-cnn_2'
    """
    if len(words) <= LONGEST and PLAIN.fullmatch(words):
        return words
    plain = "".join(c if c.isprintable() else " " for c in words[:LONGEST])
    return SYNTAX.sub(r"\\\1", ADDRESS.sub(rf"\1{WORD_JOINER}", plain))
