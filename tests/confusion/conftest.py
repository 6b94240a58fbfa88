"""Drawn examples are not timed one by one: on busy cores that fails by chance."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
