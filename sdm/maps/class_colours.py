"""Colours of classes in a hierarchy: groups far apart in hue, main types within them, classes by lightness."""

from __future__ import annotations

import colorsys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sdm.analysis.stretches import ramp
from sdm.data.dataset import Targets
from sdm.errors import UnknownNameError

CLASS = "class"  # the level of the classes themselves
# Spans of hue (degrees) of the groups in order, far apart also for colour-blind eyes: warm, cold, violet, green.
SPANS = ((20, 95), (175, 250), (275, 335), (100, 165))
# Viridis without its palest end (matplotlib; van der Walt & Smith 2015).
STEPS = ("#440154", "#414487", "#2A788E", "#22A884", "#7AD151", "#C8E020")
SATURATION, LIGHTNESS = 0.62, (0.36, 0.74)
# Of classes without a hierarchy, in order. Chosen one by one, each as far as it can be from all before it for
# usual, protanopic and deuteranopic eyes (simulated after Machado et al. 2009): the nearest two of the first five
# are 53 units of CIELAB apart, of seven 33, of all sixteen 18.
FLAT = (
    "#337799", "#e2e232", "#3232e2", "#9df1b9", "#b31919", "#9dd5f1", "#339977", "#443399",
    "#8ac44f", "#798cec", "#3bb062", "#3bb0b0", "#993344", "#9df1e3", "#f1f19d", "#8655e7",
)  # fmt: skip
ALONE = (0.30, 0.72)  # lightness of main types of one class
GOLDEN = 0.618034


@dataclass(frozen=True)
class ClassColours:
    """Colours at one level of a hierarchy: `label` (S,) of each class there, and the colour of each label."""

    label: tuple[str, ...]
    colour: dict[str, str]

    def rgb(self, names: np.ndarray) -> dict[str, tuple[int, int, int]]:
        """Class name -> red, green, blue."""
        parts = {name: self.colour[label] for name, label in zip(names, self.label, strict=True)}
        return {str(name): _numbers(text) for name, text in parts.items()}


def levels(targets: Targets) -> tuple[str, ...]:
    """The levels of the hierarchy, fine to coarse, CLASS first."""
    return (CLASS, *targets.hierarchy[-2::-1])


def class_colours(targets: Targets, level: str = CLASS) -> ClassColours:
    """The colours of the classes at `level`; UnknownNameError lists the levels."""
    if level not in levels(targets):
        raise UnknownNameError("unknown level of classes", expected=", ".join(levels(targets)), got=level)
    classes, path = targets.classes, list(targets.hierarchy[:-1])
    column = "name" if level == CLASS else level
    depth = path if level == CLASS else path[: path.index(level)]
    paths = [(*row[:-1], row[-1]) for row in classes[[*depth, column]].astype(str).itertuples(index=False)]
    colours = _colours if path else _flat
    return ClassColours(tuple(row[-1] for row in paths), colours(sorted(set(paths))))


def colours_of_names(names: Iterable[str]) -> dict[str, tuple[int, int, int]]:
    """Class name -> red, green, blue of classes without a hierarchy."""
    colours = _flat([(name,) for name in sorted(set(names))])
    return {name: _numbers(colour) for name, colour in colours.items()}


def value_ramp(values: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    """uint8 RGBA (height, width, 4) of numbers from the lower to the upper limit, NaN transparent."""
    low, high = limits if limits[1] > limits[0] else (limits[0], limits[0] + 1)
    return ramp(values, (low, high), [_numbers(colour) for colour in STEPS])


def value_colours(values: Mapping[str, float]) -> dict[str, tuple[int, int, int]]:
    """Name -> red, green, blue of a number, from the least of all to the largest; NaN has none."""
    known = {name: value for name, value in values.items() if np.isfinite(value)}
    low, high = (min(known.values()), max(known.values())) if known else (0.0, 1.0)
    steps = np.array([_numbers(colour) for colour in STEPS], float)
    at = {name: (value - low) / (high - low or 1) * (len(steps) - 1) for name, value in known.items()}
    mixed = {name: [np.interp(one, range(len(steps)), steps[:, i]) for i in range(3)] for name, one in at.items()}
    return {name: (round(red), round(green), round(blue)) for name, (red, green, blue) in mixed.items()}


def _flat(paths: list[tuple[str, ...]]) -> dict[str, str]:
    """Label -> colour where there is no hierarchy."""
    if len(paths) > len(FLAT):
        return _colours(paths)
    return dict(zip((path[0] for path in paths), FLAT, strict=False))


def _colours(paths: list[tuple[str, ...]]) -> dict[str, str]:
    """Label -> colour: hue by the first part, then within its span by the second, lightness by the last."""
    colour: dict[str, str] = {}
    groups = list(dict.fromkeys(path[0] for path in paths))
    for place, group in enumerate(groups):
        own = [path for path in paths if path[0] == group]
        families = list(dict.fromkeys(path[1] if len(path) > 1 else path[0] for path in own))
        spans = SPANS if len(own[0]) > 1 or len(groups) <= len(SPANS) else None
        for number, family in enumerate(families):
            hue = _hue(place, len(groups), number, len(families), spans)
            leaves = [path[-1] for path in own if (path[1] if len(path) > 1 else path[0]) == family]
            for leaf, lightness in zip(leaves, _steps(len(leaves), number), strict=True):
                red, green, blue = colorsys.hls_to_rgb(hue / 360, lightness, SATURATION)
                colour[leaf] = f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
    return colour


def _hue(group: int, groups: int, family: int, families: int, spans: tuple[tuple[int, int], ...] | None) -> float:
    if spans is None:
        return 360 * group / groups
    low, high = spans[group % len(spans)]
    return low + (high - low) * ((family + 0.5) / families if families > 1 else 0.3)


def _steps(count: int, family: int) -> np.ndarray:
    """Lightness of `count` classes; of one alone it differs by family, for eyes to which their hues are alike."""
    if count > 1:
        return np.linspace(*LIGHTNESS, count)
    low, high = ALONE
    return np.array([low + (high - low) * (GOLDEN * (family + 1) % 1)])


def _numbers(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
