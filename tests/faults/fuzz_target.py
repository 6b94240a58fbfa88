"""`python -m tests.faults.fuzz_target FOLDER NAME,… [libFuzzer's options]`: readers under atheris.

What is not refused with one line goes into `FOLDER/NAME/failures.txt`. All imports of the project are inside the
block that counts which parts of it run.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

import atheris
import numpy as np

with atheris.instrument_imports(include=["sdm"]):
    from sdm.analysis.formula import parse
    from sdm.data.dataset import Dataset
    from sdm.data.survey_filter import Options, SurveyFilter
    from sdm.errors import SdmError
    from sdm.evaluation.decoding.decoders import parse_decoder
    from sdm.formats.archives import unpack
    from sdm.formats.arrays import read_npz
    from sdm.formats.sealed_json import DIGEST, digest
    from sdm.geo.bounds import read_bounds
    from sdm.geo.coordinates import parse_coordinates
    from sdm.runs import Run
    from sdm.runs.training_options import recipe
    from sdm.series.reader import read_series
    from sdm.training import Runtime, train
    from sdm.training_logs.read import read_log
    from tests.datasets import multilabel
    from tests.faults import archives, tables
    from tests.faults.trials import LONGEST
    from tests.series.exports import labelled_table
    from tests.training_logs.encode import VERSION, event, record, simple

Read = Callable[[bytes], object]
HOME = Path(sys.argv[1]) / "files"
UPLOAD, DATA = HOME / "upload.csv", multilabel("environment")


def main(folder: Path, names: Sequence[str], options: Sequence[str]) -> int:
    """Fuzz the targets one after the other, each in a process of its own, which libFuzzer ends."""
    HOME.mkdir()
    (folder / "dictionary").write_text("".join(f'"{_hexadecimal(piece)}"\n' for piece in tables.PIECES if piece))
    ended = []
    for name in names:
        process = os.fork()
        if process == 0:
            _fuzz(folder / name, *TARGETS[name](), [*options, f"-dict={folder / 'dictionary'}"])
        ended.append(os.waitpid(process, 0)[1])
    return int(any(ended))


def _fuzz(folder: Path, whole: Sequence[bytes], read: Read, options: Sequence[str]) -> None:
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    for at, raw in enumerate(whole):
        (corpus / str(at)).write_bytes(raw)

    def one(raw: bytes) -> None:
        if problem := _problem(read, raw):
            with (folder / "failures.txt").open("a") as file:
                file.write(f"{raw[:60]!r}: {problem}".replace("\n", " ")[:LONGEST] + "\n")

    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}/", str(corpus)], one)
    atheris.Fuzz()  # does not return
    os._exit(1)


def _problem(read: Read, raw: bytes) -> str:
    try:
        read(raw)
    except SdmError as error:
        return "" if "\n" not in str(error) else f"no message of one line: {str(error)!r}"
    except Exception as error:  # noqa: BLE001  any other one is what is looked for
        return f"{type(error).__name__}: {error}"
    return ""


def _hexadecimal(raw: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in raw)


def _upload(read: Callable[[Path, Dataset], None]) -> Read:
    def written(raw: bytes) -> None:
        UPLOAD.write_bytes(raw)
        read(UPLOAD, DATA)

    return written


def _series(raw: bytes) -> None:
    UPLOAD.write_bytes(raw)
    read_series([UPLOAD])


def _arrays(raw: bytes) -> None:
    read_npz(UPLOAD, raw=raw)


def _npz(**values: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **values)  # type: ignore[arg-type]
    return buffer.getvalue()


def _card() -> bytes:
    train(DATA, HOME / "run", recipe("nearest-surveys"), Runtime("cpu"))
    return (HOME / "run" / "card.json").read_bytes()


def _read_card(raw: bytes) -> None:
    """A card whose digest fits, as whoever edits it by hand might make it."""
    try:
        values = json.loads(raw)
        values[DIGEST] = digest({key: value for key, value in values.items() if key != DIGEST})
        raw = json.dumps(values).encode()
    except (ValueError, TypeError, AttributeError, RecursionError):
        pass  # it is read as it is
    (HOME / "run" / "card.json").write_bytes(raw)
    Run.open(HOME / "run").card  # noqa: B018


def _unpack(raw: bytes) -> None:
    (HOME / "archive").write_bytes(raw)
    try:
        unpack(HOME / "archive", HOME / "out", limits=archives.LIMITS)
    finally:
        shutil.rmtree(HOME / "out", ignore_errors=True)


def _events(raw: bytes) -> None:
    """Bytes as the data of a record, whose checksums fit."""
    (HOME / "events.tfevents").write_bytes(VERSION + record(raw))
    read_log(HOME / "events.tfevents")


def _formula(raw: bytes) -> None:
    bands = {"red": np.array([0.1, 0.0, np.nan]), "nir": np.array([0.4, 0.0, 1.0])}
    values = parse(raw.decode(errors="replace"), tuple(bands))(bands)
    assert values.shape == (3,) and not np.isinf(values).any()


def _links(raw: bytes) -> None:
    """What a link may carry: a filter, a position, a part of a map, a decoder."""
    text = raw.decode(errors="replace")
    parse_coordinates(text)
    read_bounds(text)
    for read in (lambda: parse_decoder(text), lambda: _filter(text)):
        with contextlib.suppress(SdmError):
            read()


def _filter(text: str) -> None:
    chosen = Options.of(DATA).possible(SurveyFilter.from_query(dict(parse_qsl(text, keep_blank_values=True))))
    assert chosen.keep(DATA).shape == (len(DATA),)
    assert SurveyFilter.from_query(dict(parse_qsl(chosen.to_query()))) == chosen


FORMULAS = (b"(nir - red) / (nir + red)", b"min(abs(red), sqrt(nir)) ** -2 * 1e-3", b"log(max(nir, .5))")
LINKS = (
    b"splits=train|val&countries=A|B&species=3&years=2018|2020&counts=1|5&pictured=true", b"48.14, 11.58",
    b"45\xc2\xb030' N 3 W", b"5,45,8,47", b"top-k:25", b"threshold:0.2", b"expected-f1",
)  # fmt: skip
UPLOADS = zip(("submission", "requests", "training_log", "table"), tables.READERS, strict=True)
TARGETS: dict[str, Callable[[], tuple[Sequence[bytes], Read]]] = {
    **{name: partial(tuple, (tables.WHOLE, _upload(read))) for name, read in UPLOADS},
    "events": lambda: ([event(1, 2.0, simple("loss", 0.5))[12:-4]], _events),
    "series": lambda: ([labelled_table(1).to_csv(index=False).encode()], _series),
    "card": lambda: ([_card()], _read_card),
    "arrays": lambda: ([_npz(a=np.arange(3), b=np.zeros((2, 2), np.float32))], _arrays),
    "archive": lambda: ([archives.packed(archives.FILES, form) for form in archives.FORMS], _unpack),
    "formula": lambda: (FORMULAS, _formula),
    "links": lambda: (LINKS, _links),
}

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2].split(","), sys.argv[3:]))
