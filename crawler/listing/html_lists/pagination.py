"""The page with older entries that a list page leads to. Pure.

Looked for in this order: the source's selector, `rel=next` (HTML standard, 4.6.7.13), a link that reads "next" or
"older" in one of our languages, a numbered link to this address with its number counted on, the number after the
current one in a pager, a sign, a button that loads more, and the script by which Chinese sites write their pagers. What
is found must lead to a page of the same list.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urljoin

from lxml.html import HtmlElement

from crawler.page.document import absolute, clean, parts_of, select, short_text

_LABEL = 40
"""Characters. What is written on a pager's link is shorter."""

_WORDS: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / "pagination.toml").read_text("utf-8"))
_NEXT = frozenset(word for words in _WORDS["next"].values() for word in words.split())
_AROUND = frozenset(word for words in _WORDS["around"].values() for word in words.split())
_SAID = _NEXT | _AROUND
_MORE = re.compile("|".join(_WORDS["more"].values()), re.IGNORECASE)
_SIGNS = ("›", ">", "→", "»", "»»", ">>", "⟩", "❯", "▶", "►", "chevron_right", "keyboard_arrow_right")
_CURRENT = frozenset({"current", "active", "selected", "cur", "on", "is-active", "is-current", "here"})
_PAGE_PIECE = re.compile(
    r"(/(page|p|pg|seite|pagina|page_|strana|str|sayfa|sida|leht|стр)[-_/]?\d{1,5}|/\d{1,4}|[/_-](page)?[-_]?\d{1,4}"
    r"(?=\.\w+$)|/(index|list|default)(_\d{1,4})?(?=\.\w+$))?(\.\w{2,5})?/?$",
    re.IGNORECASE,
)
_CHINESE_PAGER = re.compile(
    r"""createPageHTML\(\s*["']?(\d+)["']?\s*,\s*["']?(\d+)["']?\s*,\s*["']([\w-]+)["']\s*,\s*["'](\w+)"""
)
"""How many pages, which of them this is, the name of the first one and its ending."""
_YEARS = (1990, 2100)
"""Numbers that are years: a pager of years leads to archives, not to the next page."""
_MORE_ADDRESSES = ("data-url", "data-href", "data-next", "href")


def next_page(root: HtmlElement, address: str, base: str, entries: Collection[str] = (), selector: str = "") -> str:
    """The absolute address of the page with the entries before these, or nothing.

    `address` is the page's own, `base` that from which its references start, `entries` the addresses of its entries.
    Raises `ValueError` where the selector is not CSS.
    """
    if selector:
        return next(_addresses(select(root, selector), base), "")
    declared = _declared(root, base, address)
    if declared and declared not in entries:
        return declared
    candidates = (one for one in _candidates(root, base, address) if one not in entries)
    return next((one for one in candidates if is_page_of(one, address)), "")


def _declared(root: HtmlElement, base: str, address: str) -> str:
    """Where `rel=next` leads on the site, or nothing."""
    said = (element for element in root.iter("link", "a") if "next" in (element.get("rel") or "").lower().split())
    return next((each for each in _addresses(said, base) if _same_host(each, address) and each != address), "")


def _candidates(root: HtmlElement, base: str, address: str) -> Iterator[str]:
    """What may lead to the next page, the surest first."""
    links = {element: short_text(element, _LABEL) for element in root.iter("a") if element.get("href")}
    numbered = [link for link, text in links.items() if _number(text) is not None]
    yield from _addresses((link for link, text in links.items() if text is not None and _reads_next(link, text)), base)
    yield from _counted_on(numbered, base, address)
    yield from _addresses(_after_the_current(numbered, base, address), base)
    yield from _addresses((link for sign in _SIGNS for link, text in links.items() if text == sign), base)
    yield from _more(root, base)
    yield from _by_script(root, base)


def is_page_of(candidate: str, address: str) -> bool:
    """Whether an address is another page of the list at `address`: the two differ by a number alone, or little more."""
    one, other = parts_of(candidate), parts_of(address)
    if not _same_host(candidate, address) or (one.path, one.query) == (other.path, other.query):
        return False
    known = dict(parse_qsl(other.query, keep_blank_values=True))
    changed = [value for name, value in parse_qsl(one.query) if known.get(name) != value]
    section, bare = _bare(other.path), _bare(one.path)
    numbered = any(re.fullmatch(r"\d{1,5}", value) for value in changed)
    if bare == section:
        return numbered or (one.path != other.path and re.search(r"\d", one.path[len(bare) :]) is not None)
    between = bare.removeprefix(section) if bare.startswith(f"{section}/") else ""
    return re.fullmatch(r"/[^/\d]+", between) is not None and re.search(r"\d", one.path[len(bare) :]) is not None


def _bare(path: str) -> str:
    """The path without the number of its page and without the name of its index: `/news/page/2/` gives `/news`."""
    return _PAGE_PIECE.sub("", path.rstrip("/"), count=1).rstrip("/")


def _same_host(one: str, other: str) -> bool:
    hosts = [(parts_of(each).hostname or "").removeprefix("www.") for each in (one, other)]
    return hosts[0] == hosts[1]


def _addresses(elements: Iterable[HtmlElement], base: str) -> Iterator[str]:
    for element in elements:
        if address := absolute(base, element.get("href") or ""):
            yield address.partition("#")[0]


def _reads_next(link: HtmlElement, text: str) -> bool:
    """Whether a link says "next" by its text, its label, its picture or its name, and nothing else."""
    pictures = [picture.get("alt") or "" for picture in link.iter("img")]
    labels = (text, link.get("aria-label") or "", link.get("title") or "", *pictures)
    return any(is_next(label) for label in labels) or _is_named_next(link, text)


def is_next(label: str) -> bool:
    """Whether a label says "next page" in one of our languages, and nothing else."""
    if not label:
        return False
    words = re.findall(r"[^\W\d_]+(?:\u200c[^\W\d_]+)?", clean(label).casefold())
    return 0 < len(words) <= 5 and not _NEXT.isdisjoint(words) and _SAID.issuperset(words)


def _is_named_next(link: HtmlElement, text: str) -> bool:
    if re.search(r"[^\W\d_]{2}", text):
        return False
    parent = link.getparent()
    names = f"{link.get('class') or ''} {parent.get('class') or '' if parent is not None else ''}".lower()
    return "next" in re.split(r"[\s_-]+", names)


def _after_the_current(links: Iterable[HtmlElement], base: str, address: str) -> Iterator[HtmlElement]:
    """The links whose number follows the current page's, in pagers: neighbours that are numbered."""
    pagers = (_pager_around(link) for link in links)
    for pager in dict.fromkeys(pager for pager in pagers if pager is not None):
        yield from _following(pager, base, address)


def _following(pager: HtmlElement, base: str, address: str) -> Iterator[HtmlElement]:
    """The links of one pager whose number follows the current page's.

    A page that does not say which one it is counts as the first, unless its address is that of a numbered one.
    """
    numbers = {one: _number(short_text(one, _LABEL)) for one in pager.iter("a")}
    numbered = [one for one, number in numbers.items() if number is not None]
    current = _current(pager)
    if current is None and any(_shape(one) == _shape(address) for one in _addresses(numbered, base)):
        return
    if len(numbered) > 1 or (numbered and current):
        yield from (one for one in numbered if numbers[one] == (current or 1) + 1 and one.get("href"))


def _number(text: str | None) -> int | None:
    match = re.fullmatch(r"\W*(?:[^\W\d]{2,12}\s)*(\d{1,4})\W*", text or "")
    return int(match[1]) if match and not _YEARS[0] <= int(match[1]) <= _YEARS[1] else None


def _pager_around(link: HtmlElement) -> HtmlElement | None:
    """The closest element around a numbered link that holds another number: its row, its list."""
    around = link.getparent()
    for _ in range(3):
        if around is None or around.tag in ("body", "html"):
            return None
        text = short_text(around, 400)
        if text is None:
            return None
        if len(re.findall(r"\d+", text)) > 1:
            return around
        around = around.getparent()
    return None


def _current(pager: HtmlElement) -> int | None:
    """The number that is marked as current, or else the first one without a link."""
    marked = None
    for element in pager.iter():
        if not isinstance(element.tag, str) or (number := _number(short_text(element, _LABEL))) is None:
            continue
        names = set((element.get("class") or "").lower().split())
        if element.get("aria-current") or not _CURRENT.isdisjoint(names | set(re.split(r"[\s_-]+", " ".join(names)))):
            return number
        is_link = element.tag == "a" or any(around.tag == "a" for around in element.iterancestors())
        if marked is None and not is_link and next(element.iter("a"), None) is None:
            marked = number
    return marked


def _more(root: HtmlElement, base: str) -> Iterator[str]:
    for element in root.iter("a", "button", "div", "span"):
        given = next(
            (element.get(name) for name in ("data-url", "data-href", "data-next", "href") if element.get(name)), ""
        )
        if given and _MORE.search(short_text(element, _LABEL) or "") and (address := absolute(base, given)):
            yield address.partition("#")[0]


def _counted_on(links: Iterable[HtmlElement], base: str, address: str) -> Iterator[str]:
    """The links that differ from the page's own address in one number, which is the next one."""
    numbers = re.findall(r"\d+", address)
    for candidate in _addresses(links, base):
        if _shape(candidate) == _shape(address):
            pairs = zip(numbers, re.findall(r"\d+", candidate), strict=True)
            if [int(other) - int(one) for one, other in pairs if one != other] == [1]:
                yield candidate


def _shape(address: str) -> str:
    """The address without what its numbers are."""
    return re.sub(r"\d+", "0", address)


def _by_script(root: HtmlElement, base: str) -> Iterator[str]:
    for script in root.iter("script"):
        if match := _CHINESE_PAGER.search(script.text or ""):
            count, current, name, ending = int(match[1]), int(match[2]), match[3], match[4]
            if current + 1 < count:
                yield urljoin(base, f"{name}_{current + 1}.{ending}")
