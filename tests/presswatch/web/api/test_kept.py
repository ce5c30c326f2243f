"""What one has read and keeps, for programs; what the desk shares is read by all and changed by its owner."""

from __future__ import annotations

import pytest

from presswatch.web.desk import Desk
from tests.presswatch.web.api.asking import Program
from tests.storage.examples import draft, store, watched


@pytest.fixture
def archive(desk: Desk) -> list[int]:
    """Three statements."""
    source = watched(desk.database)
    return [one.item_id for one in store(desk.database, *(draft(source, number) for number in (1, 2, 3)))]


async def test_a_statement_is_kept_with_a_note_and_let_go(program: Program, archive: list[int]) -> None:
    first, _, last = archive
    unkept = await program.ask("GET", f"/kept/{first}")
    assert unkept.json() == {"item": first, "read": False, "note": None, "kept_at": None, "collections": []}
    seen = {"If-Match": unkept.headers["ETag"]}
    kept = await program.ask("PUT", f"/kept/{first}", {"note": "for Monday"}, headers=seen)
    assert (kept.json()["note"], kept.json()["kept_at"] is None) == ("for Monday", False)
    assert (await program.refused("PUT", f"/kept/{first}", {"note": "mine"}, headers=seen))[0] == 412
    await program.ask("PUT", f"/kept/{last}", {})
    page = await program.get("/kept", limit=1)
    assert [each["id"] for each in page["data"]] == [last]
    rest = await program.get("/kept", limit=1, start=page["next"])
    assert [(each["id"], each["note"]) for each in rest["data"]] == [(first, "for Monday")]
    assert (await program.ask("DELETE", f"/kept/{first}")).status_code == 204
    assert (await program.get(f"/kept/{first}"))["note"] is None
    assert (await program.refused("PUT", "/kept/999", {}))[0] == 404
    assert (await program.refused("PUT", f"/kept/{last}", {"note": "x" * 5_000}))[0] == 422


async def test_what_was_read_is_unread_again_when_it_is_edited(
    program: Program, desk: Desk, archive: list[int]
) -> None:
    first, second, _ = archive
    await program.post("/read", items=[first, second, 999])
    assert (await program.get(f"/kept/{first}"))["read"] is True
    store(desk.database, draft(watched(desk.database, "mfa-xy/again"), 1, title="The bridge is open", item_id=first))
    assert (await program.get(f"/kept/{first}"))["read"] is False
    await program.post("/read", items=[second], read=False)
    assert (await program.get(f"/kept/{second}"))["read"] is False


async def test_a_collection_is_shared_with_the_desk_and_changed_by_its_owner_alone(
    program: Program, other: Program, archive: list[int]
) -> None:
    made = await program.ask("POST", "/collections", {"name": "Border treaty"})
    at, number = made.headers["Location"].removeprefix("/api/v1"), made.json()["id"]
    kept = await program.ask("PUT", f"/kept/{archive[0]}", {"note": "the first", "collections": [number]})
    assert kept.json()["collections"] == [number]
    assert (await other.get("/collections"))["data"] == []
    for method, path, sent in (
        ("GET", at, None),
        ("GET", f"{at}/items", None),
        ("PATCH", at, {"shared": True}),
        ("DELETE", at, None),
    ):
        assert (await other.refused(method, path, sent))[0] == 404, path
    assert (await program.ask("PATCH", at, {"shared": True})).json()["shared"] is True
    [seen] = (await other.get("/collections"))["data"]
    assert (seen["name"], seen["owner"], seen["own"], seen["statements"]) == ("Border treaty", "ann", False, 1)
    assert [each["note"] for each in (await other.get(f"{at}/items"))["data"]] == ["the first"]
    assert (await other.refused("PATCH", at, {"shared": False}))[0] == 404
    assert (await other.refused("DELETE", at))[0] == 404
    assert (await other.get(f"/kept/{archive[0]}"))["note"] is None
    assert (await program.ask("DELETE", at)).status_code == 204
    assert (await program.get(f"/kept/{archive[0]}"))["note"] == "the first"
    assert (await program.refused("POST", "/collections", {"name": " "}))[0] == 422
