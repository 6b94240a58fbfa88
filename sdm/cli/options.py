"""Options several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sdm.data.known import default_data

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
FALLBACK = "Falls back to SDM_DATA, then to the virtual Europe."


def _resolve(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path:
    return value if value is not None else default_data()


def data_option() -> Decorator:
    """`--data DIR`, given to the command as the path `data`."""
    return click.option("--data", type=click.Path(path_type=Path), callback=_resolve, help=f"Data set. {FALLBACK}")


def data_argument() -> Decorator:
    """`[DATA]`, given to the command as the path `data`."""
    return click.argument("data", type=click.Path(path_type=Path), required=False, callback=_resolve)


def json_option() -> Decorator:
    """`--json`, given as the flag `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")
