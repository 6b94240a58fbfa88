"""Words from data as Markdown that means nothing but themselves."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdm.figures.markdown import LONGEST, PLAIN, SYNTAX, WORD_JOINER, literal

ESCAPED = re.compile(r"\\[^\w\s]|\\_")


@given(st.text())
def test_no_sign_of_the_syntax_stands_alone(words: str) -> None:
    said = literal(words)
    if said == words:
        assert PLAIN.fullmatch(words) or not SYNTAX.search(words)
    assert not SYNTAX.search(ESCAPED.sub("", said)) or PLAIN.fullmatch(words)
    shown = ESCAPED.sub(lambda found: found.group()[1], said).replace(WORD_JOINER, "")
    assert shown == "".join(c if c.isprintable() else " " for c in words[:LONGEST])


@pytest.mark.parametrize("words", ["see https://evil.example", "WWW.evil.example", "me@evil.example"])
def test_no_address_becomes_a_link(words: str) -> None:
    assert WORD_JOINER in literal(words)
