"""Archives: honest ones come out whole, hostile and damaged ones leave nothing behind."""

from __future__ import annotations

import gzip
import io
import random
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from sdm.cli import main
from sdm.errors import DataError, NotDownloadedError
from sdm.formats.archives import Limits, unpack

FILES = {"tree/a.csv": b"surveyId,speciesId\n1,2\n", "tree/CD/AB/1.tiff": b"\x00" * 3000, "empty": b""}


def zipped(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, files: dict[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content), 0o4777
            archive.addfile(info, io.BytesIO(content))
    return path


def special(path: Path, kind: bytes, target: str = "/etc/passwd") -> Path:
    with tarfile.open(path, "w") as archive:
        info = tarfile.TarInfo("tree/odd")
        info.type, info.linkname = kind, target
        archive.addfile(info)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(archive: Path, said: str, limits: Limits | None = None) -> None:
    """`archive` raises DataError, and not a trace of it is left anywhere."""
    out = archive.parent / "inner" / "out"
    before = sorted(archive.parent.iterdir())
    with pytest.raises(DataError, match=said) as caught:
        unpack(archive, out, limits=limits or Limits())
    assert archive.name in str(caught.value)
    assert list((archive.parent / "inner").iterdir()) == []
    (archive.parent / "inner").rmdir()
    assert sorted(archive.parent.iterdir()) == before


@pytest.mark.parametrize("kind", ["zip", "stored", "w", "w:gz", "w:bz2", "w:xz"])
def test_all_formats_come_out_whole(tmp_path: Path, kind: str):
    archive = tmp_path / "archive"
    if kind in ("zip", "stored"):
        zipped(archive, FILES, zipfile.ZIP_DEFLATED if kind == "zip" else zipfile.ZIP_STORED)
    else:
        tarred(archive, FILES, kind)
    seen: list[tuple[int, int, str]] = []
    unpack(archive, tmp_path / "deep" / "out", lambda *progress: seen.append(progress))
    assert contents(tmp_path / "deep" / "out") == FILES
    assert {name for _, _, name in seen} == set(FILES)
    assert all(0 < done <= total == archive.stat().st_size for done, total, _ in seen)
    assert all(stat.S_IMODE(p.stat().st_mode) & 0o7133 == 0 for p in (tmp_path / "deep").rglob("*") if p.is_file())


def test_folders_and_dots(tmp_path: Path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        (tmp_path / "source" / "void").mkdir(parents=True)
        archive.add(tmp_path / "source", ".")
    unpack(tmp_path / "a.tar", tmp_path / "out")
    assert (tmp_path / "out" / "void").is_dir()
    unpack(zipped(tmp_path / "b.zip", {}), tmp_path / "none")
    assert list((tmp_path / "none").iterdir()) == []


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/etc/passwd", "absolute"),
        ("C:\\windows\\x", "absolute"),
        ("c:x", "absolute"),
        ("../x", "climbs out"),
        ("tree/../../x", "climbs out"),
        ("tree\\..\\x", "not safe"),
        ("tree/\x1b[31m", "not safe"),
        ("x" * 300, "cannot be unpacked"),
        ("tree/a.csv/x", "cannot be unpacked|occurs twice"),
        ("tree", "occurs twice"),
    ],
)
def test_unsafe_names(tmp_path: Path, pack, name: str, said: str):
    refused(pack(tmp_path / "a", {"tree/a.csv": b"1", name: b"2"}), said)


def test_names_after_a_nul_are_not_hidden(tmp_path: Path):
    archive = zipped(tmp_path / "a.zip", {"good_bad": b"1"})
    archive.write_bytes(archive.read_bytes().replace(b"good_bad", b"good\x00bad"))
    refused(archive, "not safe")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("pack", [zipfile.ZipFile, None])
def test_a_name_that_occurs_twice(tmp_path: Path, pack):
    if pack:
        with zipfile.ZipFile(tmp_path / "a", "w") as archive:
            archive.writestr("x", b"1")
            archive.writestr("x", b"2")
    else:
        with tarfile.open(tmp_path / "a", "w") as archive:
            archive.addfile(tarfile.TarInfo("x"))
            archive.addfile(tarfile.TarInfo("./x"))
    refused(tmp_path / "a", "occurs twice")


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, b"?"]
)
def test_links_and_devices_in_a_tar(tmp_path: Path, kind: bytes):
    refused(special(tmp_path / "a.tar", kind), "entry 'tree/odd' is a link or a device|cannot be unpacked")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_in_a_zip(tmp_path: Path, kind: int):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        info = zipfile.ZipInfo("tree/odd")
        info.external_attr = (kind | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    refused(tmp_path / "a.zip", "entry 'tree/odd' is a link or a device")


def test_a_link_is_never_followed(tmp_path: Path):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        info = tarfile.TarInfo("way")
        info.type, info.linkname = tarfile.SYMTYPE, str(tmp_path / "elsewhere")
        archive.addfile(info)
        archive.addfile(tarfile.TarInfo("way/x"))
    (tmp_path / "elsewhere").mkdir()
    refused(tmp_path / "a.tar", "link")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_password(tmp_path: Path):
    archive = zipped(tmp_path / "a.zip", {"x": b"1"}, zipfile.ZIP_STORED)
    raw = bytearray(archive.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(raw)
    refused(archive, "protected by a password")


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_caps(tmp_path: Path, pack):
    archive = pack(tmp_path / "a", {str(i): b"x" * 1000 for i in range(5)})
    refused(archive, "entry '4' too many entries; expected at most 4", Limits(entries=4))
    refused(archive, "entry '2' unpacks to too much", Limits(bytes=2500))
    unpack(archive, tmp_path / "out", limits=Limits(entries=5, bytes=5000))


@pytest.mark.parametrize("mode", ["zip", "w:gz", "w:bz2", "w:xz"])
def test_bombs(tmp_path: Path, mode: str):
    bomb = {"zeros": bytes(30 << 20)}
    archive = zipped(tmp_path / "a", bomb) if mode == "zip" else tarred(tmp_path / "a", bomb, mode)
    refused(archive, "unpacks to too much", Limits(ratio=20))


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_a_header_that_asks_for_too_much_memory(tmp_path: Path, kind: bytes):
    info = tarfile.TarInfo("x")
    info.type, info.size = kind, 1 << 30
    (tmp_path / "a.tar.gz").write_bytes(gzip.compress(info.tobuf(tarfile.USTAR_FORMAT) + bytes(1 << 20)))
    refused(tmp_path / "a.tar.gz", "header that is too long")


@pytest.mark.parametrize("mode", ["zip", "w", "w:gz", "w:bz2", "w:xz"])
def test_cut_off_anywhere(tmp_path: Path, mode: str):
    noise = random.Random(0).randbytes(5000)
    files = {"a": noise, "b": noise[::-1]}
    archive = zipped(tmp_path / "a", files) if mode == "zip" else tarred(tmp_path / "a", files, mode)
    whole = archive.read_bytes()
    end = len(whole) if mode != "w" else len(whole.rstrip(b"\x00"))
    for cut in range(0, end, 97):
        archive.write_bytes(whole[:cut])
        refused(archive, "cannot be unpacked|missing")


@given(position=st.integers(0, 10**6), flip=st.integers(1, 255), mode=st.sampled_from(["zip", "w:gz", "w:xz"]))
@settings(max_examples=80, deadline=None)
def test_damage_is_refused_or_harmless(tmp_path_factory, position: int, flip: int, mode: str):
    folder = tmp_path_factory.mktemp("damage")
    archive = zipped(folder / "a", FILES) if mode == "zip" else tarred(folder / "a", FILES, mode)
    raw = bytearray(archive.read_bytes())
    raw[position % len(raw)] ^= flip
    archive.write_bytes(raw)
    try:
        unpack(archive, folder / "out")
    except DataError:
        assert [path.name for path in folder.iterdir()] == ["a"]
    else:
        # A name or date in the directory may differ; the bytes are checked.
        assert set(contents(folder / "out").values()) <= set(FILES.values())


def test_what_is_no_archive(tmp_path: Path):
    (tmp_path / "a.zip").write_text("<html>Sign in</html>")
    refused(tmp_path / "a.zip", "cannot be unpacked")
    with pytest.raises(NotDownloadedError):
        unpack(tmp_path / "none.zip", tmp_path / "out")
    with pytest.raises(DataError, match="cannot be read"):
        unpack(tmp_path, tmp_path / "out")


def test_what_is_there_is_left_alone(tmp_path: Path):
    archive = zipped(tmp_path / "a.zip", FILES)
    out = tmp_path / "out"
    out.mkdir()
    unpack(archive, out)
    (out / "mine").write_text("mine")
    for place in (out, out / "mine"):
        with pytest.raises(DataError, match="something is there already"):
            unpack(archive, place)
    assert (out / "mine").read_text() == "mine"


def test_an_interrupted_unpacking_leaves_nothing(tmp_path: Path):
    def stop(_done: int, _all: int, _name: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        unpack(zipped(tmp_path / "a.zip", FILES), tmp_path / "out", stop)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_on_the_command_line(tmp_path: Path):
    archive = zipped(tmp_path / "a.zip", FILES)
    good = CliRunner().invoke(main, ["unpack", str(archive), str(tmp_path / "out")])
    assert good.exit_code == 0
    assert "sdm check" in good.output
    bad = CliRunner().invoke(main, ["unpack", str(zipped(tmp_path / "b.zip", {"../x": b""})), str(tmp_path / "b")])
    assert bad.exit_code == 2
    assert "entry '../x' climbs out" in bad.stderr
    assert "Traceback" not in bad.stderr
