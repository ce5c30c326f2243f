"""The text on which several extractors agree best. Pure.

Each is fooled by other pages: one takes the next article along, one stops at an inserted box, one takes the menu. The
text that has most of its words in common with what the others found is right more often than any of them alone. A
chain (the second only where the first finds nothing) gains nothing, and voting paragraph by paragraph loses.

trafilatura, the best of them, has two voices that count wholly. The others are witnesses: they decide between these
two, and are taken themselves only where they agree with each other and not with these.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import pairwise

import trafilatura
from lxml.builder import E
from lxml.html import HtmlElement, tostring
from resiliparse.extract.html2text import extract_plain_text

from crawler.article.paragraphs import paragraphs_between
from crawler.page.document import clean, text_of
from crawler.page.size import is_large

_WEIGHTS = {"trafilatura": 1.0, "precise": 1.0, "resiliparse": 0.6, "densest": 0.6}
_HANDICAP = {"resiliparse": 0.5, "densest": 0.5}
"""What the witnesses' sums have to be better by."""
_ENOUGH = 3
"""Candidates that are needed for a vote."""
_LITTLE = 250
"""Characters. Nobody votes on so little; where an element has several times as much, that is taken instead."""
_SHINGLE = 4
"""Words in a row that are compared; of scripts without blanks, characters."""
_WORD = re.compile(r"[^\W_\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+|[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")

_MUCH_MORE = 3
_LEAD = 80
"""Characters of the shortest paragraph that is a lead, and not a kicker or a line on a picture."""
_DESCRIPTIONS = frozenset({"description", "og:description", "dcterms.description", "dc.description"})
_INLINE = frozenset(
    (
        "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "em", "font", "i", "ins", "kbd", "mark", "q", "s",
        "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    )
)  # fmt: skip
_SENTENCES = re.compile(r"[.!?…。！？։।]")

Shingles = Counter[tuple[str, ...]]


def agreed(page: HtmlElement) -> list[str]:
    """The paragraphs of the page's text; nothing where no extractor finds one. `page` is without its frame.

    On a large page nobody votes: its densest element is taken.
    """
    if is_large(page):
        return _densest(page)
    found = {name: found for name, extract in _EXTRACTORS.items() if (found := _extracted(extract, page))}
    candidates = {name: one for name, one in found.items() if not _is_run_together(one, found.values())} or found
    if not candidates:
        return []
    name = _best(candidates)
    best, densest = candidates[name], candidates.get("densest", [])
    length = sum(map(len, best))
    if length < _LITTLE and sum(map(len, densest)) > _MUCH_MORE * length:
        return densest
    if name in _HANDICAP and not any(_SENTENCES.search(one) for one in best):
        return []
    witnesses = [found for other, found in candidates.items() if other in _HANDICAP]
    headings = {text_of(heading) for heading in page.iter("h2", "h3", "h4", "h5", "h6")}
    return [
        *_lead(best, witnesses, _descriptions(page)),
        *_with_headings(best, witnesses, headings),
        *_promised(best, witnesses),
    ]


def _descriptions(page: HtmlElement) -> set[str]:
    """What the page says of itself to search engines and networks, in its head."""
    names = ((meta, meta.get("name") or meta.get("property") or "") for meta in page.iter("meta"))
    return {clean(meta.get("content") or "") for meta, name in names if name.lower() in _DESCRIPTIONS}


def _lead(best: list[str], witnesses: list[list[str]], descriptions: Collection[str]) -> list[str]:
    """The paragraphs before the first of the text that were left out since they stand apart: a lead.

    A witness has them, and another one or the page's own description agrees.
    """
    known = set(best)
    before = [found[: found.index(best[0])] for found in witnesses if best[0] in found and known.isdisjoint(found[:1])]
    return [
        one
        for one in (before[0] if before else [])
        if len(one) >= _LEAD
        and _SENTENCES.search(one[-3:])
        and (one in descriptions or any(one in other for other in before[1:]))
    ]


def _with_headings(best: list[str], witnesses: list[list[str]], headings: Collection[str]) -> list[str]:
    """The text with the headings that two witnesses have alone between two of its paragraphs: chapters of it."""
    places = Counter(
        place
        for found in witnesses
        for place in set(zip(found, found[1:], found[2:], strict=False))
        if place[1] in headings
    )
    missing = {(before, after): heading for (before, heading, after), number in places.items() if number > 1}
    whole = best[:1]
    for before, after in pairwise(best):
        whole += [missing[before, after], after] if (before, after) in missing else [after]
    return whole


def _promised(best: list[str], witnesses: list[list[str]]) -> list[str]:
    """The paragraph that two witnesses have after a text that ends with a colon: a link alone was left out."""
    if not best[-1].endswith((":", "：")):
        return []
    after = [found[found.index(best[-1]) + 1 :][:1] for found in witnesses if best[-1] in found]
    return after[0] if len(after) > 1 and after[0] in after[1:] else []


def _is_run_together(found: list[str], others: Iterable[list[str]]) -> bool:
    """Whether a text is one paragraph that others have as several: all that an element has, its headline and day too.

    So trafilatura helps itself where it finds less than `_LITTLE` (its "baseline").
    """
    if len(found) > 1:
        return False
    return any(found[0] not in other and sum(one in found[0] for one in other) > 1 for other in others)


def _best(candidates: Mapping[str, list[str]]) -> str:
    """The name of the candidate with the highest sum of overlaps with the others; of equals the first."""
    if len(candidates) < _ENOUGH or all(sum(map(len, found)) < _LITTLE for found in candidates.values()):
        return next(iter(candidates))
    shingles = {name: _shingles(paragraphs) for name, paragraphs in candidates.items()}
    sums = dict.fromkeys(candidates, 0.0)
    names = list(candidates)
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            overlap = _overlap(shingles[one], shingles[other])
            sums[one] += overlap * _WEIGHTS[other]
            sums[other] += overlap * _WEIGHTS[one]
    return max(names, key=lambda name: sums[name] - _HANDICAP.get(name, 0))


def _shingles(paragraphs: list[str]) -> Shingles:
    found = _WORD.findall(" ".join(paragraphs).casefold())
    size = min(_SHINGLE, len(found))
    return Counter(zip(*(found[start:] for start in range(size)), strict=False))


def _overlap(one: Shingles, other: Shingles) -> float:
    """Twice what two texts share over what they have: 1 for equal ones, 0 for strangers (Dice)."""
    return 2 * (one & other).total() / ((one.total() + other.total()) or 1)


# -- the extractors --------------------------------------------------------------------------------------------------


def _extracted(extract: Callable[[HtmlElement], list[str]], page: HtmlElement) -> list[str]:
    try:
        return extract(page)
    except Exception:  # one extractor that a page breaks leaves the others
        return []


def _trafilatura(page: HtmlElement, *, precise: bool = False) -> list[str]:
    """Its tree and not its text, in which bars stand between cells, hyphens before entries, and joiners are missing."""
    found = trafilatura.bare_extraction(
        copy.deepcopy(page), include_comments=False, include_tables=True, include_links=False,
        include_images=False, include_formatting=False, deduplicate=False, favor_precision=precise,
    )  # fmt: skip
    body = getattr(found, "body", None)
    if body is None:
        return []
    for element in list(body.iter()):
        first, *lines = (element.text or "").split("\n")  # where it took all the text of a page, line by line
        element.text = first
        for place, line in enumerate(lines):
            element.insert(place, E.lb())
            element[place].tail = line
    return paragraphs_between(body, None, (), ())


def _precise(page: HtmlElement) -> list[str]:
    return _trafilatura(page, precise=True)


def _resiliparse(page: HtmlElement) -> list[str]:
    text = extract_plain_text(
        tostring(page, encoding="unicode"), main_content=True, preserve_formatting=True, list_bullets=False,
        alt_texts=False, links=False, form_fields=False, noscript=False, comments=False,
    )  # fmt: skip
    return _lines(text)


def _densest(page: HtmlElement) -> list[str]:
    """The paragraphs of the element that has most text of its own, in itself or in paragraphs right under it."""
    best, most = None, 0
    own: dict[HtmlElement, int] = {}
    for element in page.iter():
        if isinstance(element.tag, str) and element.tag not in _INLINE:
            own[element] = _own_text(element)
    for element, length in own.items():
        total = length + sum(own.get(child, 0) for child in element if child.tag in ("p", "div", "blockquote"))
        if total > most:
            best, most = element, total
    return paragraphs_between(best, None, (), ()) if best is not None else []


def _own_text(element: HtmlElement) -> int:
    """Characters of the sentences right in an element or in inline elements right under it, less those of links."""
    pieces = [element.text or ""]
    for child in element:
        pieces.append(child.tail or "")
        if child.tag in _INLINE and child.tag != "a":
            pieces.append(child.text or "")
    text = " ".join(pieces).strip()
    return len(text) if _SENTENCES.search(text) else 0


def _lines(text: str | None) -> list[str]:
    return [line for raw in (text or "").split("\n") if (line := clean(raw))]


_EXTRACTORS: Mapping[str, Callable[[HtmlElement], list[str]]] = {
    "trafilatura": _trafilatura,
    "precise": _precise,
    "resiliparse": _resiliparse,
    "densest": _densest,
}
