"""From a real mail to its pages, as its reader goes, and as a scanner that follows every link of it does."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import urlsplit

import httpx
import pytest
from lxml import html

from notify.delivery.dispatch import Dispatch
from presswatch.actions import channels, subscriptions
from presswatch.links import PageLinks, Signed, links_of, secrets_of, sign
from presswatch.web.app import application
from presswatch.web.desk import Desk
from storage.clock import now
from storage.database import Database
from storage.people import users
from storage.people.rhythms import parse
from storage.types import SOLE_OWNER, Preferences, Role, Subscription
from tests.fakes.sinks import MailSink
from tests.presswatch.web.visiting import ADDRESS, HOSTILE, Person
from tests.presswatch.web.walking import rows_of
from tests.storage.examples import HOUR, draft, matched, store, subscribed, watched

PUBLIC = "https://desk.example.org"


@pytest.fixture
def mailbox() -> Iterator[MailSink]:
    with MailSink() as mailbox:
        yield mailbox


async def mailed(database: Database, mailbox: MailSink, *told: Subscription, address: str = ADDRESS) -> EmailMessage:
    """What comes when a statement met the topics of these subscriptions: one mail."""
    stored = store(database, draft(watched(database)))
    for one in told:
        matched(database, one, *stored)
    dispatch = Dispatch(database, owner="host/1/a", console=io.StringIO())
    dispatch.lead_to(links_of(address, database.keyring, is_public=address != ADDRESS))
    await dispatch.deliver_due()
    await dispatch.settled()
    [mail] = mailbox.wait_for(1)
    return mail


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def links(mail: EmailMessage) -> set[str]:
    """The paths of our pages that anything in a mail leads to."""
    found = set(html.fromstring(part(mail, "html")).xpath("//a/@href"))
    found |= set(re.findall(r"https?://[^\s<>]+", part(mail, "plain") + str(mail["List-Unsubscribe"] or "")))
    ours = (ADDRESS, PUBLIC)
    return {link.removeprefix(ADDRESS).removeprefix(PUBLIC) for link in found if link.startswith(ours)}


def signed_link(mail: EmailMessage) -> str:
    [found] = {link for link in links(mail) if link.startswith("/links/") and not link.endswith("/end")}
    return found


async def in_force(database: Database) -> list[str]:
    return [str(each.subscription.rhythm) for each in await subscriptions.listing(database, SOLE_OWNER)]


async def test_a_scanner_that_follows_every_link_of_a_mail_ends_and_changes_nothing(
    desk: Desk, mailbox: MailSink, owner: Person
) -> None:
    mail = await mailed(desk.database, mailbox, subscribed(desk.database, channel=mailbox.address), address=PUBLIC)
    before, scanner = rows_of(desk.database), Person(desk)
    followed = links(mail)
    assert {urlsplit(link).path.split("/")[1] for link in followed} == {"statements", "links"}
    assert any(link.endswith("/end") for link in followed)
    for link in followed:
        for method in ("GET", "HEAD", "OPTIONS"):
            assert (await scanner.ask(method, link, follow_redirects=True)).status_code < 500, link
        assert (await owner.visit(link)).status_code == 200, link
    assert rows_of(desk.database) == before


async def test_a_mail_program_unsubscribes_with_one_post_and_without_a_cookie(desk: Desk, mailbox: MailSink) -> None:
    mail = await mailed(desk.database, mailbox, subscribed(desk.database, channel=mailbox.address), address=PUBLIC)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = str(mail["List-Unsubscribe"]).removeprefix(f"<{PUBLIC}").removesuffix(">")
    program = httpx.AsyncClient(transport=httpx.ASGITransport(application(desk)), base_url=ADDRESS)
    for _ in range(2):  # some ask again
        answer = await program.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert not answer.has_redirect_location
        assert await in_force(desk.database) == []
    assert (await program.get(signed_link(mail))).status_code == 410


async def test_a_reader_unsubscribes_by_a_button_in_his_own_language(desk: Desk, mailbox: MailSink) -> None:
    ann = desk.database.write(users.add, "ann", Role.OWNER, None, desk.clock())
    desk.database.write(users.set_preferences, ann, Preferences(language="ru", zone="Europe/Minsk"))
    mail = await mailed(desk.database, mailbox, subscribed(desk.database, HOSTILE, "bridge", mailbox.address))
    reader = Person(desk)
    await reader.visit(signed_link(mail))
    assert reader.tree.get("lang") == "ru"
    assert HOSTILE in reader.text
    assert "<img" not in reader.answer.text
    assert not reader.tree.xpath("//nav")
    await reader.send(f"{signed_link(mail)}/end")
    assert reader.answer.status_code == 200
    assert await in_force(desk.database) == []
    assert (await reader.visit(signed_link(mail))).status_code == 410
    assert not reader.tree.xpath("//form")


async def test_a_reader_changes_the_rhythm_of_that_one_subscription(desk: Desk, mailbox: MailSink) -> None:
    told = subscribed(desk.database, channel=mailbox.address)
    subscribed(desk.database, "Rivers", "river", mailbox.address)
    link = signed_link(await mailed(desk.database, mailbox, told))
    reader = Person(desk)
    await reader.visit(link)
    await reader.send(link, kind="daily", at="25:00")
    assert reader.answer.status_code == 422
    assert reader.tree.xpath("//input[@name='at' and @aria-invalid]/@value") == ["25:00"]
    await reader.send(link, kind="daily", at="18:00", zone="Europe/Minsk")
    assert reader.place == link
    assert await in_force(desk.database) == ["daily 18:00 Europe/Minsk", "immediately"]
    meant = await reader.visit(f"{link}/meaning?kind=weekly&weekday=0&at=07:30&zone=Asia/Tokyo")
    assert "Monday at 07:30 in Tokyo" in meant.text


async def test_a_reader_pauses_that_one_subscription_and_lets_it_go_on(
    desk: Desk, mailbox: MailSink, database: Database
) -> None:
    told, other = subscribed(database, channel=mailbox.address), subscribed(database, name="other", channel="console")
    source, reader = watched(database), Person(desk)
    link = f"/links/{sign(Signed(SOLE_OWNER, (told.id,)), secrets_of(database.keyring))}"
    await reader.visit(link)
    await reader.send(f"{link}/pause", until="yesterday")
    assert reader.answer.status_code == 422
    assert reader.tree.xpath("//input[@name='until' and @aria-invalid]/@value") == ["yesterday"]
    await reader.send(f"{link}/pause", until=(now() + 48 * HOUR).date().isoformat())
    assert "paused until" in reader.text
    assert matched(database, told, *store(database, draft(source, 1), now=now())) == 1
    await reader.send(f"{link}/go-on")
    assert "paused until" not in reader.text
    assert matched(database, told, *store(database, draft(source, 2), now=now())) == 2
    waiting = [each.waiting for each in await subscriptions.listing(database, SOLE_OWNER)]
    assert waiting == [1, 2], f"{other.channel_name} is told of both"


async def test_each_subscription_of_a_digest_has_a_link_and_one_click_ends_them_all(
    desk: Desk, mailbox: MailSink
) -> None:
    daily = parse("daily 08:00")
    told = [subscribed(desk.database, name, "bridge", mailbox.address, rhythm=daily) for name in ("Bridges", "Rivers")]
    mail = await mailed(desk.database, mailbox, *told, address=PUBLIC)
    tree = html.fromstring(part(mail, "html"))
    assert [link.text for link in tree.xpath("//a") if "/links/" in link.get("href")] == [
        "Unsubscribe from Bridges, or change it",
        "Unsubscribe from Rivers, or change it",
    ]
    path = str(mail["List-Unsubscribe"]).removeprefix(f"<{PUBLIC}").removesuffix(">")
    reader = Person(desk)
    await reader.visit(path)
    assert "Bridges" in reader.text
    assert "Rivers" in reader.text
    await reader.send(path)
    assert await in_force(desk.database) == []


async def test_only_what_we_signed_leads_anywhere_and_only_to_what_its_owner_has(desk: Desk, mailbox: MailSink) -> None:
    told = subscribed(desk.database, channel=mailbox.address)
    keys, before, reader = secrets_of(desk.database.keyring), rows_of(desk.database), Person(desk)
    good = sign(Signed(SOLE_OWNER, (told.id,)), keys)
    assert (await reader.visit(f"/links/{good}")).status_code == 200
    others = Signed(SOLE_OWNER + 1, (told.id,))
    forged = [good[:-1], good + "A", good.replace(".", ""), sign(Signed(SOLE_OWNER, (told.id,)), [b"guessed"]), "."]
    for link, status in [*((each, 404) for each in forged), (sign(others, keys), 410)]:
        for path in (f"/links/{link}", f"/links/{link}/end", f"/links/{link}/pause", f"/links/{link}/go-on"):
            if not path.endswith(("pause", "go-on")):
                assert (await reader.visit(path)).status_code == status, link
            sent = {"kind": "daily", "until": "2026-12-24"}
            assert (await reader.ask("POST", path, data=sent, follow_redirects=True)).status_code in (status, 200), link
    assert rows_of(desk.database) == before


async def test_a_link_holds_while_the_key_is_renewed_and_ends_with_the_old_one(desk: Desk, mailbox: MailSink) -> None:
    told, keyring, reader = subscribed(desk.database, channel=mailbox.address), desk.database.keyring, Person(desk)
    link = f"/links/{sign(Signed(SOLE_OWNER, (told.id,)), secrets_of(keyring))}"
    keyring.renewed()
    assert (await reader.visit(link)).status_code == 200
    await channels.rotate_key(desk.database)
    assert (await reader.visit(link)).status_code == 404


async def test_without_a_key_nothing_is_signed_and_the_commands_stand_as_before(database: Database) -> None:
    made = links_of(ADDRESS, database.keyring, is_public=False)()
    assert made == PageLinks(ADDRESS)
    assert made.subscriptions(SOLE_OWNER, [1]) == made.one_click(SOLE_OWNER, [1]) == ""
