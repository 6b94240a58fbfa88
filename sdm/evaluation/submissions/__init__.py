"""Submissions: predictions in a file, read and checked line by line, scored, written."""
