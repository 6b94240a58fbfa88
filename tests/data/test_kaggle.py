"""Kaggle's client, played by a small program: what it is asked, and what becomes of what it says."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from sdm.cli import main
from sdm.data import kaggle

PROGRAM = """#!{python}
import json, os, sys, time, zipfile
open({asked!r}, "w").write(json.dumps(sys.argv[1:]))
{body}
"""
DOWNLOAD = """
out = sys.argv[sys.argv.index("-p") + 1]
with open(os.path.join(out, sys.argv[3] + ".zip"), "wb") as file:
    file.write(b"x" * 10); file.flush(); time.sleep(0.2)
with zipfile.ZipFile(os.path.join(out, sys.argv[3] + ".zip"), "w") as archive:
    archive.writestr("a", "1")
"""


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Puts a client with this body on the PATH; returns what reads the arguments it was started with."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(kaggle, "LOOK_EVERY", 0.05)
    python, asked = sys.executable, tmp_path / "asked.json"
    monkeypatch.setattr(sys, "executable", str(folder / "python"))  # a real client beside it must not be started

    def install(body: str):
        program = folder / "kaggle"
        program.write_text(PROGRAM.format(python=python, asked=str(asked), body=body))
        program.chmod(0o755)
        return lambda: json.loads(asked.read_text())

    return install


@pytest.fixture
def submission(tmp_path: Path) -> Path:
    path = tmp_path / "submission.csv"
    path.write_text("surveyId,predictions\n1,2 3\n")
    return path


def says(text: str, code: int = 0) -> str:
    return f"print({text!r}); sys.exit({code})"


def test_without_a_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(
        kaggle.KaggleError, match=r"not installed\. Install it beside this program: .* pip install kaggle"
    ):
        kaggle.fetch(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_fetch(tmp_path: Path, client):
    asked, seen = client(DOWNLOAD), []
    archive = kaggle.fetch(tmp_path / "deep" / "out", report=lambda done, _total, _what: seen.append(done))
    assert archive == tmp_path / "deep" / "out" / "geolifeclef-2025.zip"
    assert asked() == ["competitions", "download", "geolifeclef-2025", "-p", str(tmp_path / "deep" / "out")]
    assert 10 in seen
    assert seen[-1] == archive.stat().st_size


def test_a_download_that_stopped_halfway(tmp_path: Path, client):
    client("open(os.path.join(sys.argv[5], 'geolifeclef-2025.zip'), 'wb').write(b'PK half')")
    with pytest.raises(kaggle.KaggleError, match="no whole archive"):
        kaggle.fetch(tmp_path)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("Authentication required to call the Kaggle API.", "kaggle auth login"),
        ("OSError: Could not find kaggle.json. Make sure it's located in /root", "kaggle auth login"),
        ("401 - Unauthorized", "kaggle auth login"),
        ("403 - Forbidden - Permission 'competitions.get' was denied", "accept its rules"),
        ("404 - Not Found", "competition's name"),
        ("HTTPSConnectionPool: Failed to resolve host", "Check the connection"),
        ("something else", "something else"),
        ("", "no word"),
    ],
)
def test_refusals_say_what_to_do(tmp_path: Path, client, text: str, remedy: str):
    client(says(text, code=1))
    with pytest.raises(kaggle.KaggleError, match=remedy):
        kaggle.fetch(tmp_path)


def test_submit(client, submission: Path):
    asked = client(says("100%|###|\r\nSuccessfully submitted to GeoLifeCLEF 2025"))
    assert kaggle.submit(submission, " --my\n best ") == "Successfully submitted to GeoLifeCLEF 2025"
    assert asked() == [
        "competitions", "submit", "geolifeclef-2025", f"--file={submission}", "--message=--my best",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["Could not submit to competition", "Could not find competition - please verify", ""]
)
def test_a_failure_that_exits_with_zero(client, submission: Path, text: str):
    client(says(text))
    with pytest.raises(kaggle.KaggleError, match="client failed"):
        kaggle.submit(submission, "x")


def test_nothing_to_submit(tmp_path: Path, client):
    client(says("Successfully submitted"))
    with pytest.raises(kaggle.KaggleError, match="there is no submission"):
        kaggle.submit(tmp_path / "none.csv", "x")


@pytest.mark.parametrize("name", ["--help", "a b", "", "../x", "x" * 101, "a;b"])
def test_names_that_are_no_competition(tmp_path: Path, name: str):
    with pytest.raises(kaggle.KaggleError, match="no name of a competition"):
        kaggle.fetch(tmp_path, name)


def test_a_client_that_does_not_start(tmp_path: Path, client):
    client("")
    (tmp_path / "bin" / "kaggle").write_text("#!/no/such/program\n")
    with pytest.raises(kaggle.KaggleError, match="does not start"):
        kaggle.fetch(tmp_path)


def test_an_interrupted_fetch_ends_the_client(tmp_path: Path, client):
    client(f"open({str(tmp_path / 'geolifeclef-2025.zip')!r}, 'w').write('x'); time.sleep(60)")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kaggle.fetch(tmp_path, report=stop)


def test_on_the_command_line(tmp_path: Path, client):
    client(DOWNLOAD)
    good = CliRunner().invoke(main, ["fetch", str(tmp_path / "out"), "--competition", "geolifeclef-2024"])
    assert good.exit_code == 0
    assert zipfile.is_zipfile(tmp_path / "out" / "geolifeclef-2024.zip")
    client(says("401 - Unauthorized", code=1))
    bad = CliRunner().invoke(main, ["fetch", str(tmp_path / "out")])
    assert bad.exit_code == 2
    assert bad.stderr.splitlines()[-1].startswith("error: Kaggle's client failed; got 401")
