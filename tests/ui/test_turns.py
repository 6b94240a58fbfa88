"""Page runs take turns: no more than so many at once, first come first served, and nobody waits for a slow one."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from sdm.ui.components.turns import Turns

LONG = 60.0


def test_no_more_at_once_and_first_come_first_served() -> None:
    turns, order, there, most = Turns(at_once=2, longest=LONG), [], set[int](), 0

    def visit(number: int) -> None:
        nonlocal most
        with turns.turn():
            order.append(number)
            there.add(number)
            most = max(most, len(there))
            time.sleep(0.005)
            there.discard(number)

    with ThreadPoolExecutor(20) as pool:
        for number in range(20):
            pool.submit(visit, number)
            time.sleep(0.001)  # so that they come in this order
    assert most == 2
    assert [abs(place - number) for place, number in enumerate(order)] < [2] * 20
    assert sorted(order) == list(range(20))


def test_a_slow_one_is_not_waited_for() -> None:
    turns, done, begun = Turns(at_once=1, longest=0.05), threading.Event(), threading.Event()

    def slow() -> None:
        with turns.turn():
            begun.set()
            done.wait(10)

    with ThreadPoolExecutor(2) as pool:
        slowly = pool.submit(slow)
        begun.wait(10)
        with turns.turn():
            assert not slowly.done()
        done.set()


def test_a_block_within_a_turn_is_part_of_it() -> None:
    turns = Turns(at_once=1, longest=LONG)
    with turns.turn(), turns.turn():
        pass
    with turns.turn():
        pass


def test_an_error_gives_the_turn_back() -> None:
    turns = Turns(at_once=1, longest=LONG)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), turns.turn():
            _ = 1 / 0
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: turns.turn().__enter__()).result(5) is None
