"""Forty patches on one sheet, to judge by eye: natural colour and false-colour infrared side by side.

`python -m sdm.virtual_europe.imagery.sheet --out docs/patch-sheet.png` draws it; `--key` prints which cover is
which.
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sdm.geo.coastline import is_land
from sdm.virtual_europe.geography import places
from sdm.virtual_europe.imagery.patch import render_patches
from sdm.virtual_europe.place import COVERS, Places

_COLUMNS, _ROWS = 5, 8
_ZOOM, _GAP, _LABEL = 3, 8, 16  # factor, and pixels of the sheet
_SIDE = 64 * _ZOOM
_TYPICAL = 0.55  # share of its own cover around a place fit for the sheet
_CANDIDATES = 60_000
_BLACK, _WHITE = 250.0, 1200.0  # most drawn black and least drawn white, so that plain water stays dark
_INFRARED_TO_VISIBLE = 0.5  # vegetation is that much darker in red and green


def natural(patch: np.ndarray) -> np.ndarray:
    """A patch (4, 64, 64) as red, green, blue, (64, 64, 3) uint8, stretched over its own brightness."""
    return _stretch(patch[:3].astype(np.float32))


def infrared(patch: np.ndarray) -> np.ndarray:
    """The same as near infrared, red, green: plants are red, water black."""
    weights = np.array([_INFRARED_TO_VISIBLE, 1.0, 1.0], np.float32)[:, None, None]
    return _stretch(patch[[3, 0, 1]] * weights)


def _stretch(bands: np.ndarray) -> np.ndarray:
    low = min(0.8 * float(np.percentile(bands, 1)), _BLACK)
    high = max(float(np.percentile(bands, 99.3)), _WHITE)
    level = np.clip((bands - low) / (high - low), 0.0, 1.0) ** 0.75
    return (255.0 * level).astype(np.uint8).transpose(1, 2, 0)


def choose(candidates: Places, seed: int) -> np.ndarray:
    """Rows of forty places in random order, the covers as even as the candidates allow."""
    random = np.random.default_rng(seed)
    own = candidates.cover[np.arange(len(candidates)), candidates.centre]
    best = np.argsort(np.abs(own - _TYPICAL) + 0.02 * random.random(len(own)))
    turn = np.empty(len(own), int)
    for cover in range(len(COVERS)):
        mine = candidates.centre[best] == cover
        turn[best[mine]] = np.arange(mine.sum())
    first = np.lexsort((random.random(len(own)), turn))[: _COLUMNS * _ROWS]
    return random.permutation(first)


def draw_sheet(chosen: Places) -> Image.Image:
    """The numbered sheet of forty places."""
    step_x, step_y = 2 * _SIDE + 2 + _GAP, _SIDE + _LABEL + _GAP
    sheet = Image.new("RGB", (_COLUMNS * step_x + _GAP, _ROWS * step_y + _GAP), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for number, patch in enumerate(render_patches(chosen)):
        row, column = divmod(number, _COLUMNS)
        left, top = _GAP + column * step_x, _GAP + row * step_y
        pen.text((left, top), str(number + 1), "black", font)
        for offset, colours in ((0, natural(patch)), (_SIDE + 2, infrared(patch))):
            tile = Image.fromarray(colours).resize((_SIDE, _SIDE), Image.Resampling.NEAREST)
            sheet.paste(tile, (left + offset, top + _LABEL))
        _mark_centre(pen, left, top + _LABEL)
    return sheet


def _mark_centre(pen: ImageDraw.ImageDraw, left: int, top: int) -> None:
    """Ticks outside the tiles, level with the survey."""
    middle, across = top + _SIDE // 2, left + _SIDE // 2
    pen.line((left - 6, middle, left - 2, middle), "black", 2)
    pen.line((across, top - 6, across, top - 2), "black", 2)


def _candidates(seed: int) -> Places:
    random = np.random.default_rng(seed)
    lon = random.uniform(-10.0, 32.0, _CANDIDATES)
    lat = random.uniform(36.0, 70.0, _CANDIDATES)
    land = is_land(lon, lat)
    return places(lon[land], lat[land], 2018, seed)


@click.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="PNG to write.")
@click.option("--seed", default=1, show_default=True)
@click.option("--key", is_flag=True, help="Print the cover and position of each number.")
def main(out: Path, seed: int, key: bool) -> None:
    """Draw forty simulated patches of all covers, without names."""
    candidates = _candidates(seed)
    chosen = candidates[choose(candidates, seed)]
    draw_sheet(chosen).save(out, optimize=True)
    if key:
        for number, (centre, lon, lat) in enumerate(zip(chosen.centre, chosen.lon, chosen.lat, strict=True), 1):
            click.echo(f"{number:2d}  {COVERS[centre]:22s} {lat:.3f} N {lon:.3f} E")


if __name__ == "__main__":
    main()
