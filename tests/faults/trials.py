"""Counting what becomes of trials, and telling one state of what was read from another."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from torch import Tensor

from sdm.errors import SdmError
from tests.faults import Outcome

PATIENCE = 20.0  # seconds for one trial
LONGEST = 300  # characters of a failure


class Changed(Exception):  # noqa: N818
    """Values were read that are not those written, where no checksum could show it."""


@dataclass
class Trials:
    """The trials of one kind so far."""

    kind: str
    patience: float = PATIENCE
    tried: int = 0
    unprotected: int = 0
    failed: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    @contextmanager
    def one(self, what: str) -> Iterator[None]:
        """A trial, called `what`, which fails by any error but an SdmError of one line, and by taking too long."""
        self.tried += 1
        begun, problem = time.monotonic(), ""
        try:
            yield
        except SdmError as error:
            problem = "" if str(error) and "\n" not in str(error) else f"no message of one line: {str(error)!r}"
        except Changed:
            self.unprotected += 1
        except Exception as error:  # noqa: BLE001  any other one is what is looked for
            problem = f"{type(error).__name__}: {error}"
        if not problem and time.monotonic() - begun > self.patience:
            problem = f"{time.monotonic() - begun:.0f} s"
        if problem:
            self.failed.append(f"{what}: {problem}"[:LONGEST])

    def outcome(self) -> Outcome:
        """What became of them."""
        survived, seconds = self.tried - len(self.failed), time.monotonic() - self.begun
        return Outcome(self.kind, self.tried, survived, tuple(self.failed), seconds, self.unprotected)


def content(value: Any) -> object:
    """What `value` holds, comparable by == whatever it is made of; NaN equals NaN.

    >>> content({"a": np.array([1.0, np.nan])}) == content({"a": np.array([1.0, np.nan])})
    True
    """
    if isinstance(value, Tensor):
        value = value.numpy()
    if isinstance(value, csr_matrix):
        value = (value.shape, value.indptr, value.indices, value.data)
    if isinstance(value, pd.DataFrame):
        value = {str(name): value[name].to_numpy() for name in value}
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, repr(value.tolist()) if value.dtype.hasobject else value.tobytes()
    if is_dataclass(value):
        return tuple(content(getattr(value, one.name)) for one in fields(value))
    if isinstance(value, Mapping):
        return {repr(key): content(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return tuple(map(content, value))
    return repr(value)
