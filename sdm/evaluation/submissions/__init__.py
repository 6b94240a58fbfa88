"""Entries: predictions made elsewhere and handed in as a file, read and checked line by line."""

from sdm.evaluation.submissions.check import Checked, check_entry
from sdm.evaluation.submissions.read import Entry, read_entry
from sdm.formats.problem import Problem

__all__ = ["Checked", "Entry", "Problem", "check_entry", "read_entry"]
