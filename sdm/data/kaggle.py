"""The competition's files and submissions, by way of Kaggle's own client.

The client is a program of its own that is looked for when it is needed. It finds its token itself; nothing here
reads one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from sdm.errors import SdmError
from sdm.jobs import Report, no_report

COMPETITION = "geolifeclef-2025"
CLIENT = "kaggle"
LOOK_EVERY = 0.5  # seconds between two looks at how far a download is
LONGEST_MESSAGE = 200
REFUSED = "could not"  # the client says so and still exits with 0
GET_CLIENT = f"Install it beside this program: {sys.executable} -m pip install kaggle"
GET_TOKEN = (
    "Run `kaggle auth login`, or make a token on your Kaggle settings page and keep it where the client says."
)
JOIN = "Join the competition and accept its rules on its Kaggle page, then try again."
# What the client says (lower case) -> what to do about it; the first that fits.
REMEDIES = (
    (("authenticat", "401", "unauthorized", "kaggle.json", "credential", "api token"), GET_TOKEN),
    (("403", "forbidden", "accept"), JOIN),
    (("404", "not found"), "Check the competition's name."),
    (("resolve", "connection", "timed out", "network"), "Check the connection and try again."),
)


class KaggleError(SdmError):
    """Kaggle's client is absent, has no token, or was refused."""


def find_client() -> Path:
    """Kaggle's client, beside this Python or on the PATH; KaggleError says how to get it."""
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    client = shutil.which(CLIENT, path=places)
    if client is None:
        raise KaggleError("Kaggle's own client is not installed", remedy=GET_CLIENT)
    return Path(client)


def fetch(out: Path, competition: str = COMPETITION, report: Report = no_report) -> Path:
    """Download all files of `competition` into the folder `out`; the archive's path.

    `report` is told the bytes there are, twice a second; their sum is unknown. A download that was interrupted
    goes on where it stopped. KaggleError when the client is absent, has no token, or was refused.
    """
    name = _competition(competition)
    client = find_client()
    out.mkdir(parents=True, exist_ok=True)
    archive = out / f"{name}.zip"

    def look() -> None:
        if archive.exists():
            report(archive.stat().st_size, 0, competition)

    _run([str(client), "competitions", "download", name, "-p", str(out)], look)
    if not zipfile.is_zipfile(archive):
        raise KaggleError("the client left no whole archive", where=archive, remedy="Run the command again.")
    return archive


def submit(submission: Path, message: str, competition: str = COMPETITION) -> str:
    """Send the file `submission` to `competition`; what the client answered.

    `message` is the note that Kaggle shows beside it. KaggleError when the client is absent, has no token, or the
    submission was refused.
    """
    name = _competition(competition)
    if not submission.is_file():
        raise KaggleError("there is no submission", where=submission)
    note = " ".join(message.split())[:LONGEST_MESSAGE]
    # One word with "=": a note that begins with a hyphen stays a note.
    command = [str(find_client()), "competitions", "submit", name, f"--file={submission}", f"--message={note}"]
    answer = _run(command, lambda: None)
    if REFUSED in answer.lower() or not answer.strip():
        raise _failure(answer)
    return _last_line(answer)


def _competition(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,99}", name):
        raise KaggleError("no name of a competition", expected="lower-case letters, digits and -", got=name)
    return name


def _run(command: Sequence[str], look: Callable[[], None]) -> str:
    """Run the client to its end, with a `look` now and then; what it printed. KaggleError when it failed."""
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        except OSError as problem:
            raise KaggleError("Kaggle's client does not start", where=command[0], got=problem) from None
        try:
            _wait(process, look)
        except BaseException:
            process.terminate()
            process.wait()
            raise
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode:
        raise _failure(text)
    return text


def _wait(process: subprocess.Popen[bytes], look: Callable[[], None]) -> None:
    while True:
        try:
            process.wait(LOOK_EVERY)
        except subprocess.TimeoutExpired:
            look()
        else:
            return look()


def _failure(text: str) -> KaggleError:
    message = text.lower()
    remedy = next((remedy for signs, remedy in REMEDIES if any(sign in message for sign in signs)), None)
    return KaggleError("Kaggle's client failed", got=_last_line(text) or "no word", remedy=remedy)


def _last_line(text: str) -> str:
    """The last line that says something; progress bars overwrite theirs with carriage returns."""
    lines = [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]
    return lines[-1][:300] if lines else ""
