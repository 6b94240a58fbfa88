"""Filters of doubtful records, each a mask over rows; which are applied is an option."""
