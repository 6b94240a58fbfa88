"""The rasters of a site opened on one grid, with the bands that are wanted in their order."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from sdm.errors import DataError
from sdm.rasters.sources import ImportOptions, LayerFiles, SiteFiles
from sdm.rasters.stack import RasterStack


def open_layers(
    site: SiteFiles, bands: Sequence[tuple[str, ...] | None], options: ImportOptions, opened: ExitStack
) -> tuple[list[RasterStack], tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """The layers on the grid of the first, what their bands are called, and notes of bands left out or moved.

    `bands` names those wanted of each. DataError where one is not there, or holds no value.
    """
    stacks: list[RasterStack] = []
    names: list[tuple[str, ...]] = []
    notes: list[str] = []
    for layer, wanted in zip(site.layers, bands, strict=True):
        stack, called, note = open_layer(layer, wanted, by_position=options.by_position)
        if stacks and not stack.same_grid(stacks[0]):
            stack.close()
            files, numbers = stack.files, stack.bands
            stack = RasterStack((stacks[0].files[0], *files), ((), *numbers))
        stacks.append(opened.enter_context(stack))
        names.append(called)
        notes += note
    for stack in stacks:
        _refuse_empty(stack)
    return stacks, tuple(names), tuple(notes)


def open_layer(
    layer: LayerFiles, wanted: tuple[str, ...] | None, *, by_position: bool
) -> tuple[RasterStack, tuple[str, ...], list[str]]:
    """The rasters of `layer` with the bands `wanted`, in that order, found by name or, `by_position`, by number.

    With what the bands are called, and notes of bands left out or moved. DataError where one lacks.
    """
    stack = RasterStack(layer.files)
    wanted = wanted or layer.bands
    names = tuple(f"c{i}" for i in range(1, len(stack.names) + 1)) if by_position else stack.names
    if wanted is None or wanted == names:
        return stack, names, []
    lacking = [name for name in wanted if name not in names]
    stack.close()
    if lacking:
        raise DataError(
            f"the raster lacks bands ({', '.join(lacking)})", where=", ".join(path.name for path in layer.files),
            expected=", ".join(wanted), got=", ".join(names),
            remedy="Describe the bands of all sites alike, name those they share, or take them by their position.",
        )  # fmt: skip
    surplus = [name for name in names if name not in wanted]
    notes = [f"bands not used: {', '.join(surplus)}"] if surplus else []
    order = [name for name in names if name in wanted]
    notes += [f"bands brought to another order: they were {', '.join(order)}"] if order != list(wanted) else []
    return stack.select([names.index(name) for name in wanted]), wanted, notes


def _refuse_empty(stack: RasterStack) -> None:
    empty = stack.empty_bands()
    if empty:
        where = ", ".join(path.name for path in stack.files)
        what = "the raster holds no value" if len(empty) == len(stack.names) else "bands hold no value"
        remedy = "Check its missing-value mark (nodata) and its mask."
        raise DataError(what, where=where, got=f"only missing values in {', '.join(empty)}", remedy=remedy)
