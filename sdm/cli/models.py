"""`models`: the registry as a table. No torch is imported."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from sdm.cli.options import json_option
from sdm.models.registry import REGISTRY
from sdm.models.specification import EXAMPLE_WIDTH


@click.command("models")
@click.option(
    "--published", is_flag=True, help="List how the sources trained them, for `sdm train MODEL --as NAME`."
)
@json_option()
def models_command(published: bool, as_json: bool) -> None:
    """List the models there are."""
    if published:
        _list_published(as_json)
        return
    rows = [
        {
            "name": spec.name,
            "inputs": ", ".join(spec.inputs) or ", ".join(spec.site) or "place",
            "parameters": spec.parameters,
            "description": spec.description,
            "reference": spec.reference,
        }
        for spec in REGISTRY.values()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        count = f"{row['parameters']:,}" if row["parameters"] else "-"
        click.echo(f"{row['name']:<22} {row['inputs']:<36} {count:>12}  {row['description']}")
    click.echo(f"\nParameters for {EXAMPLE_WIDTH} species. Decoders: `python -m sdm predict --help`")


def _list_published(as_json: bool) -> None:
    """The settings of the sources: a line for what each gives, one for what is set here, one for what differs."""
    from sdm.runs.published_settings import PUBLISHED_SETTINGS  # the list of models need not wait for pydantic

    rows = PUBLISHED_SETTINGS.values()
    if as_json:
        click.echo(json.dumps([_plain(vars(row)) for row in rows], indent=2))
        return
    for row in rows:
        click.echo(f"{row.model} --as {row.name}  ({row.source})")
        click.echo(f"  published: {_words(row.settings)}")
        click.echo(f"  not said, so ours: {_words(row.chosen)}")
        click.echo(f"  {row.remark}")


def _plain(value: Any) -> Any:
    """With plain dicts for mappings."""
    return {name: _plain(of) for name, of in value.items()} if isinstance(value, Mapping) else value


def _words(settings: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {json.dumps(value) if isinstance(value, dict) else value}" for name, value in settings.items()
    )
