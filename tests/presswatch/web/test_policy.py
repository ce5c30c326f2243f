"""Who may ask what: every route says so, and nobody gets more."""

from __future__ import annotations

import pytest
from fastapi import APIRouter

from presswatch.web import pages
from presswatch.web.app import application
from presswatch.web.desk import Desk
from presswatch.web.policy import policies_of, routes_of


def test_every_route_declares_one_policy(desk: Desk) -> None:
    served = [route for route in routes_of(application(desk)) if route.path != "/static"]
    assert len(served) > 5
    assert [route.path for route in served if len(policies_of(route)) != 1] == []


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_a_route_that_says_nothing_is_not_served(desk: Desk, monkeypatch: pytest.MonkeyPatch, prefix: str) -> None:
    silent = APIRouter(prefix=prefix)

    @silent.get("/silent")
    async def silent_page() -> str:
        return "whatever"

    monkeypatch.setattr(pages, "ROUTERS", (*pages.ROUTERS, silent))
    with pytest.raises(TypeError, match="/silent declares 0 policies"):
        application(desk)
