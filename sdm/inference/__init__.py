"""Answers from trained models, for many users at once."""
