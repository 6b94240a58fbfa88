"""Diagrams of networks."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from sdm.figures.network import alt, columns, diagram

ROWS = pd.DataFrame(
    [("patch", "input", "Sentinel-2 <patch>", (4, 8, 8), 0), ("patch", "conv1", "Conv2d 3 x 3", (2, 8, 8), 74),
     ("place", "input", "place", (2,), 0), ("place", "", "learnt vectors", None, 3),
     ("", "head", "Linear", (5,), 30)],
    columns=["branch", "layer", "type", "shape", "parameters"],
)  # fmt: skip


def texts(svg: str) -> list[str]:
    """All text of a well-formed picture."""
    return [node.text or "" for node in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("table", [ROWS, ROWS[ROWS["branch"] == ""]])
def test_a_box_per_layer_with_its_numbers(table: pd.DataFrame) -> None:
    said = texts(diagram(table))
    assert len(said) == 2 * len(table)
    assert any("30" in text for text in said)
    assert len(columns(table)) == table["branch"].nunique()


def test_words_name_branches_and_all_parameters() -> None:
    said = alt("mine", ROWS)
    assert "patch, place" in said
    assert "107" in said
