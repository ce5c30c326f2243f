"""Where an object's statement stands: the address it names, or what its page makes of its slug or number. Pure.

1. A field that is an address or a path.
2. A slug or a number, put where the page's own links or its templates have it: `'/news/' + item.slug`.
3. Else behind the section's own address, as most sites do it.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from crawler.listing.json_lists.objects import Fields, Path, words
from crawler.page.document import absolute

_ADDRESSES = (
    "url",
    "link",
    "href",
    "permalink",
    "canonical",
    "uri",
    "path",
    "alias",
    "route",
    "detail",
    "address",
    "to",
)
_NO_ADDRESSES = frozenset(
    (
        "image", "img", "picture", "photo", "icon", "thumb", "thumbnail", "avatar", "logo", "video", "audio", "file",
        "api", "cover", "poster", "preview", "banner", "small", "media", "author", "category", "share", "source",
        "edit", "self", "comments", "comment", "replies", "rest", "collection", "preload", "feed", "about", "parent",
        "original",
    )
)  # fmt: skip
_SLUGS = ("slug", "alias", "symlink", "permalink", "code", "key", "url", "link", "path", "uri", "name")
_NUMBERS = (
    "id",
    "nid",
    "uuid",
    "guid",
    "_id",
    "news_id",
    "article_id",
    "post_id",
    "item_id",
    "number",
    "pk",
    "oid",
    "documentid",
)
_PICTURE = re.compile(r"\.(jpe?g|png|gif|svg|webp|avif|mp[34]|css|js|ico)$", re.IGNORECASE)
_SLUG = re.compile(r"[\w.~%-]{1,300}")
_HREF = re.compile(r"""\bhref\s*=\s*["']([^"'<>]{1,500})["']""", re.IGNORECASE)
_BOUND = re.compile(
    r"""(?:\b(?:x-bind|v-bind|ng)?:?(?:href|ng-href)|\bto)\s*=\s*(?:"([^"<>]{3,300})"|'([^'<>]{3,300})')""",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"""["'`]([^"'`${}+\s]*/[^"'`${}+\s]*)(?:["'`]\s*\+\s*|\$\{\s*|\{\{\s*)([\w.$?\[\]]+)\s*"""
    r"""(?:\}{1,2}([^"'`$]*)|\+\s*["'`]([^"'`]*)|)"""
)
"""`'/news/' + item.slug` and its relatives: what stands before the field, the field, and what stands after it."""
_SAMPLES = 5
_FIELDS_DEEP = 3


@dataclass(frozen=True, slots=True)
class Addresses:
    """How the objects of one list are made into addresses."""

    base: str
    path: Path = ()
    before: str = ""
    after: str = ""
    is_whole: bool = True
    is_guess: bool = False
    """Whether nothing on the page shows that the address is so."""

    def of(self, fields: Fields) -> str | None:
        """The absolute address of an object's statement, if it has one."""
        value = str(fields.get(self.path, "")).strip()
        if not value:
            return None
        if self.is_whole:
            return absolute(self.base, value) if _is_address(value) else None
        return absolute(self.base, f"{self.before}{quote(value, safe='~%/-._')}{self.after}")


def addresses_of(objects: Sequence[Fields], base: str, page: str) -> Addresses | None:
    """How the objects' addresses are found; `page` is the source of the page they stand in. None: not at all."""
    for path in _paths(objects, _ADDRESSES, deep=True):
        values = _values(objects, path)
        if _is_telling(values) and _most(map(_is_address, values)):
            return Addresses(base, path)
    for names in (_SLUGS, _NUMBERS):
        for path in _paths(objects, names, deep=False):
            values = _values(objects, path)
            if (
                _is_telling(values)
                and _most(map(_SLUG.fullmatch, values))
                and (names is _NUMBERS or _are_slugs(values))
            ):
                return _placed(values, path, base, page)
    return None


def _is_telling(values: Sequence[str]) -> bool:
    return bool(values) and len(set(values)) > len(values) / 2


def _most(values: Iterable[object]) -> bool:
    """Whether two thirds of them are true: what is wrong with one object costs its neighbours nothing."""
    told = list(map(bool, values))
    return 3 * sum(told) >= 2 * len(told)


def _are_slugs(values: Sequence[str]) -> bool:
    """Whether texts are made for addresses: one with capitals or without any dash or digit is a code or a name."""
    return sum(any(char in "-_" or char.isdigit() for char in value) for value in values) * 2 >= len(values)


def _is_address(value: str) -> bool:
    return (
        (value.startswith(("http://", "https://", "/", "./", "?")) or "/" in value)
        and not _PICTURE.search(value.partition("?")[0])
        and " " not in value.strip()
    )


def _values(objects: Sequence[Fields], path: Path) -> list[str]:
    return [text for fields in objects if (text := str(fields.get(path, "")).strip())]


def _paths(objects: Sequence[Fields], names: Sequence[str], *, deep: bool) -> list[Path]:
    """Where most objects have a field of these names, the best name first, then what stands outside."""
    count: Counter[Path] = Counter(path for fields in objects for path in fields)
    found = []
    for path, number in count.items():
        rank = _rank(path, names, deep)
        if rank is not None and 2 * number > len(objects):
            found.append((rank, len(path), path))
    return [path for *_, path in sorted(found)]


def _rank(path: Path, names: Sequence[str], deep: bool) -> int | None:
    said = [word for part in path for word in words(part)]
    if not _NO_ADDRESSES.isdisjoint(said) or len(path) > _FIELDS_DEEP:
        return None
    last = words(path[-1])
    for number, name in enumerate(names):
        if path[-1].lower() == name or last == (name,) or (deep and name in last and len(last) <= 3):
            return number
    return None


# -- a slug or a number ----------------------------------------------------------------------------------------------


def _placed(values: Sequence[str], path: Path, base: str, page: str) -> Addresses:
    source = html.unescape(page) if len(page) < 2_000_000 else ""
    for before, after in (*_of_links(values, source), *_of_templates(path, source)):
        return Addresses(base, path, before, after, is_whole=False)
    section = base.partition("#")[0].partition("?")[0].rstrip("/")
    return Addresses(base, path, f"{section}/", "", is_whole=False, is_guess=True)


def _of_links(values: Sequence[str], source: str) -> list[tuple[str, str]]:
    """What stands around the values in the page's links, the most frequent first."""
    around: Counter[tuple[str, str]] = Counter()
    links = set(_HREF.findall(source)) if source else set()
    for value in values[:_SAMPLES]:
        whole = re.compile(rf"(?<![\w-]){re.escape(value)}(?![\w-])")
        for link in links:
            if (place := whole.search(link)) and not _PICTURE.search(urlsplit_path(link)):
                around[link[: place.start()], link[place.end() :]] += 1
    least = min(2, len(values))
    return [place for place, number in around.most_common(1) if number >= least]


def urlsplit_path(link: str) -> str:
    try:
        return urlsplit(link).path
    except ValueError:
        return ""


def _of_templates(path: Path, source: str) -> list[tuple[str, str]]:
    """What the page's templates put around the field."""
    for bound in _BOUND.finditer(source):
        made = _MADE.search(bound[1] or bound[2])
        if made and made[2].rpartition(".")[2] == path[-1]:
            return [(made[1], (made[3] or made[4] or "").strip())]
    return []
