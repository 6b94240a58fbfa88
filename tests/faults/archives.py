"""Hostile and damaged archives: names that climb out, links, devices, bombs, bytes that are wrong."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from sdm.errors import SdmError
from sdm.formats.archives import Limits, unpack
from sdm.formats.table import Kind, read_table
from tests.faults import Outcome
from tests.faults.damage import damaged
from tests.faults.trials import Changed, Trials

FILES = {"tree/a.csv": b"surveyId,speciesId\n1,2\n", "tree/CD/AB/1.tiff": bytes(range(256)) * 8, "empty": b""}
PARTS = (
    "..", ".", "", "tree", "a.csv", "/etc", "C:", "\\..", "x" * 300, "\x1b[31m", "nul\0", "way", "~", "\u202e"
)  # fmt: skip
TAR_KINDS = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE)
ZIP_KINDS = (stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO)
FORMS = ("zip", "w", "w:gz", "w:bz2", "w:xz")
LIMITS = Limits(entries=100, bytes=1 << 20)
Random = np.random.Generator


def archives(seed: int = 0, tried: int = 1000) -> Outcome:
    """Unpack an archive `tried` times: damaged, with hostile names, with links and devices, swelling, in turn.

    Survived: whatever comes out lies in the new folder, as ordinary files within the limits; what is refused
    leaves nothing. Of damaged archives zip and plain tar may hold other files: their names have no checksum.
    """
    random, trials = np.random.default_rng(seed), Trials("archives")
    with tempfile.TemporaryDirectory() as home:
        for i in range(tried):
            make = MAKERS[i % len(MAKERS)]
            with trials.one(f"{make.__name__.strip('_')}, trial {i}"):
                folder = Path(home) / str(i)
                folder.mkdir()
                raw, protected = make(random)
                (folder / "archive").write_bytes(raw)
                _unpack(folder, protected=protected, damage=make is _damaged)
    return trials.outcome()


def _unpack(folder: Path, *, protected: bool, damage: bool) -> None:
    out = folder / "inner" / "out"
    try:
        unpack(folder / "archive", out, limits=LIMITS)
    except SdmError:
        assert not out.exists() and not list(folder.glob("inner/*")), "a refused archive leaves something"
        raise
    finally:
        assert {path.name for path in folder.iterdir()} <= {"archive", "inner"}, "written outside its folder"
    files = [path for path in out.rglob("*") if not path.is_dir()]
    assert all(path.is_file() and not path.is_symlink() for path in files), "a link or a device"
    assert sum(path.stat().st_size for path in files) <= LIMITS.bytes and len(files) <= LIMITS.entries
    if damage and {str(path.relative_to(out)): path.read_bytes() for path in files} != FILES:
        assert not protected, "other files come out"
        raise Changed


def packed(files: dict[str, bytes], form: str) -> bytes:
    buffer = io.BytesIO()
    if form == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    else:
        with tarfile.open(fileobj=buffer, mode=form) as archive:  # type: ignore[call-overload]
            for name, content in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def _form(random: Random) -> str:
    return str(random.choice(FORMS))


def _damaged(random: Random) -> tuple[bytes, bool]:
    form = _form(random)
    return damaged(packed(FILES, form), random), form not in ("zip", "w")


def _named(random: Random) -> tuple[bytes, bool]:
    name = "/".join(random.choice(PARTS, int(random.integers(1, 5))))
    return packed({"tree/a.csv": b"1", name or "..": b"2"}, _form(random)), True


def _special(random: Random) -> tuple[bytes, bool]:
    buffer, target = io.BytesIO(), str(random.choice(["/etc/passwd", "../../x", "tree/a.csv"]))
    if random.random() < 0.5:
        with tarfile.open(fileobj=buffer, mode="w") as archive:
            info = tarfile.TarInfo("tree/odd")
            info.type, info.linkname = TAR_KINDS[int(random.integers(len(TAR_KINDS)))], target
            archive.addfile(info)
            archive.addfile(tarfile.TarInfo("tree/odd/x"))
    else:
        with zipfile.ZipFile(buffer, "w") as archive:
            link = zipfile.ZipInfo("tree/odd")
            link.external_attr = (int(random.choice(ZIP_KINDS)) | 0o777) << 16
            archive.writestr(link, target)
    return buffer.getvalue(), True


def _swelling(random: Random) -> tuple[bytes, bool]:
    if random.random() < 0.5:
        return packed({f"{i}": b"" for i in range(LIMITS.entries + 1)}, _form(random)), True
    return packed({"zeros": bytes(2 * LIMITS.bytes)}, _form(random)), True


def _compressed_table(random: Random) -> tuple[bytes, bool]:
    """A table in a damaged gzip or zip, which is read besides; then it is unpacked as any archive is."""
    table = b"surveyId\n" + b"".join(b"%d\n" % i for i in range(400))
    raw = damaged(gzip.compress(table) if random.random() < 0.5 else packed({"table.csv": table}, "zip"), random)
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "table.csv"
        path.write_bytes(raw)
        ids = read_table(path, {"surveyId": Kind.ID})["surveyId"].to_numpy()
    assert np.array_equal(ids, np.arange(400)), "another table is read"
    return raw, True


MAKERS: tuple[Callable[[Random], tuple[bytes, bool]], ...] = (
    _damaged, _named, _special, _swelling, _compressed_table,
)  # fmt: skip
