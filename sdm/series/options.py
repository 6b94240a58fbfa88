"""Choices of the one who reads or imports series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

MASKED = -999.0  # what exports write where a pixel is masked


@dataclass(frozen=True)
class ReadOptions:
    """How exports are read.

    `bands`: the features wanted, in that order; None for those that most files have. `columns`: role (a key of
    `columns.NAMES`) -> name of its column. `position`: rows are of one pixel where their positions are equal
    ("exact"), or equal to 6 digits ("rounded"); "auto" is exact in labelled files, rounded in others.
    `one_a_month`: of several dates in a month the first alone is used. `site`: what the files' site is called, by
    their names where None.
    """

    bands: tuple[str, ...] | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    position: Literal["auto", "exact", "rounded"] = "auto"
    masked: float = MASKED
    one_a_month: bool = True
    site: str | None = None


@dataclass(frozen=True)
class ImportOptions:
    """Choices for a whole data set.

    `neighbours_m`: pixels no further apart belong to one field point, where no column says so. `block_m`: side of
    the blocks of the block split, by the size of the sites where None. `classes`: those to use, all where
    None; where no file has any, those that a model may predict. `most`: pixels of a class at most.
    """

    title: str = ""
    read: ReadOptions = field(default_factory=ReadOptions)
    classes: tuple[str, ...] | None = None
    neighbours_m: float = 15.0
    block_m: float | None = None
    most: int | None = None
    seed: int = 0
    simulated: bool = False
    world_version: str | None = None
