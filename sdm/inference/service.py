"""One inference service per process: a bounded queue, and one worker that owns the models.

Whoever asks gets a future. The worker takes what waits for the same model as one batch; if the batch fails,
its requests are tried one by one, so that a poisoned one fails alone. A worker that dies hands back what it
held and is replaced.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field

import numpy as np
import torch

from sdm.errors import SdmError, ServiceError
from sdm.inference.loaded_model import LoadedModel, Request
from sdm.inference.threads import use_threads

log = logging.getLogger(__name__)

CAPACITY = 1024  # requests waiting before new ones are turned away
LARGEST_BATCH = 64
DEADLINE_SECONDS = 30.0
TRIES = 2  # a request survives one death of the worker
MOST_MODELS = 8  # held at a time: as many as a page asks, twice


@dataclass(frozen=True)
class Prediction:
    """`probabilities` float32 (S,) in the order of the run's classes (regression: the value, (1,)).

    `milliseconds` is the time of the batch it was part of, preparation included.
    """

    probabilities: np.ndarray
    milliseconds: float
    batch_size: int
    device: str


@dataclass(eq=False)  # requests hold arrays, which `==` compares value by value
class _Job:
    model: str
    request: Request
    future: Future[Prediction] = field(default_factory=Future)
    submitted: float = field(default_factory=time.monotonic)
    tries: int = 0


def best_device() -> torch.device:
    """CUDA, else Apple's GPU, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


class InferenceService:
    """Predictions by name of model; `load` finds a model and may raise SdmError."""

    def __init__(
        self,
        load: Callable[[str], LoadedModel],
        *,
        device: torch.device | None = None,
        capacity: int = CAPACITY,
        deadline: float = DEADLINE_SECONDS,
        largest_batch: int = LARGEST_BATCH,
    ) -> None:
        self.device = device or best_device()
        self._load = load
        self._capacity = capacity
        self._deadline = deadline
        self._largest_batch = largest_batch
        self._models: dict[str, LoadedModel] = {}  # the one used last comes last
        self._waiting: deque[_Job] = deque()
        self._held: list[_Job] = []
        self._changed = threading.Condition()
        self._closed = False
        self._worker: threading.Thread | None = None

    def submit(self, model: str, request: Request) -> Future[Prediction]:
        """Queue a request; ServiceError at once when the queue is full or the service closed."""
        job = _Job(model, request)
        with self._changed:
            if self._closed:
                raise ServiceError("the inference service is closed")
            if len(self._waiting) >= self._capacity:
                raise ServiceError(
                    "too many predictions are waiting", got=self._capacity, remedy="Try again shortly."
                )
            self._waiting.append(job)
            if self._worker is None or not self._worker.is_alive():
                self._start_worker()
            self._changed.notify()
        return job.future

    def predict(self, model: str, request: Request) -> Prediction:
        """The answer to one request; SdmError when there is none."""
        future = self.submit(model, request)
        try:
            return future.result(timeout=self._deadline)
        except TimeoutError:
            future.cancel()
            raise ServiceError(
                "no answer in time", where=model, expected=f"{self._deadline:.0f} s", remedy="Try again shortly."
            ) from None

    def forget(self, model: str) -> None:
        """Load `model` anew at its next request."""
        with self._changed:
            self._models.pop(model, None)

    def close(self) -> None:
        """Answer what waits with an error, and wait until the worker, which may be at its last batch, has ended.

        An interpreter that exits while another thread is in PyTorch's C++ aborts.
        """
        with self._changed:
            self._closed = True
            waiting, worker = list(self._waiting), self._worker
            self._waiting.clear()
            self._changed.notify_all()
        for job in waiting:
            _fail(job, ServiceError("the inference service is closed"))
        if worker is not None:
            worker.join(self._deadline)

    def _start_worker(self) -> None:
        self._worker = threading.Thread(target=self._work, name="inference", daemon=True)
        self._worker.start()

    def _work(self) -> None:
        try:
            while (jobs := self._take()) is not None:
                self._answer(jobs)
                self._held = []
        except BaseException:  # death is what this guards against, whatever its cause
            log.exception("the inference worker died and is replaced")
        finally:
            self._succeed()

    def _succeed(self) -> None:
        """Hand what a dying worker held to a new one; what has cost two workers fails."""
        with self._changed:
            held, self._held = self._held, []
            for job in reversed(held):
                job.tries += 1
                if job.tries < TRIES:
                    self._waiting.appendleft(job)
                else:
                    _fail(job, ServiceError("the worker died on this request", where=job.model))
            if self._waiting and not self._closed:
                self._start_worker()

    def _take(self) -> list[_Job] | None:
        """The next requests, all for one model; None when the service closes."""
        with self._changed:
            while not self._waiting:
                if self._closed:
                    return None
                self._changed.wait()
            model = self._waiting[0].model
            jobs = [job for job in self._waiting if job.model == model][: self._largest_batch]
            # A job that killed a worker goes alone, lest it take others with it.
            jobs = jobs[:1] if jobs[0].tries else [job for job in jobs if not job.tries]
            self._held = jobs
            for job in jobs:
                self._waiting.remove(job)
        late = [job for job in jobs if time.monotonic() - job.submitted > self._deadline]
        for job in late:
            _fail(job, ServiceError("the request waited too long", where=model))
        return [job for job in jobs if job not in late and not job.future.done()]

    def _answer(self, jobs: list[_Job]) -> None:
        if not jobs:
            return
        try:
            self._answer_batch(jobs)
        except torch.OutOfMemoryError:
            self._answer_with_less_memory(jobs)
        except Exception as error:  # noqa: BLE001  whatever a model raises must reach its asker, not end the worker
            if len(jobs) > 1:
                for job in jobs:
                    self._answer([job])
            else:
                _fail(jobs[0], error)

    def _answer_with_less_memory(self, jobs: list[_Job]) -> None:
        """Halve the batch; a single request that does not fit moves the service to the CPU."""
        if len(jobs) > 1:
            middle = len(jobs) // 2
            self._answer(jobs[:middle])
            self._answer(jobs[middle:])
        elif self.device.type != "cpu":
            torch.cuda.empty_cache()
            self.device = torch.device("cpu")
            self._models.clear()
            self._answer(jobs)
        else:
            _fail(jobs[0], ServiceError("not enough memory for one prediction", where=jobs[0].model))

    def _answer_batch(self, jobs: list[_Job]) -> None:
        model = self._model(jobs[0].model)
        use_threads(len(jobs))
        start = time.perf_counter()
        probabilities = model.predict([job.request for job in jobs], self.device)
        milliseconds = (time.perf_counter() - start) * 1e3
        if not np.isfinite(probabilities).all():
            raise ServiceError("the model gave values that are no numbers", where=jobs[0].model)
        for job, row in zip(jobs, probabilities, strict=True):
            _settle(job, Prediction(row, milliseconds, len(jobs), str(self.device)))

    def _model(self, name: str) -> LoadedModel:
        """The model, loaded where it is not held; the one used longest ago makes room."""
        model = self._models.pop(name, None) or self._load(name)
        while len(self._models) >= MOST_MODELS:
            self._models.pop(next(iter(self._models)), None)
        self._models[name] = model
        return model


def _settle(job: _Job, prediction: Prediction) -> None:
    with contextlib.suppress(InvalidStateError):  # its asker gave up meanwhile
        job.future.set_result(prediction)


def _fail(job: _Job, error: Exception) -> None:
    if not isinstance(error, SdmError):
        error = ServiceError("the prediction failed", where=job.model, got=error)
    with contextlib.suppress(InvalidStateError):
        job.future.set_exception(error)
