"""Limits hold for all processes, and say how long to wait."""

import time

import pytest

from pocket.web import limits
from pocket.web.limits import Limit

pytestmark = pytest.mark.django_db
THREE = Limit("test", 3, 60)


@pytest.fixture
def clock(monkeypatch):
    now = [time.time() // 60 * 60]
    monkeypatch.setattr(limits.time, "time", lambda: now[0])
    return now


def test_so_many_are_let_through_and_no_more(clock):
    assert [THREE.take("asha") for _ in range(5)] == [0, 0, 0, 60, 60]


def test_each_has_their_own(clock):
    for _ in range(3):
        THREE.take("asha")
    assert THREE.take("ravi") == 0


def test_the_border_of_two_windows_gives_nobody_twice_as_many(clock):
    clock[0] += 59
    for _ in range(3):
        THREE.take("asha")
    clock[0] += 2
    assert THREE.take("asha") > 0


def test_after_the_wait_it_goes_on(clock):
    clock[0] += 30
    for _ in range(3):
        THREE.take("asha")
    clock[0] += 40
    wait = THREE.take("asha")
    clock[0] += wait - 1
    assert THREE.take("asha") > 0
    clock[0] += 1
    assert THREE.take("asha") == 0
