"""A protocol in the headings of ODMAP, filled in from what the program knows.

Zurell et al. 2020, A standard protocol for reporting species distribution models, doi:10.1111/ecog.04960: the
rows of `odmap.csv` are its sections, topics and elements, version 1.0. What the program cannot know is left to the
author.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from sdm.exports import odmap_data, odmap_model
from sdm.exports.subject import Subject
from sdm.geo.tables import read_rows

TABLE, TEXT = "odmap.csv", "odmap.md"
MARKUP = re.compile(r"([\\`*_\[\]<>|&])")  # what Markdown takes for more than itself within a line
BLANK = "to be filled in by the author"
HEAD = (
    "# ODMAP protocol\n\nHeadings of Zurell et al. 2020, doi:10.1111/ecog.04960. Filled in by the program that "
    f"made the model, from what it knows; where it says “{BLANK}” it knows nothing. All of it is for the author "
    "to check.\n"
)


def protocol(subject: Subject) -> pd.DataFrame:
    """One row per element: section, topic, element, value."""
    rows = pd.DataFrame(read_rows("odmap", Path(__file__).parent))
    facts = odmap_data.facts(subject) | odmap_model.facts(subject)
    keys = list(rows.itertuples(index=False, name=None))
    unknown = set(facts) - set(keys)
    assert not unknown, unknown
    return rows.assign(value=[facts.get(key) or BLANK for key in keys])


def as_text(table: pd.DataFrame) -> str:
    """The protocol as Markdown, in which names mean nothing but themselves."""
    lines, section, topic = [HEAD], "", ""
    for this_section, this_topic, element, value in table.astype(str).to_numpy().tolist():
        if this_section != section:
            lines.append(f"\n## {this_section}\n")
        if (this_section, this_topic) != (section, topic):
            lines.append(f"\n### {this_topic}\n")
        section, topic = this_section, this_topic
        words = f"*{BLANK}*" if value == BLANK else MARKUP.sub(r"\\\1", " ".join(value.split()))
        lines.append(f"- **{element}**: {words}")
    return "\n".join(lines) + "\n"
