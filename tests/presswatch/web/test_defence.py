"""What holds for every answer: headers, hosts, sizes, whose form it is, and that nobody is led away."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from urllib.parse import quote, urljoin, urlsplit

import pytest
from fastapi import APIRouter, FastAPI

from presswatch.web import app
from presswatch.web import pages as pages_of_desk
from presswatch.web.defence import HEADERS, LARGEST, hosts_of, own_path
from presswatch.web.desk import Desk
from presswatch.web.policy import open_to_all
from storage.types import Role
from tests.presswatch.web.api.asking import Program
from tests.presswatch.web.visiting import ADDRESS, PASSPHRASE, Person, application
from tests.presswatch.web.walking import Walker, rows_of, walked, walker
from tests.storage.examples import draft, store, subscribed, watched

WITHOUT_A_SESSION = ("/sign-in", "/begin/", "/links/", "/l/")
"""Forms of who is not signed in: nothing but what they hold can be done by them."""


@pytest.fixture
def pages(desk: Desk) -> FastAPI:
    return application(desk)


@pytest.fixture
async def ann(desk: Desk, pages: FastAPI) -> Walker:
    """The owner, who has something to lose."""
    himself = await walker(desk, pages, "ann", Role.OWNER)
    subscribed(desk.database, "Bridges")
    store(desk.database, draft(watched(desk.database)))
    return himself


# -- whose form it is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "0" * 64, "another's", "\u00e9"])
async def test_no_form_changes_anything_without_the_token_of_its_session(
    desk: Desk, pages: FastAPI, ann: Walker, token: str
) -> None:
    if token == "another's":
        token = (await walker(desk, pages, "eve", Role.OWNER)).csrf
    before, forms = rows_of(desk.database), 0
    for asked in walked(pages):
        if asked.method == "POST" and not asked.is_api and not asked.template.startswith(WITHOUT_A_SESSION):
            answer = await ann.walk(asked, {"csrf": token})
            assert answer.status_code == 403, str(asked)
            forms += 1
    assert forms
    assert rows_of(desk.database) == before


async def test_a_cookie_changes_nothing_at_the_api(desk: Desk, pages: FastAPI, ann: Walker) -> None:
    before = rows_of(desk.database)
    for asked in walked(pages):
        if asked.is_api and asked.method != "GET":
            answer = await ann.ask(asked.method, asked.path(), json={"name": "x", "query": "x"})
            assert answer.status_code == 401, str(asked)
    assert rows_of(desk.database) == before


# -- sizes and hosts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/api/v1/topics"])
async def test_more_than_is_taken_is_refused_whether_its_length_is_told_or_not(
    pages: FastAPI, ann: Walker, path: str
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(LARGEST // 50_000 + 2):
            yield b"a" * 50_000

    headers = {"Authorization": f"Bearer {ann.token}"} if path.startswith("/api/") else {}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    kind = {"Content-Type": "application/json"} if path.startswith("/api/") else form
    assert (await ann.ask("POST", path, content=b"a" * (LARGEST + 1), headers=headers | kind)).status_code == 413
    assert (await ann.ask("POST", path, content=pieces(), headers=headers | kind)).status_code == 413
    for length in ("-1", "1e3", "x", ""):
        answer = await ann.ask("POST", path, content=b"a", headers={**headers, **kind, "Content-Length": length})
        assert answer.status_code == 413, length


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "evil.example:8420", "localhost.evil.example", "",
     "127.0.0.1@evil.example", "0.0.0.0", "[::]", "127.0.0.2", "localhost:8420:80", "evil.example#127.0.0.1",
     "127.0.0.1:x"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/openapi.json", "/static/presswatch.css"])
async def test_another_host_is_answered_nothing(stranger: Person, host: str, path: str) -> None:
    answer = await stranger.ask("GET", path, headers={"Host": host})
    assert answer.status_code == 421
    assert len(answer.content) < 100


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8420", "localhost", "LOCALHOST:8420", "[::1]:8420"])
async def test_the_machines_own_names_are_answered(stranger: Person, host: str) -> None:
    assert (await stranger.ask("GET", "/sign-in", headers={"Host": host})).status_code == 200


def test_the_host_of_the_pages_address_is_theirs() -> None:
    assert "desk.example.org" in hosts_of("https://desk.example.org")
    assert "[2001:db8::1]" in hosts_of("http://[2001:db8::1]:8420")


# -- headers -----------------------------------------------------------------------------------------------------------


async def test_every_answer_has_its_headers(desk: Desk, pages: FastAPI, ann: Walker) -> None:
    nobody, answers = Walker(desk, pages), []
    for asked in walked(pages):
        if not asked.template.endswith("/events"):
            answers += [await nobody.walk(asked), await ann.walk(asked, {"csrf": ""})]
    for method, path, headers in (
        ("GET", "/nothing", {}),
        ("PUT", "/sign-in", {}),
        ("GET", "/sign-in", {"Host": "evil.example"}),
        ("POST", "/sign-in", {"Content-Length": "9999999"}),
        ("GET", "/api/nothing", {}),
        ("GET", "/static/presswatch.css", {}),
        ("GET", "/static/nothing", {}),
        ("GET", "/statements/none", {}),
    ):
        answers.append(await ann.ask(method, path, headers=headers))
    assert {200, 303, 401, 403, 404, 405, 413, 421, 422} <= {answer.status_code for answer in answers}
    for answer in answers:
        _is_defended(answer.headers, f"{answer.request.method} {answer.request.url} {answer.status_code}")


def _is_defended(headers, where: str) -> None:  # type: ignore[no-untyped-def]
    assert {name: headers.get(name) for name in HEADERS} == dict(HEADERS), where
    if "/static/" not in where:
        assert re.search("no-store|private|no-cache", headers["Cache-Control"]), where
    assert "Server" not in headers, where
    for cookie in headers.get_list("Set-Cookie"):
        assert "HttpOnly" in cookie, where
        assert "SameSite=lax" in cookie, where


@pytest.mark.parametrize("path", ["/mistaken", "/api/v1/mistaken"])
async def test_a_mistake_of_our_own_shows_nothing_of_itself(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    router = APIRouter()

    @router.get(path, dependencies=[open_to_all()])
    async def mistaken() -> None:
        raise RuntimeError("hush: /home/somebody")

    monkeypatch.setattr(pages_of_desk, "ROUTERS", (*pages_of_desk.ROUTERS, router))
    answer = await Program(desk, pages=app.application(desk), raises=False)._client.get(path)
    assert answer.status_code == 500
    assert "hush" not in answer.text
    assert "mistake" in answer.text
    _is_defended(answer.headers, path)


def test_the_policy_of_content_lets_in_nothing_inline() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} <= set(
        policy.split("; ")
    )


# -- nobody is led away ------------------------------------------------------------------------------------------------

EVIL = "evil.example"
ELSEWHERE = [
    f"//{EVIL}", f"///{EVIL}", f"////{EVIL}", f"https://{EVIL}", f"HTTPS://{EVIL}", f"http:{EVIL}", f"http:/{EVIL}",
    f"http:///{EVIL}", f"https:{EVIL}", f"https:\\\\{EVIL}", f"\\\\{EVIL}", f"/\\{EVIL}", f"\\/{EVIL}", f"/\\/{EVIL}",
    f"/\\\\{EVIL}", f"//\\{EVIL}", f"/ /{EVIL}", f" //{EVIL}", f"\t//{EVIL}", f"\n//{EVIL}", f"\r\n//{EVIL}",
    f"/\t/{EVIL}", f"/\n/{EVIL}", f"/\r/{EVIL}", f"\x00//{EVIL}", f"/\x00/{EVIL}", f"\x0b//{EVIL}", f"\x1f//{EVIL}",
    f"\u00a0//{EVIL}", f"\ufeff//{EVIL}", f"\u200b//{EVIL}", f"\uff0f\uff0f{EVIL}", f"/\uff0f{EVIL}",
    f"\u2044\u2044{EVIL}", f"//{EVIL}/..", f"//{EVIL}%2f..", f"//user@{EVIL}", f"//127.0.0.1@{EVIL}",
    f"https://127.0.0.1:8420@{EVIL}", f"https://127.0.0.1.{EVIL}", f"//127.0.0.1:8420.{EVIL}", f"//[::1]@{EVIL}",
    f"//{EVIL}:80", f"//{EVIL}#/", f"//{EVIL}?/", f"ftp://{EVIL}", f"//{EVIL}\\@127.0.0.1", "javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "vbscript:x", "blob:x", f"view-source:https://{EVIL}",
    "mailto:x@evil.example", f"{EVIL}", f"./{EVIL}", f"..//{EVIL}", f".//{EVIL}", "//", "///", "//[", "http://[",
    f"/x\r\nLocation: https://{EVIL}", f"/\r\nSet-Cookie: a=b;//{EVIL}", f"//{EVIL}\u2028",
    f"/%0d%0aLocation:%20https://{EVIL}", "//%00", f"/.//{EVIL}/../..//{EVIL}", "?", "#", "",
]  # fmt: skip


def _as_browsers_read(location: str) -> str:
    """Where a browser goes: blanks and control characters at the ends fall away, tabs and line breaks everywhere, and a
    backslash is a slash (WHATWG URL, 4.4)."""
    read = re.sub(r"[\t\n\r]", "", location.strip("".join(map(chr, range(33))))).replace("\\", "/")
    return urljoin(f"{ADDRESS}/sign-in", read)


async def test_signing_in_leads_to_our_own_pages_alone(ann: Walker) -> None:
    assert len(ELSEWHERE) > 60
    for next in ELSEWHERE:
        gone_on = await ann.ask("GET", f"/sign-in?next={quote(next, safe='')}")
        assert gone_on.status_code == 303, next
        for location in (own_path(next), gone_on.headers["Location"]):
            led_to = urlsplit(_as_browsers_read(location))
            assert (led_to.scheme, led_to.netloc) == ("http", "127.0.0.1:8420"), location
            assert not re.search(r"[\r\n]", location)


async def test_after_signing_in_one_is_where_one_was(stranger: Person, owner: Person) -> None:
    for wanted, led_to in (("/statements/1?version=2", "/statements/1?version=2"), ("//evil.example", "/")):
        sent = {"name": "owner", "passphrase": PASSPHRASE, "next": wanted}
        assert (await stranger.ask("POST", "/sign-in", data=sent)).headers["Location"] == led_to


async def test_a_slash_too_many_leads_a_person_on_and_is_told_a_program(ann: Walker) -> None:
    assert (await ann.ask("GET", "/topics/")).headers["Location"] == "/topics"
    for path in (f"//{EVIL}/", f"/%5C{EVIL}/", f"///{EVIL}//"):
        led_to = urlsplit(_as_browsers_read((await ann.ask("GET", f"{ADDRESS}{path}")).headers["Location"]))
        assert led_to.netloc == "127.0.0.1:8420", path
    told = await ann.ask("GET", "/api/v1/stories/1/", headers={"Authorization": f"Bearer {ann.token}"})
    assert (told.status_code, told.headers["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.slow
async def test_no_route_leads_away_whatever_is_asked(desk: Desk, pages: FastAPI, ann: Walker) -> None:
    nobody = Walker(desk, pages)
    for asked in walked(pages):
        if asked.method != "GET" or asked.template.endswith("/events"):
            continue
        for name in ("next", "to", "url", "back", "return", "redirect"):
            for person in (nobody, ann):
                answer = await person.ask("GET", f"{asked.path()}?{name}=https://{EVIL}/")
                if "Location" in answer.headers:
                    led_to = urlsplit(_as_browsers_read(answer.headers["Location"]))
                    assert led_to.netloc == "127.0.0.1:8420", str(asked)
