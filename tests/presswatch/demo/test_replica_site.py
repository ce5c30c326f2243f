"""The replica over real HTTP: what a crawler, a browser or a test in another process sees of it."""

from __future__ import annotations

import datetime
import http.client
import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.message import Message
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener
from xml.etree import ElementTree

import pytest
from lxml import html

from presswatch.demo.control import RemoteSite, controlled
from presswatch.demo.pages import Breakage
from presswatch.demo.site import ReplicaSite
from presswatch.demo.statements import demo_statements, drafts, many_statements
from tests.patience import PATIENCE

RESOURCES = 21


@dataclass(frozen=True, slots=True)
class Got:
    status: int
    headers: Message
    content: bytes

    @property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.content)

    @property
    def titles(self) -> list[str]:
        return [row.text_content() for row in self.tree.cssselect("div.tabs__item a")]


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def get(address: str, headers: dict[str, str] | None = None, method: str = "GET", body: bytes | None = None) -> Got:
    opener = build_opener(ProxyHandler({}), _NoRedirects())
    try:
        with opener.open(Request(address, body, headers or {}, method=method), timeout=PATIENCE) as answer:
            return Got(answer.status, answer.headers, answer.read())
    except HTTPError as answer:
        with answer:
            return Got(answer.code, answer.headers, answer.read())


@pytest.fixture
def site() -> Iterator[ReplicaSite]:
    with ReplicaSite() as site:
        yield site


def test_an_article_shows_title_date_and_paragraphs_in_their_places(site: ReplicaSite) -> None:
    statement = site.publish("On a <visit>", "It began.\n\nIt\nended.", date=datetime.date(2024, 11, 28))
    tree = get(statement.address).tree
    assert [each.text for each in tree.cssselect("h1")] == ["On a <visit>"]
    assert [each.text for each in tree.cssselect("span.date._big")] == ["28 November 2024"]
    assert [each.text for each in tree.cssselect("section.content-page > p")] == ["It began.", "It ended."]
    assert tree.cssselect('section.content-page > p ~ a[href^="/print/"] ~ div.content-page__social')


def test_an_article_has_sixteen_hexadecimal_digits_below_its_section(site: ReplicaSite) -> None:
    english, russian = site.publish("A", "a"), site.publish("Б", "б", "ru")
    assert english.address == f"{site.section('en')}{english.slug}.html"
    assert english.path == f"/en/press/news_mfa/{english.slug}.html"
    assert russian.path == f"/press/news_mfa/{russian.slug}.html"
    assert len(english.slug) == 16
    assert int(english.slug, 16)


def test_russian_pages_are_windows_1251_and_only_the_page_itself_says_so(site: ReplicaSite) -> None:
    statement = site.publish("О встрече в «Доме»", "Она прошла – и хорошо.", "ru", datetime.date(2021, 5, 19))
    for address in (site.section("ru"), statement.address):
        answer = get(address)
        assert answer.headers["Content-Type"] == "text/html"
        assert b'<meta charset="windows-1251">' in answer.content
        text = answer.content.decode("windows-1251")
        assert "О встрече в «Доме»" in text
        assert "19 мая 2021 г." in text
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("utf-8")


def test_letters_outside_windows_1251_survive_as_references(site: ReplicaSite) -> None:
    statement = site.publish("ՀԱՊԿ", "ҰҚШҰ")
    assert get(statement.address).tree.cssselect("h1")[0].text == "ՀԱՊԿ"
    assert get(statement.address).tree.cssselect("p")[0].text == "ҰҚШҰ"


@pytest.mark.parametrize(
    ("language", "menu", "heading"),
    [
        ("en", "Belarus and the CSTO", "Official Internet Resources"),
        ("ru", "Беларусь и ОДКБ", "Официальные интернет-ресурсы"),
    ],
)
def test_every_page_has_the_menu_and_the_official_resources(
    site: ReplicaSite, language: str, menu: str, heading: str
) -> None:
    statement = site.publish("A", "a", language)
    for address in (site.section(language), statement.address):
        tree = get(address).tree
        assert menu in [each.text_content() for each in tree.cssselect("header li")]
        assert [each.text for each in tree.cssselect("footer h3")] == [heading]
        assert len(tree.cssselect("footer li")) == RESOURCES
        assert tree.get("lang") == language


def test_the_menu_leads_to_the_section(site: ReplicaSite) -> None:
    for language, name in (("en", "Press"), ("ru", "Пресс-служба")):
        (link,) = [each for each in get(site.section(language)).tree.cssselect("header a") if each.text == name]
        assert site.address + str(link.get("href")) == site.section(language)


def test_a_listing_shows_the_newest_first_with_dates_and_links_that_lead_there(site: ReplicaSite) -> None:
    old = site.publish("Old", "a", date=datetime.date(2024, 1, 9))
    new = site.publish("New", "a", date=datetime.date(2024, 2, 1))
    site.publish("Late addition", "a", date=datetime.date(2024, 1, 9))
    site.publish("Другое", "a", "ru")
    answer = get(site.section())
    assert answer.titles == ["New", "Late addition", "Old"]
    rows = answer.tree.cssselect("div.tabs__item")
    assert [row.cssselect("span.date")[0].text for row in rows] == [
        "1 February 2024",
        "9 January 2024",
        "9 January 2024",
    ]
    links = [row.cssselect("a")[0].get("href") for row in rows]
    assert (links[0], links[2]) == (new.path, old.path)


def test_a_listing_shows_ten_and_its_further_pages_the_rest(site: ReplicaSite) -> None:
    for number in range(1, 24):
        site.publish(f"Number {number}", "a")
    pages = [get(f"{site.section()}?page={number}").titles for number in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [10, 10, 3, 0]
    assert [title for page in pages for title in page] == [f"Number {number}" for number in range(23, 0, -1)]
    assert get(site.section()).titles == pages[0]
    links = get(site.section()).tree.cssselect("div.pagination a")
    assert [link.get("href") for link in links] == ["?page=2", "?page=3"]


def test_a_page_number_that_is_none_shows_the_first_page(site: ReplicaSite) -> None:
    site.publish("A", "a")
    for query in ("page=x", "page=-1", "page=0", "page=", "other=2", "page=²"):
        assert get(f"{site.section()}?{query}".replace("²", "%C2%B2")).titles == ["A"]


def test_a_statement_without_a_date_shows_none(site: ReplicaSite) -> None:
    statement = site.publish("A", "a", date=None)
    assert not get(statement.address).tree.cssselect("span.date")
    assert not get(site.section()).tree.cssselect("span.date")


def test_a_statement_can_have_an_address_that_no_listing_shows(site: ReplicaSite) -> None:
    statement = site.publish("Hidden", "a", in_listing=False)
    assert get(site.section()).titles == []
    assert get(statement.address).status == 200


def test_two_statements_with_the_same_title_have_two_addresses(site: ReplicaSite) -> None:
    first, second = site.publish("Spokesperson's briefing", "a"), site.publish("Spokesperson's briefing", "b")
    assert first.address != second.address
    assert [get(each.address).tree.cssselect("p")[0].text for each in (first, second)] == ["a", "b"]


def test_an_edit_changes_the_words_and_neither_address_nor_date(site: ReplicaSite) -> None:
    statement = site.publish("Before", ["one", "two"], date=datetime.date(2024, 1, 9))
    edited = site.edit(statement, title="After", body=[*statement.body, "three"])
    assert (edited.address, edited.date, edited.body) == (statement.address, statement.date, ("one", "two", "three"))
    tree = get(statement.address).tree
    assert tree.cssselect("h1")[0].text == "After"
    assert [each.text for each in tree.cssselect("section.content-page > p")] == ["one", "two", "three"]
    assert tree.cssselect("span.date")[0].text == "9 January 2024"
    assert get(site.section()).titles == ["After"]
    assert site.edit(statement, body="new").title == "After"


def test_a_withdrawn_statement_is_gone_until_it_is_restored(site: ReplicaSite) -> None:
    statement = site.publish("A", "a")
    assert site.withdraw(statement).withdrawn
    assert get(statement.address).status == 404
    assert get(site.section()).titles == []
    site.restore(statement)
    assert get(statement.address).status == 200
    assert get(site.section()).titles == ["A"]


def test_what_was_never_published_is_not_found(site: ReplicaSite) -> None:
    statement = site.publish("A", "a")
    for path in ("/nothing", f"/press/news_mfa/{statement.slug}.html", "/en/press/news_mfa/0000.html", "/en/section0/"):
        assert get(site.address + path).status == 404
    with pytest.raises(ValueError, match="published"):
        site.statement("0" * 16)


def test_a_language_that_the_site_does_not_have_is_refused(site: ReplicaSite) -> None:
    with pytest.raises(ValueError, match="'be'"):
        site.publish("A", "a", "be")
    with pytest.raises(ValueError, match="'be'"):
        site.section("be")


def test_a_known_listing_is_answered_304_by_either_validator(site: ReplicaSite) -> None:
    statement = site.publish("A", "a")
    for address in (site.section(), statement.address, site.feed()):
        first = get(address)
        by_tag = get(address, {"If-None-Match": first.headers["ETag"]})
        by_date = get(address, {"If-Modified-Since": first.headers["Last-Modified"]})
        assert [(each.status, each.content) for each in (first, by_tag, by_date)] == [
            (200, first.content), (304, b""), (304, b""),
        ]  # fmt: skip
        assert by_tag.headers["ETag"] == first.headers["ETag"]


def test_each_change_ends_both_validators_even_within_a_second(site: ReplicaSite) -> None:
    statement = site.publish("A", "a")
    changes: tuple[Callable[[], object], ...] = (
        lambda: site.publish("B", "b"),
        lambda: site.edit(statement, title="C"),
        lambda: site.withdraw(statement),
        lambda: site.restore(statement),
    )
    for change in changes:
        known = get(site.section()).headers
        change()
        assert get(site.section(), {"If-None-Match": known["ETag"]}).status == 200
        assert get(site.section(), {"If-Modified-Since": known["Last-Modified"]}).status == 200


def test_a_change_in_one_language_leaves_the_other_unchanged(site: ReplicaSite) -> None:
    known = get(site.section("ru")).headers
    site.publish("A", "a", "en")
    assert get(site.section("ru"), {"If-None-Match": known["ETag"]}).status == 304
    assert get(site.section("ru"), {"If-Modified-Since": known["Last-Modified"]}).status == 304


def test_the_tag_goes_before_the_date(site: ReplicaSite) -> None:
    known = get(site.section()).headers
    both = {"If-None-Match": '"another"', "If-Modified-Since": known["Last-Modified"]}
    assert get(site.section(), both).status == 200
    assert get(site.section(), {"If-None-Match": f'"another", W/{known["ETag"]}'}).status == 304
    assert get(site.section(), {"If-Modified-Since": "yesterday"}).status == 200


def test_a_site_without_validators_always_answers_in_full() -> None:
    with ReplicaSite(validators=False) as site:
        first = get(site.section())
        assert first.headers["ETag"] is None
        assert first.headers["Last-Modified"] is None
        assert get(site.section(), {"If-None-Match": "*"}).status == 200


def test_a_feed_tells_of_the_same_statements(site: ReplicaSite) -> None:
    site.publish("First & foremost", ["Summary.", "More."], date=datetime.date(2024, 11, 28))
    site.publish("Второе", "Да.", "ru")
    site.withdraw(site.publish("Third", "c"))
    undated = site.publish("Fourth", "d", date=None)
    answer = get(site.feed())
    assert answer.headers["Content-Type"] == "application/rss+xml"
    items = list(ElementTree.fromstring(answer.content).iter("item"))
    assert [item.findtext("title") for item in items] == ["Fourth", "First & foremost"]
    assert items[0].findtext("link") == undated.address
    assert [item.findtext("pubDate") for item in items] == [None, "Thu, 28 Nov 2024 12:00:00 +0000"]
    assert items[1].findtext("description") == "Summary."
    assert "Второе" in get(site.feed("ru")).content.decode()


def test_a_broken_feed_is_a_web_page(site: ReplicaSite) -> None:
    site.publish("A", "a")
    site.break_feed()
    answer = get(site.feed())
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html")
    assert b"<rss" not in answer.content
    assert get(site.section()).titles == ["A"]
    site.mend()
    assert get(site.feed()).headers["Content-Type"] == "application/rss+xml"


@pytest.mark.parametrize(
    ("how", "sign"),
    [("redesign", "#newsroom"), ("empty", "div.tabs"), ("login", 'input[type="password"]')],
)
def test_a_broken_listing_answers_200_without_any_statement(site: ReplicaSite, how: Breakage, sign: str) -> None:
    statement = site.publish("A", "a")
    known = get(site.section()).headers["ETag"]
    site.break_listing(how)
    answer = get(site.section(), {"If-None-Match": known})
    assert (answer.status, answer.titles, len(answer.tree.cssselect(sign))) == (200, [], 1)
    assert statement.path.encode() not in answer.content
    assert get(statement.address).status == 200
    site.mend()
    assert get(site.section(), {"If-None-Match": known}).status == 304


def test_an_unknown_way_to_break_is_refused(site: ReplicaSite) -> None:
    with pytest.raises(ValueError, match="redesign"):
        site.break_listing("sideways")  # type: ignore[arg-type]
    site.publish("A", "a")
    assert get(site.section()).titles == ["A"]


@pytest.mark.parametrize("status", [200, 403])
def test_a_blocked_site_shows_the_filters_page_everywhere_but_in_robots_txt(site: ReplicaSite, status: int) -> None:
    statement = site.publish("A", "a")
    site.block(status)
    for address in (site.section(), statement.address, site.feed()):
        answer = get(address)
        assert answer.status == status
        assert b"<title>Web Page Blocked</title>" in answer.content
    assert b"Disallow" in get(f"{site.address}/robots.txt").content
    site.unblock()
    assert get(statement.address).tree.cssselect("h1")[0].text == "A"


def test_any_status_can_be_answered_with_any_headers(site: ReplicaSite) -> None:
    site.answer_with(503, {"Retry-After": "120"})
    answer = get(site.section())
    assert (answer.status, answer.headers["Retry-After"]) == (503, "120")
    assert get(f"{site.address}/robots.txt").status == 200
    site.mend()
    assert get(site.section()).status == 200


def test_a_status_can_be_for_one_path_alone(site: ReplicaSite) -> None:
    site.answer_with(500, path="/robots.txt")
    assert get(f"{site.address}/robots.txt").status == 500
    assert get(site.section()).status == 200
    site.answer_with(302, {"Location": "http://127.0.0.1:1/"}, "/en/press/news_mfa/")
    assert get(site.section()).headers["Location"] == "http://127.0.0.1:1/"
    assert get(f"{site.address}/robots.txt").status == 200


def test_robots_txt_forbids_service_folders_and_may_ask_for_a_delay(site: ReplicaSite) -> None:
    plain = get(f"{site.address}/robots.txt").content.decode()
    assert "Disallow: /print/\n" in plain
    assert "Crawl-delay" not in plain
    assert "news_mfa" not in plain
    with ReplicaSite(crawl_delay=2.5) as slow:
        assert "Crawl-delay: 2.5\n" in get(f"{slow.address}/robots.txt").content.decode()


def test_a_site_that_is_down_refuses_connections_and_comes_back_on_its_port(site: ReplicaSite) -> None:
    site.publish("A", "a")
    port = site.port
    site.go_down()
    for _ in range(3):
        with pytest.raises(URLError) as refusal:
            get(site.section())
        assert isinstance(refusal.value.reason, ConnectionRefusedError)
    site.publish("B", "b")
    site.come_up()
    assert site.port == port
    assert get(site.section()).titles == ["B", "A"]


def test_the_port_of_a_site_that_is_down_is_nobody_elses(site: ReplicaSite) -> None:
    site.go_down()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", site.port))


def test_going_down_breaks_a_connection_that_was_kept_open(site: ReplicaSite) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    connection.request("GET", "/en/")
    connection.getresponse().read()
    assert connection.sock is not None
    site.go_down()
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        connection.request("GET", "/en/")
        connection.getresponse()
    connection.close()


def test_going_down_and_coming_up_twice_is_like_once(site: ReplicaSite) -> None:
    site.go_down()
    site.go_down()
    site.come_up()
    site.come_up()
    assert get(site.section()).status == 200


def test_mending_also_brings_a_site_up(site: ReplicaSite) -> None:
    site.block()
    site.go_down()
    site.mend()
    assert get(site.section()).status == 200


def test_a_stopped_site_gives_its_port_back() -> None:
    with ReplicaSite() as site:
        port = site.port
    with ReplicaSite(port) as again:
        assert get(again.section()).status == 200


def test_connections_are_kept_alive(site: ReplicaSite) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    ends = []
    for path in ("/en/press/news_mfa/", "/nothing", "/robots.txt"):
        connection.request("GET", path)
        connection.getresponse().read()
        ends.append(connection.sock.getsockname() if connection.sock else None)
    connection.close()
    assert ends[0] is not None
    assert len(set(ends)) == 1


def test_a_head_request_gets_the_head_alone(site: ReplicaSite) -> None:
    whole, head = get(site.section()), get(site.section(), method="HEAD")
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(whole.content))
    assert head.headers["ETag"] == whole.headers["ETag"]


def test_every_request_is_remembered_with_its_headers(site: ReplicaSite) -> None:
    get(f"{site.address}/robots.txt")
    get(f"{site.section()}?page=2", {"User-Agent": "a polite crawler", "If-None-Match": '"x"'})
    assert [(each.method, each.path) for each in site.requests] == [
        ("GET", "/robots.txt"),
        ("GET", "/en/press/news_mfa/?page=2"),
    ]
    assert site.requests[1].headers["user-agent"] == "a polite crawler"
    assert site.requests[1].headers["if-none-match"] == '"x"'
    assert site.requests[0].time <= site.requests[1].time
    site.forget_requests()
    assert site.requests == []


def test_the_peak_counts_requests_that_are_answered_at_once(site: ReplicaSite) -> None:
    for _ in range(5):
        get(site.section())
    assert site.peak_concurrency == 1
    site.slow(60)
    with ThreadPoolExecutor(3) as three:
        answers = [three.submit(get, site.section()) for _ in range(3)]
        assert len(site.wait_for_requests(8)) == 8
        site.mend()
        assert [answer.result().status for answer in answers] == [200, 200, 200]
    assert site.peak_concurrency == 3


def test_waiting_for_requests_that_do_not_come_ends(site: ReplicaSite) -> None:
    get(site.section())
    with pytest.raises(TimeoutError, match="1 of 2"):
        site.wait_for_requests(2, seconds=0.01)


def test_many_may_publish_at_once(site: ReplicaSite) -> None:
    with ThreadPoolExecutor(8) as eight:
        published = list(eight.map(lambda number: site.publish(f"Number {number}", "a"), range(200)))
    assert len({statement.address for statement in published}) == 200
    assert get(published[-1].address).status == 200


def test_a_replica_in_a_process_of_its_own_is_driven_by_the_same_verbs() -> None:
    with RemoteSite.started() as site:
        statement = site.publish("О визите", ["Он начался."], "ru", datetime.date(2021, 5, 19))
        assert get(statement.address).tree.cssselect("h1")[0].text == "О визите"
        assert site.edit(statement, title="О поездке").date == datetime.date(2021, 5, 19)
        assert get(site.section("ru")).titles == ["О поездке"]
        assert site.withdraw(statement).withdrawn
        assert get(statement.address).status == 404
        assert site.restore(statement) == site.statement(statement.slug)
        assert site.publish("Undated", "a", date=None, in_listing=False).date is None
        assert site.publish("Today", "a").date is not None
        site.block(418)
        assert get(site.section()).status == 418
        site.unblock()
        site.break_listing("empty")
        assert get(site.section()).titles == []
        site.break_feed()
        assert get(site.feed()).headers["Content-Type"] == "text/html"
        site.answer_with(429, {"Retry-After": "7"})
        assert get(site.section()).headers["Retry-After"] == "7"
        site.mend()
        assert get(site.section()).titles == ["Today"]
        site.slow(0.001)
        assert get(site.section()).titles == ["Today"]
        assert site.requests[-1].path == "/en/press/news_mfa/"
        assert site.wait_for_requests(len(site.requests)) == site.requests
        assert site.peak_concurrency == 1
        site.forget_requests()
        assert site.requests == []
        site.go_down()
        with pytest.raises(URLError):
            get(site.section())
        site.come_up()
        assert get(site.section()).status == 200


def test_a_process_of_its_own_may_start_with_the_bundled_statements() -> None:
    with RemoteSite.started("--filled") as site:
        assert len(get(site.section("en")).titles) == 10
        assert len(get(f"{site.section('ru')}?page=2").titles) == len(drafts("ru")) - 10


def test_a_wrong_verb_is_refused_and_the_replica_goes_on() -> None:
    with ReplicaSite() as site, controlled(site) as control:
        remote = RemoteSite(site.address, control)
        with pytest.raises(ValueError, match="published"):
            remote.statement("0" * 16)
        with pytest.raises(ValueError, match="'be'"):
            remote.publish("A", "a", "be")
        for body in (b'{"verb": "explode"}', b'{"verb": "publish"}', b"[]", b"nonsense", b"{}"):
            answer = get(control, {"Content-Type": "application/json"}, "POST", body)
            assert answer.status == 400
            assert json.loads(answer.content)["error"]
        assert remote.publish("A", "a").title == "A"


def test_a_form_of_a_web_page_cannot_drive_the_replica() -> None:
    with ReplicaSite() as site, controlled(site) as control:
        verb = b'{"verb": "block"}'
        assert get(control, {"Content-Type": "text/plain"}, "POST", verb).status == 405
        assert get(control).status == 405
        assert get(site.section()).status == 200


def test_the_bundled_statements_are_those_that_the_tests_and_the_demo_need() -> None:
    english, russian = drafts("en"), drafts("ru")
    assert (len(english), len(russian)) == (14, 14)
    assert all(3 <= len(draft.body) <= 6 for draft in drafts())
    texts = {(draft.language, draft.key): " ".join((draft.title, *draft.body)) for draft in drafts()}
    assert sum("CSTO" in text for text in texts.values()) == 3
    assert sum("ОДКБ" in text for text in texts.values()) == 3
    assert "Afghanistan" in texts["en", "csto-afghanistan"]
    assert "Collective Security Treaty Organization" in texts["en", "csto-afghanistan"]
    assert "sanctions" in texts["en", "sanctions"]
    assert "санкций" in texts["ru", "sanctions"]
    briefings = [draft for draft in english if draft.title == "Spokesperson's briefing"]
    assert len(briefings) == len({draft.body for draft in briefings}) == 2


def test_what_the_demo_publishes_is_not_there_before() -> None:
    before, live = demo_statements("before"), demo_statements("live")
    assert not {(draft.key, draft.language) for draft in before} & {(draft.key, draft.language) for draft in live}
    assert {draft.language for draft in before} == {draft.language for draft in live} == {"en", "ru"}


def test_every_bundled_statement_arrives_word_for_word(site: ReplicaSite) -> None:
    for draft in drafts():
        statement = site.publish(**draft.as_arguments())
        tree = get(statement.address).tree
        assert tree.cssselect("h1")[0].text == draft.title
        assert tuple(each.text for each in tree.cssselect("section.content-page > p")) == draft.body


@pytest.mark.parametrize("language", ["en", "ru"])
def test_made_up_statements_are_many_long_different_and_the_same_again(language: str) -> None:
    many = list(many_statements(200, seed=7, language=language))
    assert many == list(many_statements(200, seed=7, language=language))
    assert many != list(many_statements(200, seed=8, language=language))
    assert len({draft.body for draft in many}) == len({draft.title for draft in many}) == 200
    assert all(400 <= sum(len(paragraph.split()) for paragraph in draft.body) <= 600 for draft in many)


def test_made_up_statements_need_a_language_that_is_known() -> None:
    with pytest.raises(ValueError, match="'fr'"):
        next(many_statements(1, language="fr"))
