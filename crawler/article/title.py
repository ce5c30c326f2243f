"""The printed headline of a page. Pure.

1. The source's selector. 2. An h1, or a part of one, that the listing, the page's title or its structured headline
confirms. 3. The only h1, if it shares words with these: what search engines are told is often another wording. 4. What
the page says of itself. 5. What the listing said. 6. A lower heading that begins the page's title. 7. The only h1.
8. The page's title without the site's name. The name of the site or of a section is left off whatever is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from crawler.article.metadata import Metadata
from crawler.page.document import clean, first_text, is_frame, select, short_text, text_of
from crawler.page.labels import TITLE_LABELS
from storage.types import ArticleSelectors

_SEPARATORS = " |｜·•»›–—:-_"
_SEPARATOR = re.compile(
    r"\s+[|·•»›–—-]+\s+|\s*[|｜│]+\s*|\s+::?\s+|\s*_{1,3}\s*|(?<=[\u3000-\u9fff])[-–—](?=[\u3000-\u9fff])"
)
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]\s*$")
_HARD = re.compile(r"\s*[|｜│]+\s*|\s+[»›]\s+|\s+::\s+|\s*_{1,3}\s*")
_RELATED = 0.34
"""Share of the shorter title's words that two wordings of one headline have in common."""
_FEW_WORDS = 3
_SECTION = re.compile(
    r"(?:all |latest )?news(?: (?:and|&) events| details)?|newsroom|media(?: cent(?:er|re))?|statements|announcements"
    r"|press(?: (?:releases?|statements?|cent(?:er|re)|room|service))?|(?:все |последние )?новости|заявления|события"
    r"|пресс-(?:релизы?|центр|служба)|навіны|новини|жаңалықтар|жаңылыктар|хабарҳо|янгиликлар|yangiliklar|xəbərlər"
    r"|haberler|duyurular|basın açıklamaları|aktuelles|presse(?:mitteilung(?:en)?)?|nachrichten|meldungen|actualités?"
    r"|communiqués?(?: de presse)?|noticias|comunicados?(?: de prensa)?|prensa|actualidad|notícias|notizie"
    r"|comunicati stampa|aktualności|komunikaty|wiadomości|nyheter|pressmeddelanden?|նորություններ|լրահոս|სიახლეები"
    r"|ახალი ამბები|新闻|新聞|要闻|新闻动态|工作动态|新闻中心|通知公告|報道発表(?:資料)?|ニュース|お知らせ|新着情報"
    r"|보도자료|뉴스|공지사항|(?:ال)?أخبار|اخبار",
    re.IGNORECASE,
)
"""What sections are called, and statements are not."""
_SHORTEST = 8
"""Characters of what is taken for a title for its name alone."""
_TITLE_NAME = re.compile(
    r"(?:^|[\s_-]|[a-z](?=[A-Z]))(?:[Tt]itle|TITLE|[Hh]eadline|[Bb]aslik|[Zz]agolovok|[Tt]itulo|[Tt]itre|[Tt]ytul|biaoti|bt)\d?(?:$|[\s_-])"
)
_TITLE_WORD = re.compile(rf"(?:{TITLE_LABELS})\W*", re.IGNORECASE)
_LONGEST = 300
"""Characters of a heading. A longer one is a text that was marked up as one."""
_MOST = 200
"""Headings of a kind that are looked at from all sides."""


def read_title(root: HtmlElement, metadata: Metadata, selectors: ArticleSelectors, entry_title: str) -> str:
    """The title as printed, on one line; nothing if the page shows none and the listing said none."""
    selected = first_text(select(root, selectors.title))
    if selected:
        return selected
    page = _Said(metadata, clean(entry_title))
    headings = _headings(root, page)
    found = (
        _printed(headings, page)
        or _only_one(headings, page)
        or page.headline
        or _listed(headings, metadata, page.entry)
        or _lower(root, page)
        or (text_of(headings[0]) if len(headings) == 1 else "")
        or ("" if headings else _named(root, page))
        or page.title
    )
    return page.without_site(found)


def title_element(root: HtmlElement, title: str) -> HtmlElement | None:
    """What prints the title: a heading, else an h1 that prints more with it, else any element outside links."""
    wanted = words(title)
    around = None
    for heading in root.iter("h1", "h2", "h3"):
        own = words(text_of(heading))
        if own == wanted:
            return heading
        if around is None and wanted and heading.tag == "h1" and f" {wanted} " in f" {own} ":
            around = heading
    return around if around is not None or not wanted else _printing(root, title)


def _printing(root: HtmlElement, title: str) -> HtmlElement | None:
    limit = len(title) + _SHORTEST
    named = root.iter("h4", "h5", "div", "p", "td", "dd", "span", "strong", "b", "font", "center")
    return next(
        (
            element
            for element in named
            if words(short_text(element, limit) or "") == words(title)
            and next(element.iterancestors("a"), None) is None
        ),
        None,
    )


def words(text: str) -> str:
    """A text as its words alone, to compare."""
    return " ".join(re.findall(r"\w+", text.casefold()))


class _Said:
    """What is said of a page's headline, apart from its headings, and what its site calls itself."""

    def __init__(self, metadata: Metadata, entry_title: str) -> None:
        self._sites = {words(part) for name in metadata.site_names for part in (name, *_SEPARATOR.split(name))} - {""}
        self._squeezed = {name.replace(" ", "") for name in self._sites}
        self.entry = entry_title
        self.page_title = metadata.page_title
        self.headline = self.without_site(metadata.headline)
        self.title = self.without_site(metadata.page_title)
        parts = _HARD if self.title != metadata.page_title else _SEPARATOR  # a dash may be the headline's own
        self.title = max((part for part in parts.split(self.title) if words(part)), key=len, default=self.title)
        self.title = self._without_bracket(self.title, metadata.page_title)
        self.headlines = [self.headline, *map(self.without_site, metadata.headlines)]
        ends = [match.start() for match in _SEPARATOR.finditer(metadata.page_title)]
        self._beginnings = {words(metadata.page_title[:end]) for end in (*ends, len(metadata.page_title))}

    def _without_bracket(self, title: str, whole: str) -> str:
        """A title without the site's name in brackets after it, or what stands before it too."""
        found = _BRACKET.search(title)
        own = words(found[1]) if found else ""
        is_name = own in self._sites or own in map(words, self._parts(whole.removesuffix(title)))
        return title[: found.start()] if found and own and is_name else title

    @property
    def claims(self) -> list[str]:
        return [own for one in (self.entry, *self.headlines) if (own := words(one))]

    def is_site(self, text: str) -> bool:
        """Whether a text is what the site is called, and not what it is told to be called by the page alone."""
        own = words(text)
        named = own in self._sites or own.replace(" ", "") in self._squeezed
        return not own or named or _SECTION.fullmatch(text.strip()) is not None

    def without_site(self, title: str) -> str:
        """A title without the site's name at its end or beginning."""
        while True:
            ends = list(_SEPARATOR.finditer(title))
            if not ends:
                return title
            if self.is_site(title[ends[-1].end() :]):
                title = title[: ends[-1].start()].rstrip(_SEPARATORS)
            elif self.is_site(title[: ends[0].start()]):
                title = title[ends[0].end() :].lstrip(_SEPARATORS)
            else:
                return title

    def in_title(self, own: str) -> bool:
        """Whether words stand in the page's title, and are more than the name that trails there."""
        if not own or f" {own} " not in f" {words(self.page_title)} ":
            return False
        parts = [words(part) for part in self._parts(self.page_title)]
        return not (len(parts) > 1 and own == parts[-1] and len(own) < len(max(parts[:-1], key=len)))

    def begins_title(self, own: str) -> bool:
        """Whether words are the parts of the page's title up to one of its separators."""
        return bool(own) and own in self._beginnings

    @staticmethod
    def _parts(title: str) -> list[str]:
        return [part for part in _SEPARATOR.split(title) if words(part)]


def _headings(root: HtmlElement, page: _Said) -> list[HtmlElement]:
    """The page's h1, less the site's name; those outside its frame if there are any."""
    first = islice(root.iter("h1"), _MOST)
    elements = [heading for heading in first if not page.is_site(text := text_of(heading)) and len(text) <= _LONGEST]
    own = [one for one in elements if not any(is_frame(around) for around in one.iterancestors())]
    return own or elements


def _readings(heading: HtmlElement) -> Iterator[str]:
    """The text of a heading, and those of its parts: a date or a kicker may stand in it."""
    yield text_of(heading)
    if len(heading):
        yield clean(heading.text or "")
        for part in heading.iterdescendants():
            if isinstance(part.tag, str):
                yield text_of(part)
                yield clean(part.tail or "")


def _printed(headings: list[HtmlElement], page: _Said) -> str:
    """The longest h1 that the listing or the page itself confirms; of one with more in it, the part they confirm."""
    best = ""
    claims = page.claims
    for heading in headings:
        readings = [(text, words(text)) for text in _readings(heading)]
        exact = next((text for text, own in readings if own and (own in claims or page.begins_title(own))), "")
        exact = exact if exact == readings[0][0] else exact.strip(_SEPARATORS)
        whole, own = readings[0]
        if not exact and (any(_alike(own, claim) for claim in claims) or page.in_title(own)):
            exact = whole
        if len(exact) > len(best) and not page.is_site(exact):
            best = exact
    return best


def _only_one(headings: list[HtmlElement], page: _Said) -> str:
    """The only h1, if it is another wording of what the page is said to be about."""
    texts = {text_of(heading) for heading in headings}
    if len(texts) != 1 or not page.claims:
        return ""
    text = texts.pop()
    own = words(text)
    related = any(_shared(own, claim) >= _RELATED for claim in (*page.claims, words(page.title)))
    return text if len(own.split()) >= _FEW_WORDS and related else ""


def _lower(root: HtmlElement, page: _Said) -> str:
    """An h2 or h3 that the page's title begins with."""
    for heading in root.iter("h2", "h3"):
        text = text_of(heading)
        if page.begins_title(words(text)) and not page.is_site(text):
            return text
    return ""


def _named(root: HtmlElement, page: _Said) -> str:
    """The only text outside lists, links and the frame that is named as a title, or stands beside that word."""
    found: dict[str, str] = {}
    tags = ("h2", "h3", "h4", "h5", "div", "span", "p", "td", "dd", "strong", "b", "font")
    for element in islice(filter(_is_named, root.iter(*tags)), _MOST):
        text = short_text(element, _LONGEST) or ""
        if len(text) >= _SHORTEST and not page.is_site(text) and _is_apart(element):
            found.setdefault(words(text), text)
    own = [text for text in found.values() if _alike(words(text), words(page.title))] or list(found.values())
    own = own or _subheadings(root, page)
    return own[0] if len(own) == 1 else ""


def _is_named(element: HtmlElement) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return _TITLE_NAME.search(names) is not None or (element.tag in ("td", "dd") and _is_labelled(element))


def _subheadings(root: HtmlElement, page: _Said) -> list[str]:
    """The h2 that stand apart, but for notices: what has no word of the page's own title."""
    lower = {text_of(heading): heading for heading in islice(root.iter("h2"), _MOST)}
    own = {one: heading for one, heading in lower.items() if not page.is_site(one) and _is_apart(heading)}
    told = words(page.title)
    return [one for one in own if page.is_site(page.title) or _shared(words(one), told) >= _RELATED]


def _is_apart(element: HtmlElement) -> bool:
    """Whether an element is no entry of a list, no link and no part of the frame."""
    if next(element.iter("a"), None) is not None:
        return False
    return not any(around.tag in ("a", "li", "ul", "head") or is_frame(around) for around in element.iterancestors())


def _is_labelled(cell: HtmlElement) -> bool:
    label = cell.getprevious()
    return label is not None and label.tag in ("th", "td", "dt") and bool(_TITLE_WORD.fullmatch(text_of(label)))


def _alike(one: str, other: str) -> bool:
    """Whether two titles are one: equal, one within the other, or with most of their words in common."""
    mine, yours = set(one.split()), set(other.split())
    return _shared(one, other) == 1 or len(mine & yours) >= 0.6 * len(mine | yours)


def _shared(one: str, other: str) -> float:
    """Which part of the shorter title's words is in the other."""
    mine, yours = set(one.split()), set(other.split())
    return len(mine & yours) / (min(len(mine), len(yours)) or 1)


def _listed(headings: list[HtmlElement], metadata: Metadata, entry_title: str) -> str:
    """The listing's title; where it was cut short there, the heading that goes on."""
    start = words(re.sub(r"(\.{2,}|…)\s*$", "", entry_title))
    texts = [text_of(heading) for heading in headings]
    on_page = bool(texts or metadata.page_title)
    return next((text for text in texts if start and words(text).startswith(start)), "") or (
        entry_title if on_page else ""
    )
