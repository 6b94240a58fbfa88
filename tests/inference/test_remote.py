"""The inference process: the same answers as in one process, and a clear error for whatever goes wrong."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from sdm.data import catalogue
from sdm.data.survey import Dossier, dossier
from sdm.errors import RunError, ServiceError, UnknownNameError
from sdm.inference import frames, wire
from sdm.inference.answers import RunService, request_of
from sdm.inference.local_address import connect, listen
from sdm.inference.remote import RemoteInference
from sdm.inference.server import InferenceServer
from sdm.runs import Run
from tests.datasets import multilabel

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"unix:{tmp_path}/i.sock" if sys.platform != "win32" else "127.0.0.1:18631"


@pytest.fixture
def server(address: str, tmp_path: Path) -> Iterator[InferenceServer]:
    made = InferenceServer(listen(address), [tmp_path])
    threading.Thread(target=made.serve, daemon=True).start()
    yield made
    made.close()


@pytest.fixture
def surveys() -> list[Dossier]:
    data = multilabel()
    return [dossier(data, row) for row in range(6)]


def answers(service: RunService, runs: list[Run], surveys: list[Dossier]) -> list[bytes]:
    """What is said of each survey by each run, bit by bit."""
    return [answer.probabilities.tobytes() for survey in surveys for answer in service.ask(runs, survey)]


@pytest.mark.usefixtures("server")
def test_two_replicas_get_the_answers_of_one_process(run: Run, address: str, surveys: list[Dossier]) -> None:
    here = answers(RunService(), [run], surveys)
    replicas = [RemoteInference(address) for _ in range(2)]
    for replica in replicas:
        assert answers(RunService(replica), [run], surveys) == here
        replica.close()


@pytest.mark.usefixtures("server")
def test_many_ask_at_once_and_each_gets_its_own(network_run: Run, address: str, surveys: list[Dossier]) -> None:
    here, remote = RunService(), RemoteInference(address)
    wanted = [here.ask([network_run], survey)[0].probabilities for survey in surveys]
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda i: RunService(remote).ask([network_run], surveys[i % 6])[0], range(60)))
    for i, answer in enumerate(found):
        np.testing.assert_allclose(answer.probabilities, wanted[i % 6], atol=1e-6)
    remote.close()


@pytest.mark.usefixtures("server")
def test_runs_of_a_data_set_made_in_the_app_are_asked_too(
    network_run: Run, address: str, surveys: list[Dossier], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "HOME", tmp_path)
    home = catalogue.run_folder(tmp_path / catalogue.UPLOADS / "visit-1" / "birds")
    assert home is not None
    shutil.copytree(network_run.path, home / "network")
    remote, request = RemoteInference(address), request_of(surveys[0])
    assert remote.submit(Run.open(home / "network"), request).result(PATIENCE)
    beside = home.parent / "other" / "network"
    shutil.copytree(network_run.path, beside)
    with pytest.raises(ServiceError, match="no run of this process"):
        remote.submit(Run.open(beside), request).result(PATIENCE)
    remote.close()


@pytest.mark.usefixtures("server")
def test_errors_arrive_as_they_are(network_run: Run, address: str, surveys: list[Dossier], tmp_path: Path) -> None:
    remote, request = RemoteInference(address), request_of(surveys[0])
    wrong = wire.of_request(1, network_run, request)
    (tmp_path / "elsewhere").mkdir()
    shutil.copytree(network_run.path, tmp_path / "elsewhere" / "network")
    foreign = Run.open(tmp_path / "elsewhere" / "network")
    with pytest.raises(ServiceError, match="no run of this process"):
        remote.submit(foreign, request).result(PATIENCE)
    (network_run.path / "weights.safetensors").write_bytes(b"damaged")
    with pytest.raises(RunError, match="weights are damaged"):
        remote.submit(network_run, request).result(PATIENCE)
    with connect(address) as one:
        one.sendall(wrong[:20] + b"?" + wrong[21:])
        assert one.recv(1) == b"", "who sends a damaged message is cut off"
    with pytest.raises(RunError):
        remote.submit(network_run, request).result(PATIENCE)
    remote.close()


def test_an_error_keeps_its_parts() -> None:
    sent = UnknownNameError("unknown", where="here", expected="a, b", got="c", remedy="Choose.")
    message = frames.read(wire.receiver(_holding(wire.of_error(7, sent))))
    assert message is not None
    found = wire.answer_in(*message)
    assert type(found) is UnknownNameError and str(found) == str(sent)
    with pytest.raises(ServiceError, match="no answer"):
        wire.answer_in({"milliseconds": "x"}, {})


def _holding(message: bytes) -> socket.socket:
    one, other = socket.socketpair()
    with other:
        other.sendall(message)
    return one


def test_a_full_queue_turns_away(network_run: Run, address: str, surveys: list[Dossier]) -> None:
    silent, remote = listen(address), RemoteInference(address, capacity=2)
    request = request_of(surveys[0])
    waiting = [remote.submit(network_run, request) for _ in range(2)]
    with pytest.raises(ServiceError, match="too many"):
        remote.submit(network_run, request)
    waiting[0].cancel()
    remote.submit(network_run, request)
    remote.close()
    with pytest.raises(ServiceError, match="does not answer"):
        waiting[1].result(PATIENCE)
    silent.close()


def test_what_is_late_makes_room(
    network_run: Run, address: str, surveys: list[Dossier], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sdm.inference.remote.DEADLINE_SECONDS", 0.05)
    silent, remote = listen(address), RemoteInference(address, capacity=1)
    late = remote.submit(network_run, request_of(surveys[0]))
    time.sleep(0.06)
    remote.submit(network_run, request_of(surveys[0]))
    with pytest.raises(ServiceError, match="no answer in time"):
        late.result(PATIENCE)
    remote.close()
    silent.close()


def test_a_process_that_takes_nothing_holds_nobody_up(
    network_run: Run, address: str, surveys: list[Dossier], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sdm.inference.remote.SEND_SECONDS", 0.2)
    silent, remote = listen(address), RemoteInference(address, capacity=10_000)
    problems: list[Exception] = []
    begun = time.monotonic()
    while len(problems) < 50 and time.monotonic() - begun < PATIENCE:
        try:
            future = remote.submit(network_run, request_of(surveys[0]))
            if future.done():
                problems.append(future.exception() or AssertionError("an answer"))  # type: ignore[arg-type]
        except ServiceError as problem:
            problems.append(problem)
    assert {type(each) for each in problems} == {ServiceError} and len(problems) == 50
    silent.close()


@pytest.mark.parametrize(
    "address", ["", "unix:", "0.0.0.0:8600", "192.168.0.1:80", "127.0.0.1:70000", "localhost:1", "/x"]
)
def test_only_sockets_of_this_machine(address: str) -> None:
    with pytest.raises(ServiceError, match="no address on this machine"):
        listen(address)


@pytest.mark.skipif(sys.platform == "win32", reason="no such sockets")
def test_a_socket_is_the_users_alone_and_not_taken_twice(tmp_path: Path) -> None:
    path = tmp_path / "i.sock"
    with listen(f"unix:{path}"):
        assert path.stat().st_mode & 0o077 == 0
        with pytest.raises(OSError, match="another process"):
            listen(f"unix:{path}")
    with listen(f"unix:{path}"):  # what a killed process left
        pass


@pytest.mark.process
def test_a_killed_process_is_said_and_a_new_one_found(
    network_run: Run, address: str, surveys: list[Dossier]
) -> None:
    service = RunService(RemoteInference(address))
    answer = service.ask([network_run], surveys[0])[0]
    assert isinstance(answer.problem, ServiceError) and address in str(answer.problem.remedy)
    here = answers(RunService(), [network_run], surveys[:2])
    process = started(address, network_run.path.parent)
    assert answers(service, [network_run], surveys[:2]) == here
    process.kill()
    process.wait()
    until = time.monotonic() + PATIENCE
    while service.ask([network_run], surveys[0])[0].problem is None and time.monotonic() < until:
        time.sleep(0.05)
    assert isinstance(service.ask([network_run], surveys[0])[0].problem, ServiceError)
    again = InferenceServer(listen(address), [network_run.path.parent])
    threading.Thread(target=again.serve, daemon=True).start()
    assert answers(service, [network_run], surveys[:2]) == here
    again.close()


def started(address: str, runs: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "sdm", "inference", address, "--runs", str(runs)], cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"}, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    assert b"answers at" in process.stderr.readline()
    return process
