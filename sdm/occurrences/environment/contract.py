"""What every source of predictors can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sdm.occurrences.reading.reader import Rows
from sdm.occurrences.report import Tally


class Environment(Protocol):
    """A source of predictors."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the tables that are read for it."""
        ...

    @property
    def codes(self) -> tuple[str, ...]:
        """Predictors that are class codes."""
        ...

    @property
    def modality(self) -> str | None:
        """The input that they are; None for one that is named after them."""
        ...

    @property
    def anywhere(self) -> bool:
        """Whether places of no table have predictors."""
        ...

    @property
    def land_only(self) -> bool:
        """Whether places at sea have none, whatever is near."""
        ...

    @property
    def sentence(self) -> str:
        """What it is, for the report."""
        ...

    def filled(self, rows: Rows, tally: Tally) -> Rows:
        """`rows` with their predictors as `values`, NaN where there are none."""
        ...


@dataclass(frozen=True)
class TableEnvironment:
    """Predictors are `columns` of the tables themselves."""

    columns: tuple[str, ...]
    codes: tuple[str, ...] = ()
    modality: str | None = None
    anywhere: bool = False
    land_only: bool = False

    @property
    def sentence(self) -> str:
        """What it is."""
        return "columns of the tables" if self.columns else "none"

    def filled(self, rows: Rows, _tally: Tally) -> Rows:
        """They have been read with the rows."""
        return rows
