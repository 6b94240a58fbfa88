"""The command that writes all that is taken away of a species."""

from __future__ import annotations

import json
from pathlib import Path

import click

from sdm.cli.options import data_option, json_option
from sdm.cli.progress import progress_bar
from sdm.data.open import open_dataset
from sdm.exports.bundle import write_export
from sdm.exports.subject import subject_of
from sdm.runs import Run

PATH = click.Path(path_type=Path)


@click.command("export")
@click.argument("run", type=PATH)
@data_option()
@click.option("--species", required=True, help="Its name, whatever its case, or its id in the data.")
@click.option("--out", type=PATH, required=True, help="New folder.")
@json_option()
def export_command(run: Path, data: Path, species: str, out: Path, as_json: bool) -> None:
    """Write predictions, map, figures, a protocol in the headings of ODMAP, and a script that makes the map again.

    Of one species, as RUN sees it in DATA, which must be the data it was trained on.
    """
    subject = subject_of(open_dataset(data), Run.open(run), species)
    with progress_bar(" parts") as report:
        names = write_export(subject, out, report)
    if as_json:
        answer = {"species": subject.name, "class_id": subject.class_id, "folder": str(out), "files": names}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    click.echo(f"{out}: {subject.name}; {', '.join(names)}")
