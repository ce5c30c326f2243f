"""The links of a page that may lead to statements, and where on the page each kind of them stands. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.listing.html_lists.frame import frame_of
from crawler.listing.html_lists.pagination import is_next
from crawler.page.document import absolute, clean, parts_of, text_of
from crawler.page.languages import language_called

_GENERIC = re.compile(
    r"(read|learn|see|view|find out)?\s*(more|details|full (text|story))\W*|continue reading\W*|(view|download|open)?"
    r"\W*(the )?(download|document|file|pdf|link)\W*(document|file|pdf)?\W*|\W*|подробнее\W*|(читать|смотреть).{0,20}"
    r"|далее\W*|скачать.{0,12}|детальніше\W*|докладніше\W*|падрабязней\W*|толығырақ\W*|кененирээк\W*|муфассал\W*"
    r"|batafsil\W*|ətraflı\W*|devamı\W*|(weiter|mehr)\W*(lesen|erfahren)?\W*|lire la suite\W*|en savoir plus\W*"
    r"|leer más\W*|ver más\W*|saiba mais\W*|leia mais\W*|(czytaj|zobacz)?\s*więcej\W*|läs mer\W*|lue lisää\W*"
    r"|loe (edasi|lähemalt)\W*|lasīt vairāk\W*|skaityti daugiau\W*|ավելին\W*|ვრცლად\W*|查看更多\W*|更多\W*"
    r"|続きを読む\W*|もっと見る\W*|المزيد\W*|ادامه\W*|share|tweet|facebook|twitter|telegram|whatsapp|linkedin|e-?mail|print|печать"
    r"|rss",
    re.IGNORECASE,
)
_PAGING = re.compile(
    r"\W*\d{1,4}\W*|\W*(first|last|next|prev(ious)?|older|newer)\s*(page|posts|entries)?\W*|(page|стр\w*\.?|seite) \d+"
    r"|(сюда|назад|вперед|вперёд|следующая|предыдущая|последняя|первая)( страница)?\W*|\W*(weiter|zurück)\W*",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(r"(\.(pdf|docx?|xlsx?|pptx?|zip|rtf|odt)|/(dl|downloads?|attachments?))/?$", re.IGNORECASE)
_LANGUAGE_CODE = re.compile("[a-z]{2,3}", re.IGNORECASE)
_EAST_ASIAN = re.compile("[\u3040-\ud7a3]")
_WORDS = re.compile("[\u3040-\u30ff\u4e00-\u9fff]{2,}|[^\\W\\d_]{3,}")
_EAST_ASIAN_WEIGHT = 2.5
"""Letters of an alphabet that one Chinese, Japanese or Korean character stands for."""
_HIDDEN = frozenset({"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "show-for-sr"})
_VARIANTS = frozenset({"odd", "even", "first", "last", "active", "open"})
_INLINE = frozenset({"b", "strong", "i", "em", "u", "font", "small", "span", "big"})
_REPEATED = 3
"""Children with one tag from which on an element is taken for a list: what tells them apart is then no name."""
_TURNS = 4
"""Children of one make that show whether their classes take turns."""
_MOST_TURN = 0.7
"""The share of them that do where the list is made so; the rest is where a row stands that is made otherwise."""
_MANY = 8
"""Children with one tag and a class of its own each, from which on the classes are numbers in disguise."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link outside the page's frame, its absolute address, and its words."""

    element: HtmlElement
    address: str
    text: str

    @property
    def is_document(self) -> bool:
        return bool(_DOCUMENT.search(parts_of(self.address).path))


def content_links(root: HtmlElement, base: str, date_elements: Sequence[HtmlElement]) -> list[Link]:
    """The links that may lead to statements: outside the frame, to other pages, not for paging or other languages.

    Of several links to one address those without words of their own are left out: a picture, "read more", words that
    lead to other places too; a picture that is the only link to its address stays, its headline may stand beside it.
    """
    links = list(_leading_on(root, base, frame_of(root, date_elements)))
    common = _common_words(links)
    # A switch of languages leads to one place, the texts of a decree in two languages lead to many.
    links = [link for link in links if link.text in common or not _is_language(link.text)]
    telling = {link.address for link in links if not _stands_anywhere(link, common)}
    return [
        link
        for link in links
        if link.address not in telling or not _stands_anywhere(link, common)
        if _is_seen(link) or not is_generic(link.text)
    ]


def _leading_on(root: HtmlElement, base: str, framed: Collection[HtmlElement]) -> Iterator[Link]:
    """The links outside the frame to other pages, and not to other pages of this list."""
    here = base.partition("#")[0].rstrip("/")
    for element in root.iter("a"):
        address = None if element in framed else absolute(base, element.get("href") or "")
        if address is None or address.partition("#")[0].rstrip("/") == here:
            continue
        text = link_words(element) or _label(element)
        if is_generic(text) or not (_PAGING.fullmatch(text) or is_next(text)):
            yield Link(element, address, text)


def _stands_anywhere(link: Link, common: Collection[str]) -> bool:
    """Whether the words of a link stand on others too: "more", none."""
    return is_generic(link.text) or link.text in common


def _is_language(text: str) -> bool:
    return _LANGUAGE_CODE.fullmatch(text) is not None or bool(language_called(text))


def _common_words(links: Iterable[Link]) -> set[str]:
    """Words that lead to several places: "more", in any language."""
    places: dict[str, set[str]] = defaultdict(set)
    for link in links:
        places[link.text].add(link.address)
    return {text for text, addresses in places.items() if len(addresses) >= _REPEATED}


def _label(link: HtmlElement) -> str:
    """What is read aloud of a link that shows nothing: it lies over a whole card."""
    return "" if next(link.iter("img", "picture", "svg"), None) is not None else clean(link.get("aria-label") or "")


def _is_seen(link: Link) -> bool:
    """Whether a link shows words, a picture or an icon."""
    return bool(link.text) or any(
        one.tag in ("img", "picture", "svg", "object") or _is_icon(one) for one in link.element.iterdescendants()
    )


def _is_icon(element: HtmlElement) -> bool:
    """Whether an element without words shows something by its class, or is read aloud."""
    return element.tag in ("i", "em", "span", "b") and bool(element.get("class") or element.get("aria-label"))


def is_generic(text: str) -> bool:
    """Whether words stand on any link: "read more", "download", none."""
    return _GENERIC.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Whether a text is the number of a thing and no word: "SC 18939", "23-7095", "2026 XYSlip 01460"."""
    digits = sum(char.isdigit() for char in text)
    return digits > 0 and (not words_in(text) or digits > sum(char.isalpha() for char in text))


def words_in(text: str) -> list[str]:
    """The words of a text that are no abbreviations."""
    return _WORDS.findall(text)


def link_words(link: HtmlElement) -> str:
    """The text of a link, without what is only read aloud; the whole one where the page cuts it short."""
    unheard = [one for one in link.iter("span", "div") if _HIDDEN & set((one.get("class") or "").split())]
    text = text_of(link)
    for one in unheard:
        text = clean(text.replace(text_of(one), " ", 1)) or text
    whole = clean(link.get("title") or "")
    cut = text.rstrip(". …")
    return whole if text.endswith(("…", "...")) and len(whole) > len(cut) and whole.startswith(cut) else text


def link_text(link: HtmlElement) -> str:
    """What a link says: its text, else its title, else its picture's words."""
    pictures = " ".join(picture.get("alt") or "" for picture in link.iter("img"))
    return link_words(link) or clean(link.get("title") or "") or clean(pictures)


def width(text: str) -> float:
    """Characters of a text, as an alphabet would need."""
    return len(text) + (_EAST_ASIAN_WEIGHT - 1) * len(_EAST_ASIAN.findall(text))


def census(elements: Iterable[HtmlElement]) -> Counter[HtmlElement]:
    """How many of the elements stand in each element of the tree, itself included."""
    count: Counter[HtmlElement] = Counter()
    for element in elements:
        count[element] += 1
        count.update(element.iterancestors())
    return count


def picture_addresses(root: HtmlElement, base: str) -> set[str]:
    """Where links lead that are a picture without words."""
    pictures = (picture.getparent() for picture in root.iter("img", "picture"))
    links = (link for link in pictures if link is not None and link.tag == "a" and not link_words(link))
    return {address for link in links if (address := absolute(base, link.get("href") or ""))}


def by_place(links: Iterable[Link], names: Names) -> list[list[Link]]:
    """Links that stand at the same structural path, in the page's order: those of one list among them.

    Where several share a parent the first ones of each parent are such links too.
    """
    places: dict[tuple[str, ...], list[Link]] = defaultdict(list)
    for link in links:
        places[names.path(link.element)].append(link)
    return [one for place in map(_without_topics, places.values()) for one in (place, *_firsts(place))]


def _without_topics(place: list[Link]) -> list[Link]:
    """The links without those that recur beside one that does not: the topics of the statements."""
    parents: dict[HtmlElement | None, list[Link]] = defaultdict(list)
    rows: dict[str, set[HtmlElement | None]] = defaultdict(set)
    for link in place:
        parents[link.element.getparent()].append(link)
        rows[link.address].add(link.element.getparent())
    own = [link for link in place if len(rows[link.address]) == 1]
    is_beside = len({link.element.getparent() for link in own}) == len(parents) >= _REPEATED
    return _without_labels(own if is_beside else place)


def _without_labels(place: list[Link]) -> list[Link]:
    """The links without those whose words recur, if each of these stands in a row with one whose words do not."""
    common = _common_words(place)
    own = [link for link in place if link.text not in common]
    if not common or len(own) < _REPEATED:
        return place
    held = census(link.element for link in own)
    rows = (next((one for one in link.element.iterancestors() if held[one]), None) for link in place)
    return own if all(row is not None and held[row] == 1 for row in rows) else place


def _firsts(place: Sequence[Link]) -> list[list[Link]]:
    """The first link in each parent, where several share one: a headline and its tags may stand at one path."""
    firsts: dict[HtmlElement | None, Link] = {}
    for link in place:
        firsts.setdefault(link.element.getparent(), link)
    return [list(firsts.values())] if _REPEATED <= len(firsts) < len(place) else []


class Names:
    """What an element is called on a path: its tag with the classes that it shares with its likes."""

    def __init__(self) -> None:
        self._names: dict[HtmlElement, str] = {}

    def path(self, element: HtmlElement, levels: int | None = None) -> tuple[str, ...]:
        """The names of an element and of those around it, up to the root or as many; bold type makes no difference."""
        around = [element, *(one for one in element.iterancestors() if one.tag not in _INLINE or one.get("class"))]
        return tuple(self.name(one) for one in (around if levels is None else around[: levels + 1]))

    def name(self, element: HtmlElement) -> str:
        if element not in self._names:
            parent = element.getparent()
            self._name_all(list(parent) if parent is not None else [element])
        return self._names[element]

    def _name_all(self, siblings: Sequence[HtmlElement]) -> None:
        alike: dict[str, list[HtmlElement]] = defaultdict(list)
        for one in siblings:
            alike[str(one.tag)].append(one)
        for tag, ones in alike.items():
            kept = _kept_classes(ones)
            is_table = tag in ("td", "th") and not _is_grid(ones)
            for index, one in enumerate(ones):
                if is_table:  # a column is known by its place
                    self._names[one] = f"{tag}:{index}"
                    continue
                classes = _classes(one) if kept is None else _classes(one) & kept
                self._names[one] = f"{tag}.{' '.join(sorted(classes))}"


def _kept_classes(alike: Sequence[HtmlElement]) -> set[str] | None:
    """The classes that make rows of a list alike; None if the elements are no rows, so that every class counts."""
    if len(alike) < _REPEATED:
        return None
    if (turns := _turns(alike)) is not None:
        return turns
    count = Counter(name for one in alike for name in _classes(one))
    common = {name for name, number in count.items() if 3 * number >= 2 * len(alike)}
    plain = sum(not _classes(one) for one in alike)
    is_noise = len(alike) >= _MANY and len(count) >= len(alike) and max(count.values()) == 1
    return common if common or is_noise or 2 * plain >= len(alike) else None


def _is_grid(cells: Sequence[HtmlElement]) -> bool:
    """Whether the cells of a row are cards, each with the same parts."""
    parts = {tuple(child.tag for child in cell) for cell in cells}
    return len(cells) > 1 and len(parts) == 1 and min(map(len, parts)) > 1 and "a" in next(iter(parts))


def _turns(alike: Sequence[HtmlElement]) -> set[str] | None:
    """What two classes share that take turns over elements made alike, every second row in another colour; else None.

    Its head, its foot and a row that was put between may be made otherwise.
    """
    made = Counter(tuple(child.tag for child in one) for one in alike)
    parts = made.most_common(1)[0][0]
    names = [_classes(one) for one in alike if tuple(child.tag for child in one) == parts]
    if len(names) < _TURNS:
        return None
    turning = sum(
        one == third and one != second for one, second, third in zip(names, names[1:], names[2:], strict=False)
    )
    middle = len(names) // 2
    return names[middle] & names[middle + 1] if turning >= _MOST_TURN * (len(names) - 2) else None


def _classes(element: HtmlElement) -> set[str]:
    return {re.sub(r"\d+", "", name) for name in (element.get("class") or "").split()} - _VARIANTS
