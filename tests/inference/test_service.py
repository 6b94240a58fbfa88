"""The service under many askers, poison, death and overload."""

from __future__ import annotations

import ctypes
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from sdm.errors import ServiceError, UnknownNameError
from sdm.inference.loaded_model import LoadedModel, Request
from sdm.inference.service import InferenceService
from tests.inference.linear import SITE, STATISTICS, Linear, expected, request


@pytest.fixture
def model() -> Linear:
    return Linear()


@pytest.fixture
def service(model: Linear):
    def load(name: str) -> LoadedModel:
        if name != "linear":
            raise UnknownNameError("unknown model", expected="linear", got=name)
        return LoadedModel(model, STATISTICS)

    made = InferenceService(load, device=torch.device("cpu"), capacity=64, deadline=10)
    yield made
    made.close()


def test_fifty_askers_get_the_serial_answers(service: InferenceService, model: Linear):
    random = np.random.default_rng(0)
    asked = [[request(random.normal(size=64)) for _ in range(4)] for _ in range(50)]
    serial = [[expected(model, r) for r in row] for row in asked]
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda row: [service.predict("linear", r) for r in row], asked))
    for row, wanted in zip(answers, serial, strict=True):
        for answer, want in zip(row, wanted, strict=True):
            np.testing.assert_allclose(answer.probabilities, want, atol=1e-6)
    assert max(answer.batch_size for row in answers for answer in row) > 1


def test_no_batch_is_larger_than_allowed(model: Linear):
    service = InferenceService(
        lambda _: LoadedModel(model, STATISTICS), device=torch.device("cpu"), largest_batch=2
    )
    model.gate.clear()
    waiting = [service.submit("linear", request(x)) for x in range(7)]
    model.gate.set()
    sizes = [future.result(5).batch_size for future in waiting]
    service.close()
    assert max(sizes) == 2


def test_poison_fails_alone(service: InferenceService, model: Linear):
    model.gate.clear()
    good = [service.submit("linear", request(x)) for x in (0.1, 0.2)]
    bad = service.submit("linear", request(666))
    nan = service.submit("linear", Request(SITE, {"environment": np.zeros(3, np.float32)}))
    good.append(service.submit("linear", request(0.3)))
    model.gate.set()
    for future in good:
        assert future.result(5).probabilities.shape == (5,)
    with pytest.raises(ServiceError, match="poison"):
        bad.result(5)
    with pytest.raises(ServiceError, match="wrong shape"):
        nan.result(5)


def test_a_dead_worker_is_replaced_and_its_request_answered(service: InferenceService, model: Linear):
    model.deaths = 1
    first = service.predict("linear", request(13))
    np.testing.assert_allclose(first.probabilities, expected(model, request(13)), atol=1e-6)


def test_a_request_that_kills_two_workers_is_given_up(service: InferenceService, model: Linear):
    model.deaths = 99
    with pytest.raises(ServiceError, match="died"):
        service.predict("linear", request(13))
    assert service.predict("linear", request(0.5)).batch_size == 1


def test_a_worker_killed_while_idle_is_replaced(service: InferenceService):
    service.predict("linear", request(0.5))
    worker = service._worker
    assert worker is not None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident), ctypes.py_object(SystemExit))
    service.predict("linear", request(0.6))  # wakes it: the exception strikes after this answer or before
    worker.join(0.2)
    assert service.predict("linear", request(0.7)).probabilities.shape == (5,)


def test_a_full_queue_turns_away(service: InferenceService, model: Linear):
    model.gate.clear()
    futures = [service.submit("linear", request(0.1))]
    time.sleep(0.05)  # the worker holds the first
    futures += [service.submit("linear", request(0.1)) for _ in range(64)]
    with pytest.raises(ServiceError, match="too many"):
        service.submit("linear", request(0.1))
    model.gate.set()
    for future in futures:
        future.result(5)


def test_a_missing_modality_is_marked_not_refused(service: InferenceService):
    assert np.allclose(service.predict("linear", Request(SITE, {})).probabilities, 0.5)


def test_unknown_models_list_the_known(service: InferenceService):
    with pytest.raises(UnknownNameError, match="linear"):
        service.predict("other", request(1))


def test_nan_from_a_model_is_an_error(service: InferenceService, model: Linear):
    with torch.no_grad():
        model.weight.fill_(float("nan"))
    with pytest.raises(ServiceError, match="no numbers"):
        service.predict("linear", request(1))


def test_closing_answers_those_who_wait_and_ends_with_the_last_batch(service: InferenceService, model: Linear):
    model.gate.clear()
    asked = service.submit("linear", request(0.1))
    time.sleep(0.05)
    waiting = service.submit("linear", request(0.2))
    with ThreadPoolExecutor(1) as pool:
        closing = pool.submit(service.close)
        with pytest.raises(ServiceError, match="closed"):
            waiting.result(5)
        assert not closing.done()  # its worker is at a batch
        model.gate.set()
        closing.result(5)
    assert asked.done()
    with pytest.raises(ServiceError, match="closed"):
        service.submit("linear", request(0.3))


def test_late_requests_for_the_same_survey_are_told_apart(model: Linear):
    service = InferenceService(lambda _: LoadedModel(model, STATISTICS), device=torch.device("cpu"), deadline=0.2)
    model.gate.clear()
    first = service.submit("stalled", request(0.1))
    late = [service.submit("waiting", request(0.2)) for _ in range(2)]
    time.sleep(0.3)
    fresh = service.submit("waiting", request(0.2))
    model.gate.set()
    assert first.result(5).probabilities.shape == (5,)
    assert np.allclose(fresh.result(5).probabilities, expected(model, request(0.2)))
    for future in late:
        with pytest.raises(ServiceError, match="waited too long"):
            future.result(5)
    service.close()


def test_the_model_used_longest_ago_makes_room(model: Linear, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sdm.inference.service.MOST_MODELS", 2)
    loaded: list[str] = []

    def load(name: str) -> LoadedModel:
        loaded.append(name)
        return LoadedModel(model, STATISTICS)

    made = InferenceService(load, device=torch.device("cpu"))
    for name in ("a", "b", "a", "c", "a", "b"):
        made.predict(name, request(0.1))
    made.close()
    assert loaded == ["a", "b", "c", "b"]
