"""What makes pages quick: nothing waits where it need not."""

from __future__ import annotations

import gc
import inspect
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant

from presswatch.web.app import application
from presswatch.web.desk import Desk
from presswatch.web.policy import routes_of
from presswatch.web.rendering import environment
from presswatch.web.server import GARBAGE, TURN, listening, serving


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    if dependant.call is not None:
        yield dependant.call
    for each in dependant.dependencies:
        yield from _calls(each)


def test_no_request_waits_for_a_thread_before_it_is_looked_at(desk: Desk) -> None:
    """FastAPI asks in a thread what is no coroutine, such as where the database is."""
    calls = {
        call for route in routes_of(application(desk)) if route.path != "/static" for call in _calls(route.dependant)
    }
    assert len(calls) > 60
    waiting = [call for call in calls if not _is_asynchronous(call)]
    assert waiting == []


def _is_asynchronous(call: Callable[..., Any]) -> bool:
    which = call if inspect.isfunction(call) else type(call).__call__
    return inspect.iscoroutinefunction(which) or inspect.isasyncgenfunction(which)


def test_a_body_does_not_wait_until_its_headers_are_acknowledged() -> None:
    with listening("127.0.0.1:0") as at, socket.create_connection(at.getsockname()[:2]), at.accept()[0] as accepted:
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_the_loop_waits_for_threads_and_for_garbage_no_longer_than_it_must_while_pages_are_served(
    desk: Desk,
) -> None:
    before = sys.getswitchinterval(), gc.get_threshold()
    with listening("127.0.0.1:0") as at:
        async with serving(application(desk), at):
            assert sys.getswitchinterval() == pytest.approx(TURN)
            assert gc.get_threshold() == (GARBAGE, *before[1][1:])
    assert (sys.getswitchinterval(), gc.get_threshold()) == before
    assert before[0] > TURN and before[1][0] < GARBAGE


def test_no_template_is_looked_for_on_the_disk_twice() -> None:
    made = environment("en")
    made.get_template("base.html")
    assert not made.auto_reload
    assert made.get_template("base.html") is made.get_template("base.html")
