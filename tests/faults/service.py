"""The inference service under poisoned requests, a full queue, dying workers and askers in a hurry."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import numpy as np
import torch

from sdm.errors import SdmError
from sdm.inference.loaded_model import LoadedModel, Request
from sdm.inference.service import InferenceService, Prediction
from tests.faults import Outcome
from tests.faults.trials import Trials
from tests.inference.linear import DEADLY, POISON, STATISTICS, Linear, expected, request

ROUND, CAPACITY, SECONDS = 50, 40, 20.0
KINDS = (
    *4 * ("good",), "poison", "deadly", "misshapen", "infinite", "unknown", "empty", "cancelled"
)  # fmt: skip


def service(seed: int = 0, tried: int = 5000) -> Outcome:
    """Ask `tried` times, in rounds that wait together in a queue too short for all.

    Survived: an answer equal to the one the model gives alone, or an SdmError, and the service goes on.
    """
    random, trials = np.random.default_rng(seed), Trials("service")
    with _quiet():
        while trials.tried < tried:
            _round(random, trials)
    return trials.outcome()


def _round(random: np.random.Generator, trials: Trials) -> None:
    model = Linear()
    loaded = {"linear": LoadedModel(model, STATISTICS)}
    made = InferenceService(loaded.__getitem__, device=torch.device("cpu"), capacity=CAPACITY)
    model.deaths = int(random.integers(0, 6))
    model.gate.clear()
    asked = [_ask(made, str(kind), random) for kind in random.choice(KINDS, ROUND)]
    model.gate.set()
    for kind, sent, future in asked:
        with trials.one(kind):
            assert future is not None or len(asked) > CAPACITY, "turned away without need"
            if future is not None and not future.cancelled():
                _check(model, kind, sent, future)
    model.deaths = 0
    with trials.one("afterwards"):
        _check(model, "good", request(0.5), made.submit("linear", request(0.5)))
    made.close()


def _ask(
    made: InferenceService, kind: str, random: np.random.Generator
) -> tuple[str, Request, Future[Prediction] | None]:
    """A request of a kind; no future where it was turned away at once."""
    sent = request(random.normal(size=64))
    if kind in ("poison", "deadly"):
        sent = request(POISON if kind == "poison" else DEADLY)
    elif kind in ("misshapen", "infinite", "empty"):
        shape = int(random.integers(0, 64)) if kind == "misshapen" else 64
        values = np.full(shape, np.inf if kind == "infinite" else 0.0, np.float32)
        sent = Request(sent.site, {} if kind == "empty" else {"environment": values})
    try:
        future = made.submit("none" if kind == "unknown" else "linear", sent)
    except SdmError:
        return kind, sent, None
    if kind == "cancelled":
        future.cancel()
    return kind, sent, future


def _check(model: Linear, kind: str, sent: Request, future: Future[Prediction]) -> None:
    answer = future.result(SECONDS)
    assert kind not in ("poison", "misshapen", "unknown"), "answered"
    assert np.isfinite(answer.probabilities).all()
    assert np.allclose(answer.probabilities, expected(model, sent), atol=1e-6), "another answer"


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the log of each death."""
    log = logging.getLogger("sdm.inference.service")
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = False
