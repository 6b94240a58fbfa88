"""`inference` and `replicas`: the app for many visitors, in several processes that share one for predictions."""

from __future__ import annotations

from pathlib import Path

import click

from sdm.files import PROJECT


@click.command("inference")
@click.argument("address", metavar="ADDRESS")
@click.option(
    "--runs", "homes", multiple=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder of runs; those of the app where none is named.",
)  # fmt: skip
def inference_command(address: str, homes: tuple[Path, ...]) -> None:
    """Answer predictions at ADDRESS (unix:PATH or 127.0.0.1:PORT), for replicas that have it in SDM_INFERENCE."""
    from sdm.inference.imports import import_libraries
    from sdm.inference.local_address import listen, release
    from sdm.inference.server import InferenceServer
    from sdm.runs import find_runs

    homes = homes or (PROJECT / "checkpoints", PROJECT / "runs")
    server = InferenceServer(listen(address), homes)
    for home in homes:
        import_libraries(find_runs(home)[0])
    click.echo(f"answers at {address}", err=True)
    try:
        server.serve()
    finally:
        release(address)


@click.command("replicas")
@click.argument("count", type=click.IntRange(1, 32))
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True, help="Of the proxy.")
@click.option("--first", type=click.IntRange(1, 65535), default=8601, show_default=True, help="Of the replicas.")
def replicas_command(count: int, port: int, first: int) -> None:
    """Serve the app by COUNT replicas behind HAProxy, with one inference process; Ctrl-C ends all."""
    from sdm.cli.replica_processes import serve

    serve(count, port, first)
