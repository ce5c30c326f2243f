from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from crawler.page.robots_file import SIZE_LIMIT, TOKEN, decode_robots, own_group, sitemaps
from tests.steps import growth

NEWS = "https://mfa.example/news/1"


def allows(text: str, address: str = NEWS) -> bool:
    return Protego.parse(own_group(text)).can_fetch(address, TOKEN)


FORBIDS_US = {
    "by name": "User-agent: presswatch\nDisallow: /",
    "in any case": "USER-AGENT: PressWatch\nDISALLOW: /",
    "with a version": "User-agent: presswatch/0.1\nDisallow: /",
    "as everybody": "User-agent: *\nDisallow: /",
    "everybody, with words after it": "User-agent: * everybody\nDisallow: /",
    "an unknown line between two agents": "User-agent: presswatch\nNoindex: /old\nUser-agent: *\nDisallow: /",
    "a sitemap between two agents": "User-agent: *\nSitemap: https://mfa.example/s.xml\nUser-agent: a\nDisallow: /",
    "a delay between two agents": "User-agent: presswatch\nCrawl-delay: 5\nUser-agent: a\nDisallow: /",
    "a visit time between two agents": "User-agent: presswatch\nVisit-time: 0600-0845\nUser-agent: a\nDisallow: /",
    "prose between two agents": "User-agent: presswatch\nplease be gentle\nUser-agent: a\nDisallow: /",
    "blank lines and comments between two agents": "User-agent: *\n\n# all\n\nUser-agent: a\n\nDisallow: /",
    "an unknown line between agent and rule": "User-agent: *\nHost: mfa.example\nDisallow: /",
    "in the second of our groups": "User-agent: presswatch\nAllow: /a\n\nUser-agent: presswatch\nDisallow: /",
    "in the second group of all": "User-agent: *\nAllow: /a\nUser-agent: x\nAllow: /\nUser-agent: *\nDisallow: /",
    "among a thousand agents": "".join(f"User-agent: a{n}\n" for n in range(1_000)) + "User-agent: *\nDisallow: /",
    "misspelled": "useragent: *\ndissallow: /",
    "without colons": "User-agent *\nDisallow /",
    "with blanks before the colon": "User-agent : *\nDisallow :/",
    "with carriage returns": "User-agent: *\rDisallow: /\r",
}  # fmt: skip


@pytest.mark.parametrize("text", FORBIDS_US.values(), ids=FORBIDS_US)
def test_a_group_that_names_us_or_everybody_is_ours(text: str) -> None:
    assert not allows(text)


SPARES_US = {
    "whose name is a part of ours": "User-agent: press\nDisallow: /",
    "whose name is the end of ours": "User-agent: watch\nDisallow: /",
    "whose name goes on after ours": "User-agent: presswatch-archive\nDisallow: /",
    "whose name has a digit more": "User-agent: presswatch2\nDisallow: /",
    "whose name ends in ours": "User-agent: old-presswatch\nDisallow: /",
    "whose name is a word of our contact": "User-agent: postmaster\nDisallow: /\nUser-agent: mailto\nDisallow: /",
    "whose name is a part of any contact": "User-agent: bot\nDisallow: /\n\nUser-agent: desk\nDisallow: /",
    "whose name has a wildcard": "User-agent: press*\nDisallow: /\n\nUser-agent: *bot\nDisallow: /",
    "that are forbidden beside us": "User-agent: *\nDisallow: /\n\nUser-agent: presswatch\nAllow: /",
    "that are forbidden while nothing is to us": "User-agent: presswatch\nDisallow:\n\nUser-agent: *\nDisallow: /",
    "without a name": "User-agent:\nDisallow: /",
    "none at all": "Disallow: /\nUser-agent: *\nAllow: /",
    "before a rule ended the group": "User-agent: a\nDisallow: /\nUser-agent: *\nDisallow: /other",
    "in a comment": "# User-agent: *\n# Disallow: /\nUser-agent: * # everybody\nDisallow: /other # not /",
    "in words that only begin so": "User-agents: *\nDisallowed: /",
}  # fmt: skip


@pytest.mark.parametrize("text", SPARES_US.values(), ids=SPARES_US)
def test_groups_of_other_robots_are_not_ours(text: str) -> None:
    assert allows(text)


def test_the_longest_delay_that_stands_last_in_our_group_counts() -> None:
    text = "User-agent: a\nCrawl-delay: 90\nDisallow: /\n\nUser-agent: presswatch\nUser-agent: b\nCrawl-delay: 7\n"
    assert Protego.parse(own_group(text)).crawl_delay(TOKEN) == 7


names = st.sampled_from(["*", "presswatch", "press", "a", "PressWatch/2"])
directives = st.one_of(
    st.tuples(st.just("User-agent"), names),
    st.tuples(st.sampled_from(["Allow", "Disallow"]), st.sampled_from(["/", "/news/", "/n*s$", "/a", ""])),
    st.tuples(st.sampled_from(["Sitemap", "Noindex", "Crawl-delay", ""]), st.sampled_from(["/x", "3", ""])),
)


def by_the_letter(lines: list[tuple[str, str]]) -> list[str]:
    """The rules of our group as RFC 9309 says it, slowly: each group with all of its agents."""
    rules: dict[str, list[str]] = {}
    agents: list[str] = []
    before = ""
    for field, value in lines:
        if field == "User-agent":
            if before in ("Allow", "Disallow"):
                agents = []
            agents.append(value.partition("/")[0].lower())
            rules.setdefault(agents[-1], [])
        elif field in ("Allow", "Disallow") and value:
            for agent in dict.fromkeys(agents):
                rules[agent].append(f"{field.lower()}: {value}")
        if field in ("User-agent", "Allow", "Disallow"):
            before = field
    return rules.get("presswatch", rules.get("*", []))


@given(st.lists(directives, max_size=12))
def test_what_is_kept_of_any_file_is_what_the_rfc_says(lines: list[tuple[str, str]]) -> None:
    text = "\n".join(f"{field}: {value}" for field, value in lines)
    kept = [line for line in own_group(text).splitlines()[1:] if not line.startswith("crawl-delay")]
    assert kept == list(dict.fromkeys(by_the_letter(lines)))
    assert own_group(own_group(text)) == own_group(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_read(body: bytes) -> None:
    text = decode_robots(body)
    Protego.parse(own_group(text)).can_fetch(NEWS, TOKEN)
    sitemaps(text)


SHAPES: dict[str, Callable[[int], str]] = {
    "agents, then rules": lambda n: "".join(f"User-agent:{i:x}\n" for i in range(n))
    + "".join(f"Disallow:/{i:x}\n" for i in range(n)),
    "agents with us, then rules": lambda n: "User-agent: *\n" + "".join(f"User-agent:{i:x}\n" for i in range(n))
    + "".join(f"Disallow:/{i:x}\n" for i in range(n)),
    "a group for each agent": lambda n: "".join(f"User-agent: {i}\nDisallow: /{i}\n" for i in range(n)),
    "our group again and again": lambda n: "".join(f"User-agent: *\nDisallow: /{i}\n" for i in range(n)),
    "patterns": lambda n: "User-agent: *\n" + "".join(f"Disallow: /*{i}*x$\n" for i in range(n)),
    "blanks": lambda n: "User-agent: *\n" + "Disallow" + " " * n + "\n",
    "one long line": lambda n: "User-agent: *\nDisallow: /" + "*a" * n,
    "colons": lambda n: "User-agent: *\n" + ":" * n + "\n" + "User-agent" * n,
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_the_work_grows_with_the_length(shape: str) -> None:
    def read(size: int) -> None:
        Protego.parse(own_group(SHAPES[shape](size))).can_fetch(NEWS, TOKEN)

    assert growth(read, 500, 4_000) < 1.5


def test_a_file_as_large_as_is_read_is_read_in_the_time_of_a_test() -> None:
    half = SIZE_LIMIT // 2
    body = b"".join(b"User-agent:%x\n" % n for n in range(half // 16)) + b"User-agent:*\n"
    body += b"".join(b"Disallow:/%x\n" % n for n in range(half // 14))
    kept = own_group(decode_robots(body))
    assert len(kept.splitlines()) > 15_000
    parsed = Protego.parse(kept)
    assert (parsed.can_fetch("https://mfa.example/abc", TOKEN), parsed.can_fetch(NEWS, TOKEN)) == (False, True)


def test_no_rule_is_cut_in_the_middle() -> None:
    filler = b"User-agent: *\n" + b"# filler\n" * (SIZE_LIMIT // 9)
    body = filler[: SIZE_LIMIT - 12] + b"\nDisallow: /archive\n"
    assert body[:SIZE_LIMIT].endswith(b"\nDisallow: /")
    assert allows(decode_robots(body))


def test_sitemaps_are_named_anywhere() -> None:
    first, second = "https://a.example/1.xml", "https://a.example/2.xml"
    text = f"Sitemap: {first}\nUser-agent: x\nDisallow: /\nSITEMAP : {second} # news\nsitemap:"
    assert sitemaps(text) == (first, second)
