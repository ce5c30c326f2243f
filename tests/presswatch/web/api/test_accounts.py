"""Who is let in, by which token, for what; users and invitations."""

from __future__ import annotations

import pytest

from presswatch.actions import users
from presswatch.web.desk import Desk
from storage.types import Role, Scope, User
from tests.presswatch.web.api.asking import OPERATOR, Program, token_of, user
from tests.presswatch.web.visiting import PASSPHRASE, Person


async def test_nobody_gets_anything_without_a_token(desk: Desk, program: Program) -> None:
    stranger = Program(desk, pages=program.pages)
    assert (await stranger.refused("GET", "/items"))[0] == 401
    assert (await Program(desk, "presswatch_no", program.pages).refused("GET", "/items"))[0] == 401
    for header in ("Basic YTpi", "Bearer", "bearer ", "Bearer  "):
        assert (await stranger.refused("GET", "/me", headers={"Authorization": header}))[0] == 401


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [((Scope.READ,), 200, 403), ((Scope.WRITE,), 403, 201), ((Scope.FEEDS,), 403, 403), ((*Scope,), 200, 201)],
)
async def test_a_token_is_for_its_scopes(
    desk: Desk, ann: User, scopes: tuple[Scope, ...], reads: int, writes: int
) -> None:
    program = Program(desk, await token_of(desk.database, ann, scopes))
    assert (await program.ask("GET", "/topics")).status_code == reads
    assert (await program.ask("POST", "/topics", {"name": "Roads", "query": "road"})).status_code == writes


async def test_a_token_gives_another_no_more_than_it_has(desk: Desk, ann: User, program: Program) -> None:
    made = await program.post("/tokens", name="dashboard", scopes=["read"], days=366)
    own = await program.get("/tokens/program")
    assert (made["scopes"], made["expires_at"]) == (["read"], own["expires_at"])
    reading = Program(desk, made["secret"], program.pages)
    assert (await reading.get("/me"))["scopes"] == ["read"]
    assert (await program.refused("POST", "/tokens", {"name": "more", "scopes": ["feeds"]}))[0] == 403
    assert (await program.refused("POST", "/tokens", {"name": "none", "scopes": []}))[0] == 422


async def test_a_secret_is_shown_once_and_a_revoked_token_ends_at_once(desk: Desk, program: Program) -> None:
    secret = (await program.post("/tokens", name="dashboard", scopes=["read"]))["secret"]
    for path in ("/tokens", "/tokens/dashboard", "/audit"):
        assert secret not in (await program.ask("GET", path)).text
    assert (await program.ask("DELETE", "/tokens/dashboard")).status_code == 204
    assert (await Program(desk, secret, program.pages).refused("GET", "/me"))[0] == 401


async def test_a_cookie_reads_and_changes_nothing_here(owner: Person) -> None:
    assert (await owner.ask("GET", "/api/v1/topics")).status_code == 200
    sent = await owner.ask("POST", "/api/v1/topics", json={"name": "Roads", "query": "road"})
    assert sent.status_code == 401
    wrong = await owner.ask("GET", "/api/v1/topics", headers={"Authorization": "Bearer presswatch_wrong"})
    assert wrong.status_code == 401  # what is said counts, not what the browser has beside it


async def test_a_token_lets_nobody_into_the_pages(desk: Desk, ann: User, program: Program) -> None:
    secret = await token_of(desk.database, ann, name="another")
    person = Person(desk, program.pages)
    await person.visit("/statements/1", Authorization=f"Bearer {secret}")
    assert person.place.startswith("/sign-in")


async def test_a_removed_user_and_a_lesser_role_count_from_the_next_request(desk: Desk, program: Program) -> None:
    eve = await user(desk.database, "eve", Role.OWNER)
    hers = Program(desk, await token_of(desk.database, eve), program.pages)
    assert len((await hers.get("/users"))["data"]) == 2
    assert (await program.ask("PATCH", "/users/eve", {"role": "reader"})).json()["role"] == "reader"
    assert (await hers.refused("GET", "/users"))[0] == 403
    await users.remove(desk.database, OPERATOR, "eve")
    assert (await hers.refused("GET", "/me"))[0] == 401


async def test_one_says_how_one_wants_the_pages(program: Program) -> None:
    changed = (await program.ask("PATCH", "/me", {"zone": "Europe/Minsk", "theme": "dark"})).json()
    assert (changed["zone"], changed["theme"], changed["keys"]) == ("Europe/Minsk", "dark", True)
    assert (await program.ask("PATCH", "/me", {"theme": "", "keys": False})).json()["zone"] == "Europe/Minsk"
    now = await program.get("/me")
    assert (now["zone"], now["theme"], now["keys"]) == ("Europe/Minsk", None, False)
    assert (now["today"], now["live"]) == ("topic", True)
    changed = (await program.ask("PATCH", "/me", {"today": "country", "live": False})).json()
    assert (changed["today"], changed["live"]) == ("country", False)
    for wrong in ({"today": "mood"}, {"zone": "Atlantis"}, {"theme": "pink"}, {"role": "owner"}):
        assert (await program.refused("PATCH", "/me", wrong))[0] == 422


async def test_a_program_sees_and_ends_where_one_is_signed_in(desk: Desk, ann: User, program: Program) -> None:
    eve = await user(desk.database, "eve", Role.READER)
    at_home, at_work, hers = (Person(desk, program.pages) for _ in range(3))
    for person, name in ((at_home, "ann"), (at_work, "ann"), (hers, "eve")):
        await person.sign_in(name)
    told = (await program.get("/sessions"))["data"]
    assert len(told) == 2
    assert "secret" not in told[0]
    one = Program(desk, await token_of(desk.database, eve), program.pages)
    assert (await one.refused("DELETE", f"/sessions/{told[0]['id']}"))[0] == 404
    assert (await program.ask("DELETE", f"/sessions/{told[0]['id']}")).status_code == 204
    assert (await program.refused("DELETE", f"/sessions/{told[0]['id']}"))[0] == 404
    assert [each["id"] for each in (await program.get("/sessions"))["data"]] == [told[1]["id"]]
    assert (await program.ask("DELETE", "/sessions")).status_code == 204
    assert (await program.get("/sessions"))["data"] == []
    assert len((await one.get("/sessions"))["data"]) == 1  # another's hold on
    assert (await program.get("/me"))["name"] == "ann"  # and so does the token


async def test_users_are_invited_seen_and_removed(desk: Desk, program: Program) -> None:
    made = await program.post("/invitations", role="reader")
    link = made["link"].removeprefix(desk.address)
    guest = Person(desk, program.pages)
    await guest.visit(link)
    await guest.send(link, name="guest", passphrase=PASSPHRASE)
    assert (await program.get("/users/guest"))["role"] == "reader"
    await program.post("/invitations", role="editor", mail="eve@example.org")
    [open_] = (await program.get("/invitations"))["data"]
    assert (open_["role"], open_["mail"]) == ("editor", "eve@example.org")
    assert (await program.ask("DELETE", f"/invitations/{open_['id']}")).status_code == 204
    assert (await program.get("/invitations"))["data"] == []
    again = (await program.post("/users/guest/link"))["link"].removeprefix(desk.address)
    assert (await guest.visit(again)).status_code == 200
    assert (await program.ask("DELETE", "/users/guest")).status_code == 204
    assert (await program.refused("GET", "/users/guest"))[0] == 404
    assert (await program.refused("DELETE", "/users/ann"))[0] == 422  # the first owner stays
    done = await program.get("/audit", limit=2)
    assert done["data"][0]["deed"] == "user removed"
    assert done["data"][0]["through"] == "api"
    assert done["next"] is not None
