"""The program runs on Windows too: what only POSIX systems have is not used without asking for the platform."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = [*ROOT.glob("sdm/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py"]
MODULES = {
    "crypt", "curses", "fcntl", "grp", "nis", "ossaudiodev", "posix", "pty", "pwd", "readline", "resource", "spwd",
    "syslog", "termios", "tty",
}  # fmt: skip
NAMES = {
    "os": {
        "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "PRIO_PROCESS", "chown", "chroot", "fchmod",
        "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getloadavg", "getpgid", "getuid", "killpg",
        "lchown", "mkfifo", "mknod", "nice", "openpty", "posix_fadvise", "posix_fallocate", "posix_spawn", "pread",
        "preadv", "pwrite", "sched_getaffinity", "sendfile", "setgid", "setpgid", "setpriority", "setsid",
        "setuid", "statvfs", "sync", "sysconf", "uname", "wait", "waitid",
    },
    "signal": {"SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGUSR1", "SIGUSR2", "alarm",
               "pause", "pthread_kill", "setitimer"},
}  # fmt: skip


def unguarded(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below `node` but those in an `if` that asks for `sys.platform`."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If | ast.IfExp) and "platform" in ast.unparse(child.test)):
            yield child
            yield from unguarded(child)


def posix_only(source: str) -> list[str]:
    """What in `source` Windows does not have."""
    found = []
    for node in unguarded(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.partition(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [alias.name for alias in node.names if alias.name in NAMES.get(node.module, ())]
            found += [node.module] if node.module.partition(".")[0] in MODULES else names
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found += [node.attr] if node.attr in NAMES.get(node.value.id, ()) else []
    return found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import fcntl", ["fcntl"]),
        ("def f():\n    from resource import getrusage", ["resource"]),
        ("import os\nos.setpriority(0, 1, 2)", ["setpriority"]),
        ("from os import fork", ["fork"]),
        ("import os\nFLAGS = os.O_RDONLY | os.O_DIRECTORY", ["O_DIRECTORY"]),
        ("import os, sys\nif sys.platform != 'win32':\n    os.fork()", []),
        ("import os\nos.replace('a', 'b')", []),
    ],
)
def test_what_windows_lacks_is_found(source: str, found: list[str]) -> None:
    assert posix_only(source) == found


def test_nothing_needs_a_posix_system() -> None:
    found = {str(path.relative_to(ROOT)): posix_only(path.read_text(encoding="utf-8")) for path in FILES}
    assert not {path: names for path, names in found.items() if names}
