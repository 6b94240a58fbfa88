"""Command-line options generated from a pydantic dataclass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from sdm.cli.options import Decorator
from sdm.runs.options import Option


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
