"""Looks up every locked version in the advisory database, and says so where the database cannot be reached.

pip-audit ends well when it could look up nothing; this does not. Exit codes: 0 nothing known, 1 known holes,
2 not audited.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).with_name("requirements.lock")


def report(pip_audit: str) -> list[dict]:
    """What pip-audit found, one entry per locked version; empty where it failed."""
    command = [pip_audit, "--disable-pip", "--require-hashes", "--requirement", LOCK, "--format", "json"]
    try:
        ran = subprocess.run([*command, "--progress-spinner", "off"], capture_output=True, text=True, check=False)
    except OSError as problem:
        print(f"pip-audit cannot be run: {problem}", file=sys.stderr)
        return []
    try:
        return json.loads(ran.stdout)["dependencies"]
    except ValueError:
        print((ran.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1], file=sys.stderr)
        return []


def verdict(entries: list[dict]) -> tuple[int, list[str]]:
    """Exit code and lines to print for the `entries` of a report."""
    looked_up = [entry for entry in entries if "skip_reason" not in entry]
    if not looked_up:
        return 2, ["NOT AUDITED: the advisory database cannot be reached. Run `make audit` where it can."]
    holes = [
        f"{entry['name']} {entry['version']}: {hole['id']}, fixed in {', '.join(hole['fix_versions']) or 'none'}"
        for entry in looked_up for hole in entry["vulns"]
    ]  # fmt: skip
    skipped = [f"not audited: {entry['name']}" for entry in entries if "skip_reason" in entry]
    lines = [*holes, *skipped, f"{len(looked_up)} of {len(entries)} versions looked up, {len(holes)} known holes"]
    return (1 if holes else 2 if skipped else 0), lines


if __name__ == "__main__":
    code, lines = verdict(report(sys.argv[1]))
    print("\n".join(lines))
    sys.exit(code)
