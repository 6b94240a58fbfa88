"""Small pieces of HTML. Every text from data passes `text`; nothing else may reach the page as markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import pandas as pd

from sdm.evaluation.predicted_species import FALSE_ALARM, HIT, MISS, UNJUDGED
from sdm.number_format import GAP, percent, whole

SYMBOLS = {HIT: "✓", FALSE_ALARM: "✕", MISS: "○", UNJUDGED: "•"}
VERDICTS = {
    HIT: "predicted and recorded",
    FALSE_ALARM: "predicted, not recorded",
    MISS: "recorded, not predicted",
}
COLUMNS = (("verdict", "verdict"), ("name", "name"), ("p", "probability"))


def text(value: object) -> str:
    """`value` as text that no browser reads as markup.

    >>> text('<img src=x onerror=alert(1)>')
    '&lt;img src=x onerror=alert(1)&gt;'
    """
    words = str(value)
    if not words.isprintable():
        words = "".join(c if c.isprintable() or c == GAP else " " for c in words)
    return escape(words, quote=True)


def sentence(words: str) -> str:
    """`words` begun with a capital letter; names in them keep theirs.

    >>> sentence("land of a virtual Europe")
    'Land of a virtual Europe'
    """
    return words[:1].upper() + words[1:]


def ordinal(number: int) -> str:
    """A rank in figures.

    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 22, 1013)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd', '1,013th']
    """
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{whole(number)}{ending}"


def species_list(names: Sequence[str], common: Sequence[str] | None = None) -> str:
    """Names in italics, each with its common name where there is one."""
    if common is None:
        common = [""] * len(names)
    items = (
        f'<li><i lang="la">{text(name)}</i>{f" <span>{text(other)}</span>" if other else ""}</li>'
        for name, other in zip(names, common, strict=True)
    )
    return f'<ul class="species">{"".join(items)}</ul>'


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Terms and values side by side."""
    rows = "".join(f"<div><dt>{text(term)}</dt><dd>{text(value)}</dd></div>" for term, value in pairs)
    return f'<dl class="facts">{rows}</dl>'


def fine(words: str) -> str:
    """A quiet line."""
    return f'<p class="fine">{text(words)}</p>'


def chips(labels: Iterable[tuple[str, str]]) -> str:
    """(label, kind) as quiet badges; kinds are those of style.css."""
    return (
        '<p class="chips">'
        + "".join(f'<span class="{kind}">{text(label)}</span>' for label, kind in labels)
        + "</p>"
    )


def legend(entries: Iterable[tuple[str, str, int]]) -> str:
    """(label, colour, count) as dots with words."""
    items = "".join(
        f'<span><i style="background:{text(colour)}"></i>{text(label)} <small>{whole(count)}</small></span>'
        for label, colour, count in entries
    )
    return f'<p class="legend">{items}</p>'


def colour_bar(colours: Sequence[str], ends: tuple[str, str, str], measure: str) -> str:
    """Colours evenly spaced from low to high, with words under the lower end, the middle and the upper end."""
    ticks = "".join(f"<span>{text(word)}</span>" for word in ends)
    return (
        f'<figure class="ramp"><figcaption>{text(measure)}</figcaption>'
        f'<div style="background:linear-gradient(90deg,{text(",".join(colours))})"></div><p>{ticks}</p></figure>'
    )


def ranking(table: pd.DataFrame, title: str, latin: bool = True) -> str:
    """A table of `predicted_species.ranking` as rows with a probability bar and a symbol for the verdict; `latin`:
    its names are those of species."""
    heads = "".join(f'<th class="{kind}">{unseen(word)}</th>' for kind, word in COLUMNS)
    columns = table["name"].tolist(), table["probability"].tolist(), table["verdict"].tolist()
    rows = "".join(_row(name, share, verdict, latin) for name, share, verdict in zip(*columns, strict=True))
    return f'<table class="ranking"><caption>{unseen(title)}</caption><tr>{heads}</tr>{rows}</table>'


def named(name: str, latin: bool) -> str:
    """A name; those of species are in Latin."""
    return f'<i lang="la">{text(name)}</i>' if latin else text(name)


def unseen(words: str) -> str:
    """Words for screen readers alone."""
    return f'<span class="unseen">{text(words)}</span>'


def _row(name: str, probability: float, verdict: str, latin: bool) -> str:
    share = max(0.0, min(1.0, probability))
    return (
        f'<tr class="{_class(verdict)}"><td class="verdict" title="{text(verdict)}">{SYMBOLS[verdict]}'
        f'{unseen(verdict)}</td><td class="name">{named(name, latin)}'
        f'<div class="bar"><div style="width:{100 * share:.1f}%"></div></div></td>'
        f'<td class="p">{percent(share)}</td></tr>'
    )


def _class(verdict: str) -> str:
    return verdict.replace(" ", "-")


def verdict_key(truth: str = "recorded") -> str:
    """What the symbols mean; `truth`: how that is called which predictions are compared with."""
    meanings = {verdict: meaning.replace("recorded", truth) for verdict, meaning in VERDICTS.items()}
    items = "".join(
        f'<span class="{_class(verdict)}"><b>{SYMBOLS[verdict]}</b> {verdict} <small>{meaning}</small></span>'
        for verdict, meaning in meanings.items()
    )
    return f'<p class="legend verdicts">{items}</p>'
