"""Entries: predictions made elsewhere and handed in as a file, read and checked line by line."""

from sdm.entries.check import Checked, check_entry
from sdm.entries.problem import Problem
from sdm.entries.read import Entry, read_entry

__all__ = ["Checked", "Entry", "Problem", "check_entry", "read_entry"]
