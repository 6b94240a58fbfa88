"""What a modality, one kind of input, declares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sdm.modalities.layouts import Layout


@dataclass(frozen=True)
class Fact:
    """One number with its unit; None where the data do not tell."""

    name: str
    value: float | None
    unit: str = ""

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.name} unknown"
        text = f"{self.value:.0f}" if abs(self.value) >= 100 else f"{self.value:.4g}"
        return f"{self.name} {text} {self.unit}".rstrip()


@dataclass(frozen=True)
class ChannelOrder:
    """A relation between channels that shows their order. `holds` of (*shape) is None where values are missing."""

    expected: str
    holds: Callable[[np.ndarray], bool | None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Modality:
    """One kind of input: what it is, where it lies in a tree, and what is made of it.

    `shape` is that of one survey, channels first, `axes` names each dimension and `coordinates` its positions,
    where they have names. `physical = stored * scale + offset` per channel, in `units`; `coded` marks channels
    whose numbers are class codes. In memory missing values are NaN; `nodata` is how integer files write them.

    Parts further down are named, not imported: `preparations` (of `sdm.models.preparation`, the default first),
    `encoders` (generic ones of `sdm.models.encoders`), `simulator` (of `sdm.virtual_europe.simulators`, None where
    there is none), `view` (of `sdm.ui.components.dossier.views`), `colour` (of `sdm.figures.style`).

    `summary` gives the numbers of `facts` and `features` what surveys are compared by; both have a default.
    `phrase` names it within a sentence; lists of inputs are in ascending `order`.
    """

    name: str
    title: str
    phrase: str
    meaning: str
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    channels: tuple[str, ...]
    channel_titles: tuple[str, ...]
    units: tuple[str, ...]
    scale: tuple[float, ...]
    offset: tuple[float, ...]
    dtype: str
    nodata: float | None
    source: str
    layouts: tuple[Layout, ...]
    colour: str
    order: int
    coordinates: Mapping[str, Sequence[object]] = field(default_factory=dict)
    coded: tuple[bool, ...] = ()
    preparations: tuple[str, ...] = ("standardise",)
    encoders: tuple[str, ...] = ()
    simulator: str | None = None
    view: str = "series"
    summary: Callable[[np.ndarray], tuple[Fact, ...]] | None = None
    features: Callable[[np.ndarray], np.ndarray] = field(default=lambda values: usual_course(values))
    channel_order: ChannelOrder | None = None

    @property
    def titles(self) -> dict[str, str]:
        """Channel -> title."""
        return dict(zip(self.channels, self.channel_titles, strict=True))

    @property
    def is_image(self) -> bool:
        """Whether its last two dimensions are rows and columns of pixels."""
        return self.axes[-2:] == ("row", "column")

    def to_physical(self, stored: np.ndarray) -> np.ndarray:
        """`stored` (..., *shape) in physical units, float32, same shape; NaN stays NaN."""
        trailing = (1,) * (len(self.shape) - 1)
        scale = np.asarray(self.scale, np.float32).reshape(-1, *trailing)
        offset = np.asarray(self.offset, np.float32).reshape(-1, *trailing)
        return stored.astype(np.float32) * scale + offset

    def from_file(self, stored: np.ndarray) -> np.ndarray:
        """`stored` as float32 with NaN for `nodata`."""
        values = stored.astype(np.float32)
        return values if self.nodata is None else np.where(values == self.nodata, np.float32(np.nan), values)

    def facts(self, values: np.ndarray) -> tuple[Fact, ...]:
        """The share of valid values of one survey (*shape), then `summary` or the mean of each channel."""
        valid = Fact("valid", 100 * float(np.isfinite(values).mean()), "%")
        if self.summary is not None:
            return valid, *self.summary(values)
        means = (mean(channel) for channel in self.to_physical(values))
        return valid, *map(Fact, self.channel_titles, means, self.units)

    def layouts_of(self, edition: int, source: str) -> tuple[Layout, ...]:
        """The layouts in the tree of `edition`, best first."""
        return tuple(row for row in self.layouts if (row.edition, row.source) == (edition, source))


class ModalityRegistry(Mapping[str, Modality]):
    """Modality by name: the `listed` ones, which it iterates over, and any that `described` makes of its name.

    `described` raises KeyError for what is no such name.
    """

    def __init__(self, listed: Iterable[Modality], described: Callable[[str], Modality]) -> None:
        self.listed = {modality.name: modality for modality in listed}
        self._described = described

    def __getitem__(self, name: str) -> Modality:
        return self.listed.get(name) or self._described(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.listed)

    def __len__(self) -> int:
        return len(self.listed)


def usual_course(values: np.ndarray) -> np.ndarray:
    """The means (n, d) of `values` (n, channel, ..., last) over the axes between, channels in turn."""
    return np.nanmean(values, axis=tuple(range(2, values.ndim - 1))).reshape(len(values), -1)


def mean(values: np.ndarray) -> float | None:
    """The mean of the finite values, None without any."""
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if finite.size else None


def normalised_difference(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(a - b) / (a + b); NaN where the sum is not positive."""
    total = a + b
    return np.divide(a - b, total, out=np.full_like(total, np.nan), where=total > 0)
