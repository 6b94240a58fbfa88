"""`models`: the registry as a table. No torch is imported."""

from __future__ import annotations

import json

import click

from sdm.cli.options import json_option
from sdm.models.registry import REGISTRY
from sdm.models.specification import EXAMPLE_WIDTH


@click.command("models")
@json_option()
def models_command(as_json: bool) -> None:
    """List the models there are."""
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
