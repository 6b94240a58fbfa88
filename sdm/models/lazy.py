"""Classes by name: a registry lists networks without importing torch."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class LazyClass:
    """A class named "module:Class", with its first arguments; its module is imported when it is first used.

    >>> LazyClass("datetime:timedelta", 1)(3600).total_seconds()
    90000.0
    """

    def __init__(self, name: str, *arguments: Any) -> None:
        self.name, self.arguments = name, arguments

    def load(self) -> Any:
        """The class itself."""
        module, _, name = self.name.partition(":")
        return getattr(import_module(module), name)

    def __call__(self, *arguments: Any) -> Any:
        """An instance."""
        return self.load()(*self.arguments, *arguments)
