"""A script that makes the map of an export again, after checking that data and run are those of the export."""

from __future__ import annotations

from sdm.exports.subject import Subject
from sdm.runs.weights import sha256

FILE = "reproduce.py"
TEMPLATE = '''"""Makes the map of this export again: python reproduce.py DATA [RUN] OUT.tif

DATA is the folder of the data set, RUN that of the run, by default the one beside this script. Both are compared
with what the export was made of. Needs the package `sdm` on the path, and what its requirements.txt names.
"""

import sys
from pathlib import Path

USAGE = "python reproduce.py DATA [RUN] OUT.tif (DATA, RUN: folders that about.txt names)"
try:
    from sdm.data.open import open_dataset
    from sdm.errors import SdmError
    from sdm.exports.raster_file import write_raster
    from sdm.exports.subject import Subject
    from sdm.runs import Run
    from sdm.runs.weights import sha256
except ImportError as missing:
    sys.exit(
        f"error: {{missing}}: this script needs the program Species from space. In its folder: "
        f"python -m pip install -r requirements.txt; then, with PYTHONPATH set to that folder: {{USAGE}}"
    )

RUN = Path(__file__).resolve().parent / "run" / {run}
SPECIES = {name}
CLASS_ID = {class_id}
DATA_FINGERPRINT = {fingerprint}
RUN_DIGEST = {digest}
RASTERS_SHA256 = {rasters}
MADE_WITH = {versions}


def main(data: Path, run: Path, out: Path) -> None:
    subject = Subject(open_dataset(data), Run.open(run), CLASS_ID)
    if subject.grid is None:
        sys.exit("error: the data set has no rasters of the predictors that the run reads")
    found = {{
        "fingerprint of the data": (subject.dataset.fingerprint, DATA_FINGERPRINT),
        "digest of the run": (subject.run.card.digest, RUN_DIGEST),
        "SHA-256 of the rasters": (sha256(subject.grid.path), RASTERS_SHA256),
        "species": (subject.name, SPECIES),
    }}
    for what, (here, expected) in found.items():
        if here != expected:
            sys.exit(f"error: not what the map was made of: {{what}} is {{here}}, expected {{expected}}")
    write_raster(subject, out)
    print(f"{{out}}: {{SPECIES}}")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(f"usage: {{USAGE}}")
    data, *run, out = map(Path, sys.argv[1:])
    try:
        main(data, run[0] if run else RUN, out)
    except SdmError as problem:
        sys.exit(f"error: {{problem}}")
'''


def script(subject: Subject) -> str:
    """The script; only for a subject whose data have rasters."""
    assert subject.grid is not None
    values = {
        "name": subject.name, "class_id": subject.class_id, "fingerprint": subject.dataset.fingerprint,
        "digest": subject.run.card.digest, "rasters": sha256(subject.grid.path),
        "run": subject.run.name, "versions": dict(subject.run.card.versions),
    }  # fmt: skip
    return TEMPLATE.format(**{name: ascii(value) for name, value in values.items()})
