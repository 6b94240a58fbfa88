"""Several replicas of the app behind a proxy that keeps each visitor at one of them, and one inference process."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from sdm.errors import SdmError
from sdm.files import PROJECT
from sdm.inference.local_address import VARIABLE

STOP_SECONDS, LOOK_SECONDS, AT_ONCE_SECONDS = 20.0, 1.0, 5.0
HAPROXY = """\
# A visitor stays at one replica: its sessions, uploads and history are there. The cookie says which.
global
    maxconn 2048

defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 120s
    timeout tunnel 1h
    option http-keep-alive
    option redispatch

frontend visitors
    bind 127.0.0.1:{port}
    default_backend replicas

backend replicas
    balance leastconn
    cookie REPLICA insert indirect nocache httponly attr "SameSite=Lax"
    option httpchk GET /_stcore/health
    default-server check inter 5s fastinter 1s downinter 1s fall 3 rise 1
"""


def haproxy_configuration(count: int, port: int, first: int) -> str:
    """The configuration of HAProxy for replicas at the ports from `first`."""
    servers = (f"    server r{i + 1} 127.0.0.1:{first + i} cookie r{i + 1}\n" for i in range(count))
    return HAPROXY.format(port=port) + "".join(servers)


def serve(count: int, port: int, first: int) -> None:
    """Run all of it until this process is stopped."""
    haproxy = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
    if haproxy is None:
        raise SdmError("HAProxy is not installed", remedy="On Debian: apt-get install haproxy")
    with tempfile.TemporaryDirectory(prefix="sdm-replicas-") as folder:
        address = f"unix:{folder}/inference.sock"
        file = Path(folder) / "haproxy.cfg"
        file.write_text(haproxy_configuration(count, port, first), encoding="utf-8")
        shared = {VARIABLE: address, "STREAMLIT_SERVER_COOKIE_SECRET": secrets.token_hex(32)}
        commands = [[sys.executable, "-m", "sdm", "inference", address], [haproxy, "-db", "-f", str(file)]]
        commands += [[sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(first + i)]
                     for i in range(count)]  # fmt: skip
        with _running(commands, shared) as processes:
            click.echo(f"{count} replicas at http://127.0.0.1:{port}", err=True)
            while True:
                time.sleep(LOOK_SECONDS)
                for process in processes:
                    process.start_again()


class _Process:
    """A process that is started again when it ends by itself, but not when it ends at once."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._command = command
        self._environment = {**os.environ, **environment}
        self._start()

    def _start(self) -> None:
        self._begun = time.monotonic()
        self._process = subprocess.Popen(self._command, cwd=PROJECT, env=self._environment)

    def start_again(self) -> None:
        """Where it has ended; SdmError where that was soon."""
        status = self._process.poll()
        if status is None:
            return
        name = " ".join(self._command)
        if time.monotonic() - self._begun < AT_ONCE_SECONDS:
            raise SdmError("a process does not start", where=name, got=f"status {status}")
        click.echo(f"started again after status {status}: {name}", err=True)
        self._start()

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def end(self, until: float) -> None:
        """Wait for that until then, no longer."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(until - time.monotonic(), 0.1))
        self._process.kill()
        self._process.wait()


@contextmanager
def _running(commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> Iterator[list[_Process]]:
    """The processes of `commands`; they end with the block."""
    processes: list[_Process] = []
    try:
        processes.extend(_Process(command, environment) for command in commands)
        yield processes
    finally:
        for process in processes:
            process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for process in processes:
            process.end(until)
