"""Options several commands share, and options generated from a pydantic dataclass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sdm.data.catalogue import default_data, known_datasets

if TYPE_CHECKING:  # `models` and `check` need not wait for what runs import
    from sdm.runs.training_options import Option

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
FALLBACK = "A folder, or the name of one under data/. Falls back to SDM_DATA, then to the virtual Europe."


def find_data(value: Path | None) -> Path:
    """The folder a user means: an existing path, else a data set known by that name; the default one for None."""
    if value is None:
        return default_data()
    return value if value.exists() else known_datasets().get(str(value), value)


def _resolve(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path:
    return find_data(value)


def data_option() -> Decorator:
    """`--data DIR`, given to the command as the path `data`."""
    return click.option("--data", type=click.Path(path_type=Path), callback=_resolve, help=f"Data set. {FALLBACK}")


def data_argument() -> Decorator:
    """`[DATA]`, given to the command as the path `data`."""
    return click.argument("data", type=click.Path(path_type=Path), required=False, callback=_resolve)


def json_option() -> Decorator:
    """`--json`, given as the flag `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")


def options_from(options: Mapping[str, Option], *, defaults: bool) -> Decorator:
    """One command-line option per row of `options`; without `defaults`, one that is not given is None."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed([*options.values()]):
            limits = f" [{option.limits}]" if option.limits else ""
            function = click.option(
                option.flag, option.name, type=click.Choice(option.choices) if option.choices else option.kind,
                default=option.default if defaults else None, show_default=defaults,
                help=f"{option.description}{limits}",
            )(function)  # fmt: skip
        return function

    return decorate
