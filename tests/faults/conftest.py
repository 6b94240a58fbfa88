"""Modules that pytest must not import: atheris counts what runs in a process of its own."""

collect_ignore = ["fuzz_target.py"]
