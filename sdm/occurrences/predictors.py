"""Which columns are predictors, which of them class codes, and all of them as one array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sdm.errors import DataError
from sdm.formats.table import whole
from sdm.modalities import MODALITIES
from sdm.modalities.predictors import predictors_name
from sdm.occurrences.columns import TableColumns
from sdm.occurrences.options import ImportOptions
from sdm.occurrences.reading.reader import Rows
from sdm.occurrences.report import Tally
from sdm.occurrences.running_numbers import set_aside

FEW, LARGEST_CODE = 12, 255


@dataclass(frozen=True)
class Predictors:
    """Predictors of N sites: `numbers` and `codes` by name; `values` float32 (N, numbers + codes), NaN missing;
    `levels`: code of text -> its words and the number of each; `of`: the modality they are, None for one that
    is named after them."""

    numbers: tuple[str, ...]
    codes: tuple[str, ...]
    values: np.ndarray
    levels: dict[str, dict[str, int]]
    of: str | None = None

    @property
    def modality(self) -> str | None:
        """The modality they are; None without any."""
        if self.of is not None:
            return self.of
        return predictors_name(self.numbers, self.codes) if self.numbers or self.codes else None


def shared_columns(tables: Sequence[TableColumns], options: ImportOptions, tally: Tally) -> tuple[str, ...]:
    """The columns that `options` names, else those that all `tables` have; DataError for one that is not there."""
    wanted = (*options.predictors, *(name for name in options.categories if name not in options.predictors))
    for name in wanted:
        for table in tables:
            if name not in table.others:
                raise DataError("no such predictor", where=table.path, expected=name, got=", ".join(table.others))
    if options.predictors:
        return wanted
    others = [set(table.others) for table in tables]
    common = [name for name in tables[0].others if all(name in names for names in others)]
    aside = set_aside(tables[0].source, [name for name in common if name not in wanted])
    tally.add("set_aside", tables[0].path.name, len(aside), aside)
    shared = set(common)
    for table in tables:
        unused = [name for name in table.others if name not in shared]
        tally.add("unused_column", table.path.name, len(unused), unused)
    return tuple(name for name in common if name not in aside)


def whole_input(parts: Sequence[Rows], modality: str) -> Predictors:
    """The predictors of all `parts`, which are the variables of `modality` in their order."""
    values = pd.concat([part.values for part in parts], ignore_index=True).to_numpy(np.float32)
    known = MODALITIES[modality]
    pairs = list(zip(known.channels, known.coded, strict=True))
    numbers, codes = (tuple(name for name, code in pairs if code == wanted) for wanted in (False, True))
    return Predictors(numbers, codes, values, {}, modality)


def gathered(parts: Sequence[Rows], categories: Sequence[str], tally: Tally) -> Predictors:
    """The predictors of all `parts` in turn; `categories` are class codes. Text that is none is not used."""
    frame = pd.concat([_plain(part.values) for part in parts], ignore_index=True)
    numbers, codes, levels, unused = [], [], {}, []
    for name in frame.columns:
        is_text = any(part.values[name].dtype.kind != "f" for part in parts)
        if is_text and name not in categories:
            unused.append(name)
        elif is_text:
            frame[name], levels[name] = _numbered(frame[name])
            codes.append(name)
        elif name in categories or _is_binary(frame[name]):
            _check_codes(name, frame[name])
            codes.append(name)
        else:
            numbers.append(name)
    tally.add("unused_column", "all tables", len(unused), unused)
    few = [name for name in numbers if _has_few(frame[name].to_numpy())]
    tally.add("few_values", "all tables", len(few), few)
    values = frame[[*numbers, *codes]].to_numpy(np.float32)
    return Predictors(tuple(numbers), tuple(codes), values, levels)


def _plain(values: pd.DataFrame) -> pd.DataFrame:
    """Categories of text as text."""
    return pd.DataFrame(
        {name: column if column.dtype.kind == "f" else column.astype(object) for name, column in values.items()}
    )


def _numbered(column: pd.Series) -> tuple[pd.Series, dict[str, int]]:
    """Text codes as numbers from 1 in ascending order of the words."""
    text = column.where(column.notna(), "").astype(str)
    words = sorted(set(text) - {""})
    if len(words) > LARGEST_CODE:
        raise DataError("too many class codes", where=str(column.name), expected=LARGEST_CODE, got=len(words))
    number = {word: i for i, word in enumerate(words, 1)}
    return text.map(number).astype(np.float64), number


def _is_binary(column: pd.Series) -> bool:
    values = column.dropna().unique()
    return len(values) == 2 and bool(whole(values).all()) and bool((values >= 0).all())


def _has_few(values: np.ndarray) -> bool:
    known = np.unique(values[np.isfinite(values)])
    return 2 < len(known) <= FEW and bool(whole(known).all())


def _check_codes(name: str, column: pd.Series) -> None:
    """DataError where class codes are no bytes: they are the rows of a table that models learn."""
    values = column.dropna().to_numpy(np.float64)
    good = whole(values) & (values >= 0) & (values <= LARGEST_CODE)
    if not good.all():
        raise DataError(
            "no class codes", where=name, expected=f"whole numbers from 0 to {LARGEST_CODE}, or words",
            got=values[~good][0],
        )  # fmt: skip
