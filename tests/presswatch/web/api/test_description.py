"""The API's description is whole, and no operation fails whatever it is asked. Cases are made by Schemathesis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema_rs import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from presswatch.web.api import events, programs
from presswatch.web.api.openapi import description
from presswatch.web.desk import Desk
from storage.types import Role
from tests.patience import PATIENCE
from tests.presswatch.web.api.asking import Program
from tests.presswatch.web.visiting import application
from tests.presswatch.web.walking import walked, walker
from tests.storage.examples import draft, matched, store, subscribed, watched

CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance, content_type_conformance]
OPERATIONS = [(method, path) for path, methods in description()["paths"].items() for method in methods]


def test_every_route_of_the_api_is_described(desk: Desk) -> None:
    routes = {(asked.method.lower(), asked.template.replace(":path", "")) for asked in walked(application(desk))}
    apis = {route for route in routes if route[1].startswith("/api/") and not route[1].endswith("/openapi.json")}
    assert set(OPERATIONS) == apis
    assert len(OPERATIONS) > 50


def test_every_operation_says_what_it_does_and_what_can_go_wrong() -> None:
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            assert operation["description"], (method, path)
            assert {"401", "403", "422", "429"} <= operation["responses"].keys(), (method, path)
            told = next(answer for status, answer in operation["responses"].items() if status in ("200", "201", "204"))
            assert "content" in told or method == "delete", (method, path)
    assert description()["security"] == [{"token": []}]


def test_shapes_have_examples() -> None:
    """Of what a value looks like that is no mere number, word or time of its own kind."""
    shapes = description()["components"]["schemas"]
    told = (("Topic", "query"), ("Item", "address"), ("Subscription", "rhythm"), ("NewChannel", "address"))
    for shape, field in told:
        assert shapes[shape]["properties"][field]["examples"], (shape, field)


def test_every_operation_has_examples_of_what_it_takes_and_answers() -> None:
    """Each is what its schema describes, and no schema describes just anything."""
    parts, told = description()["components"], list(_told())
    assert len(told) > 800
    whole = {"prefixItems": [each["schema"] for each in told], "components": parts}
    wrong = Draft202012Validator(whole).iter_errors([each["example"] for each in told])
    assert [f"{error.instance}: {error.message}" for error in wrong] == []
    assert [place for place in _places(description()["components"]["schemas"]) if place.endswith("items: {}")] == []
    assert not [name for name in parts["schemas"] if "__" in name]


def _told() -> Iterator[Any]:
    """Each parameter, body and answer of an operation: its schema and its example."""
    for methods in description()["paths"].values():
        for operation in methods.values():
            yield from operation.get("parameters", ())
            for told in (operation.get("requestBody", {}), *operation["responses"].values()):
                yield from told.get("content", {}).values()


def _places(value: Any, at: str = "") -> Iterator[str]:
    """Each part of the schemas, and where it stands."""
    yield f"{at}: {value}"
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _places(part, f"{at}.{name}")


async def test_everybody_may_read_the_description(desk: Desk) -> None:
    answer = await Program(desk).ask("GET", "/openapi.json")
    assert answer.json() == description()
    again = await Program(desk).ask("GET", "/openapi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.fixture
async def token(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> str:
    """The owner's, at a desk where there is something to ask for."""
    monkeypatch.setattr(programs, "A_MINUTE", 10**9)
    monkeypatch.setattr(events, "LASTS", 0.0)
    himself = await walker(desk, None, "ann", Role.OWNER)
    told, source = subscribed(desk.database, "sanctions"), watched(desk.database)
    matched(desk.database, told, *store(desk.database, *(draft(source, number) for number in range(1, 15))))
    return himself.token


@pytest.fixture
def schema(desk: Desk) -> Any:
    """The description, as it is read by programs, of the application at this desk."""
    read = schemathesis.openapi.from_dict(description())
    read.app = application(desk)
    return read


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "otherwise"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda part: part.removeprefix("/api/v1/"))
def test_no_operation_fails(
    request: pytest.FixtureRequest, schema: Any, token: str, method: str, path: str, mode: GenerationMode
) -> None:
    operation, full = schema[path][method.upper()], request.config.getoption("--full")

    @settings(
        max_examples=500 if full else 10,
        derandomize=not full,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case: Any) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {token}", "Host": "127.0.0.1"}, timeout=PATIENCE)
        if answer.status_code == 503 and "nothing is fetched by this process" in answer.text:
            return  # no section is looked at in this test
        case.validate_response(answer, checks=CHECKS)

    asked()
