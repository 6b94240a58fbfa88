"""A process that is killed at any moment leaves the old state or the new one, and nothing else in the end."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sdm.files import atomic
from sdm.staging import atomic_content, clear_strays

OPERATIONS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"}
OF_THE_USER = (".part-video", ".part-0123456789abcdef0", ".part-0123456789ABCDEF", "x.part-0123456789abcdef")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")


def killed_at(number: int, work: Callable[[], None]) -> bool:
    """Do `work` in a process that is killed before its file operation `number`; False where it has fewer."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == signal.SIGKILL
    done = 0

    def count(event: str, _arguments: object) -> None:
        nonlocal done
        if event in OPERATIONS:
            done += 1
            if done == number:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        sys.addaudithook(count)
        work()
    finally:
        os._exit(0)


def write_two(home: Path) -> None:
    with atomic_content(home) as new:
        for name in ("one", "two"):
            (new / name).mkdir()
            (new / name / "value").write_text("new")


def write_file(home: Path) -> None:
    with atomic(home / "one") as file:
        file.write(b"new")


def state(home: Path) -> dict[str, str]:
    """The files in `home` but those of the user."""
    files = {path.relative_to(home).as_posix(): path for path in home.rglob("*") if path.is_file()}
    return {name: path.read_text() for name, path in files.items() if name not in OF_THE_USER}


def homes(folder: Path, old: dict[str, str], work: Callable[[Path], None]) -> list[Path]:
    """A folder with the files `old`, and those of the user, for each moment at which `work` in it was killed."""
    killed: list[Path] = []
    while True:
        home = folder / str(len(killed))
        home.mkdir()
        for name, text in old.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(text)
        for name in OF_THE_USER:
            (home / name).touch()
        if not killed_at(len(killed) + 1, lambda home=home: work(home)):
            return killed
        killed.append(home)


def test_folders_change_together_whenever_their_writer_is_killed(tmp_path: Path) -> None:
    before, after = {"one/value": "old"}, {"one/value": "new", "two/value": "new"}
    killed = homes(tmp_path, before, write_two)
    left = []
    for home in killed:
        clear_strays(home)
        left.append(state(home))
        assert {path.name for path in home.iterdir()} == {*OF_THE_USER, *(name.split("/")[0] for name in left[-1])}
    assert len(killed) > 12 and before in left and after in left
    assert all(one in (before, after) for one in left)
    for home in killed:
        write_two(home)
        assert state(home) == after


def test_the_next_writer_clears_and_succeeds(tmp_path: Path) -> None:
    for home in homes(tmp_path, {}, write_file):
        write_file(home)
        assert set(state(home).values()) == {"new"}
        assert not {path.name for path in home.iterdir()} - {*OF_THE_USER, "one", "two"}


def test_what_living_processes_write_stays(tmp_path: Path) -> None:
    with atomic_content(tmp_path) as new:
        (new / "one").touch()
        clear_strays(tmp_path)
        assert not killed_at(0, lambda: clear_strays(tmp_path))
        assert (new / "one").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_what_the_user_made_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    """Of a stray that is completed."""
    for home in homes(tmp_path, {}, write_two):
        (home / "two").mkdir(exist_ok=True)
        (home / "two" / "value").write_text("precious")
        clear_strays(home)
        assert (home / "two" / "value").read_text() == "precious"


def test_many_writers_in_one_folder(tmp_path: Path) -> None:
    """None takes what another has just begun for a stray."""

    def write(number: int) -> None:
        with atomic(tmp_path / str(number)) as file:
            file.write(b"new")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(120)))
    assert state(tmp_path) == {str(number): "new" for number in range(120)}
