"""Errors a user can act on: what is wrong, where, what was expected, what was found, what to do."""

from __future__ import annotations

from pathlib import Path


class SdmError(Exception):
    """Base of every error this project raises on purpose.

    `str(error)` is one line fit for a terminal, a log or the screen.
    """

    def __init__(
        self,
        what: str,
        *,
        where: str | Path | None = None,
        expected: object = None,
        got: object = None,
        remedy: str | None = None,
    ) -> None:
        self.what = what
        self.where = None if where is None else str(where)
        self.expected = None if expected is None else str(expected)
        self.got = None if got is None else str(got)
        self.remedy = remedy
        super().__init__(self.__str__())

    def __str__(self) -> str:
        parts = [self.what if self.where is None else f"{self.where}: {self.what}"]
        if self.expected is not None:
            parts.append(f"expected {_one_line(self.expected, 1500)}")  # every known name
        if self.got is not None:
            parts.append(f"got {_one_line(self.got)}")
        line = "; ".join(_one_line(part, 2000) for part in parts)
        return line if self.remedy is None else f"{line}. {_one_line(self.remedy, 2000)}"

    def __reduce__(self) -> tuple[object, ...]:
        """Keyword arguments survive the trip back from a worker process."""
        return _rebuild, (type(self), self.what, self.where, self.expected, self.got, self.remedy)


def _rebuild(
    kind: type[SdmError],
    what: str,
    where: str | None,
    expected: str | None,
    got: str | None,
    remedy: str | None,
) -> SdmError:
    return kind(what, where=where, expected=expected, got=got, remedy=remedy)


def _one_line(text: str, limit: int = 300) -> str:
    """`text` on one line, without control characters, cut to `limit` characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


class DataError(SdmError):
    """A file or table of a data set is damaged or not what its name promises."""


class NotDownloadedError(DataError):
    """A file the layout names is not there; the survey is known all the same."""


class UnknownNameError(SdmError):
    """A name that is in no registry; `expected` lists the known ones."""


class RunError(SdmError):
    """A run folder or checkpoint is damaged or does not fit the data."""


class TrainingError(SdmError):
    """Training cannot start or go on."""


class ServiceError(SdmError):
    """The inference service could not answer a request."""
