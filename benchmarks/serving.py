"""Predictions for many users at once: the inference service one request at a time, and in micro-batches."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.comparison import Comparison, Figure, compare
from benchmarks.simulated import simulated_modalities
from benchmarks.table import quantity
from sdm.inference.loaded_model import LoadedModel, Request, load_model
from sdm.inference.service import LARGEST_BATCH, InferenceService

MODELS = ("landsat-mlp", "patch-convnext-atto")
USERS = (1, 5, 10, 20, 50)
REQUESTS, REPETITIONS = 100, 3
CHECKPOINTS = Path(__file__).resolve().parents[1] / "checkpoints"


class Crowd:
    """Users who ask one service again and again, each waiting for an answer before asking anew."""

    def __init__(self, model: LoadedModel, largest_batch: int, users: int) -> None:
        self._service = InferenceService(lambda _: model, largest_batch=largest_batch)
        self._users = users
        self.waited: list[float] = []

    def ask(self, requests: Sequence[Request]) -> np.ndarray:
        """float32 (n, S): the answers; how long each took is added to `waited`."""
        shares = [requests[user :: self._users] for user in range(self._users)]
        with ThreadPoolExecutor(self._users) as pool:
            answers = list(pool.map(self._one_user, shares))
        result = np.empty((len(requests), answers[0].shape[1]), np.float32)
        for user, answer in enumerate(answers):
            result[user :: self._users] = answer
        return result

    def close(self) -> None:
        """End the service."""
        self._service.close()

    def _one_user(self, requests: Sequence[Request]) -> np.ndarray:
        answers = []
        for request in requests:
            start = time.perf_counter()
            answers.append(self._service.predict("model", request).probabilities)
            self.waited.append(time.perf_counter() - start)
        return np.stack(answers)


def figures(
    models: Sequence[str] = MODELS, users: Sequence[int] = USERS, requests: int = REQUESTS
) -> Iterator[Figure]:
    """Per model and number of users: time for all requests; answers a second and the median wait beside it."""
    asked = simulated_requests(requests)
    for name in models:
        model = load_model(CHECKPOINTS / name)
        for count in users:
            yield _figure(name, model, count, asked)


def _figure(name: str, model: LoadedModel, users: int, asked: Sequence[Request]) -> Figure:
    singly, batched = Crowd(model, 1, users), Crowd(model, LARGEST_BATCH, users)

    def equal() -> None:
        np.testing.assert_allclose(batched.ask(asked), singly.ask(asked), rtol=1e-3, atol=1e-5)
        singly.waited.clear()
        batched.waited.clear()

    figure = compare(
        Comparison(
            title=f"{name}, {users} user{'s' if users > 1 else ''}",
            usual_way=f"{len(asked)} requests, one at a time",
            usual=lambda: singly.ask(asked),
            ours=lambda: batched.ask(asked),
            equal=equal,
            repetitions=REPETITIONS,
        )
    )
    singly.close()
    batched.close()
    assert figure.usual is not None
    rates = (len(asked) / seconds for seconds in (figure.usual, figure.ours))
    waits = (quantity(statistics.median(crowd.waited), "s") for crowd in (singly, batched))
    return replace(figure, note="{:,.0f}/s -> {:,.0f}/s, wait {} -> {}".format(*rates, *waits))


def simulated_requests(count: int) -> list[Request]:
    """One request per simulated survey, with all modalities."""
    dataset = simulated_modalities(count)
    arrays = {name: dataset.reader.read(name, np.arange(count)) for name in dataset.modalities}
    return [
        Request(dict(dataset.sites.loc[i]), {name: values[i] for name, values in arrays.items()})
        for i in range(count)
    ]
