"""From characters to words: where they begin and end, and the spelling in which they are compared. No third party.

A word is a run of letters, digits and the marks that sit on them. An apostrophe or an invisible character (soft
hyphen, zero-width, bidi) between two letters does not end it; a hyphen, a dot or an underscore does, so that the
surname of `В.Макей` is a word of its own. Two apostrophes do end a word: that of an article (`l'Union`,
`dell'Ucraina`), which is dropped, and that of an ending on an abbreviation (`NATO'nun`), whose ending is. Capitals that
a dot follows each are one word without the dots (`U.S.`, `С.Ш.А.`, `EE. UU.`); before a name (`В.В.Путин`), initials.

Compared are folded spellings: Unicode NFKC, no case, no invisible characters, no stress marks, `ё` as `е`, every
apostrophe as `'`, decimal digits as 0-9. Latin letters that look like Cyrillic ones, and the other way round, are taken
for what the rest of their word is. Arabic and Persian forms of a letter are one letter, without vowel signs.
Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese have no blanks to go by: each character, with the signs on it,
is a word together with the one after it, the last one of a run alone.

A folded word holds ASCII lower-case letters and digits, characters beyond ASCII, and `'` between two of them. That is
what SQLite's FTS5 tokenizer `ascii` keeps together once the apostrophes are gone:
https://www.sqlite.org/fts5.html#ascii_tokenizer
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from string import ascii_uppercase

from storage.query.marks import unmarked
from storage.query.unspaced import UNSPACED, is_unspaced, letters_of

_LONGEST = 100
"""Characters by which words are compared: no language has longer ones, and an index entry costs."""

_CACHED_TOKENS = 100_000

_INVISIBLE = "\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_CAPITAL = "[A-ZÀ-ÖØ-ÞΑ-ΩЀ-ЯԱ-Ֆ]"
_TWICE = f"(?:{'|'.join(letter * 2 for letter in ascii_uppercase)})"  # of Spanish plurals, `EE. UU.`
_DOTTED = (
    rf"{_CAPITAL}\.(?:(?:{_CAPITAL}\.)+(?:{_CAPITAL}(?![\w.])|(?!\w))|{_CAPITAL}(?=[-’'/]\w))"
    rf"|{_TWICE}\. ?{_TWICE}\.(?!\w)"
)
"""An abbreviation with dots; not initials before a name, and not a letter at the end of a sentence."""

_APOSTROPHES = "'’‘‛`´ʼʹʻʽʾʿ′՚＇"
_STRESS = "\u0300\u0301\u0307"  # what NFKC cannot compose is a stress mark, or the dot that folding leaves of İ


def _ranges(codes: list[int]) -> str:
    """The code points as ranges of a character class."""
    gaps = [(before, after) for before, after in pairwise(codes) if after != before + 1]
    firsts = [codes[0], *(after for _, after in gaps)]
    lasts = [*(before for before, _ in gaps), codes[-1]]
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in zip(firsts, lasts, strict=True))


# What asks Unicode about a hundred thousand characters is made when it is asked for: most commands read no text.


@cache
def _marks() -> str:
    """The combining marks (Mn, Mc), for a character class: `\\w` lacks them."""
    return _ranges([code for code in range(0x300, 0x1F000) if unicodedata.category(chr(code)) in ("Mn", "Mc")])


@cache
def _token(dotted: bool) -> re.Pattern[str]:
    """Looking for words is half of the analysis, and asking a space whether it is one of a thousand marks is half of
    that: so ASCII is asked first, and for abbreviations with dots it is looked only where there may be some."""
    marks = _marks()
    word = (
        rf"(?:\w|(?=[^\x00-\x7f])[{marks}])\w*"
        rf"(?:(?=[^\x00-&(-_a-\x7f])(?:[{marks}]|[{_INVISIBLE}{_APOSTROPHES}]+[\w{marks}])\w*)*"
    )
    return re.compile(f"{_DOTTED}|{word}" if dotted else word)


@cache
def _piece() -> re.Pattern[str]:
    letters = rf"[\w{_marks()}]+"
    return re.compile(rf"{letters}(?:'{letters})*")


_MAY_BE_DOTTED = re.compile(rf"\.(?:{_CAPITAL}[.’'/-]| ?{_CAPITAL}{{2}}\.)")
_ABBREVIATION = re.compile(rf"(?:{_CAPITAL}{{1,2}}\. ?)+{_CAPITAL}?")
_SIMPLE = re.compile("[0-9A-Za-z]+|[А-Яа-я]+")  # most words: of what is folded they have the case alone
_REMOVED = re.compile(f"[{_INVISIBLE}]")

# Signs over and under letters that a careful writer puts and a hasty one leaves out: Hebrew, Arabic.
_VOWELS = [*range(0x591, 0x5C8), *range(0x610, 0x61B), 0x640, *range(0x64B, 0x660), 0x670, *range(0x6D6, 0x6EE)]
_ARABIC = {
    form: letter
    for letter, forms in {"ا": "أإآٱٲٳ", "ي": "یىېےۓۍئ", "ك": "کڪ", "و": "ؤ", "ه": "ہھەةۃۀۂ", "گ": "ګ"}.items()
    for form in forms
}
_QUOTED = str.maketrans(dict.fromkeys(_APOSTROPHES, "'"))


@cache
def _unified() -> dict[int, str]:
    """What each character is folded to that has other spellings."""
    digits = {digit: str(unicodedata.digit(digit)) for digit in map(chr, range(0x80, 0x1F000)) if digit.isdecimal()}
    return _QUOTED | str.maketrans(
        dict.fromkeys(_STRESS, "")
        | {chr(code): "" for code in _VOWELS if not chr(code).isdigit()}
        | _ARABIC
        | digits
        | {"ё": "е", "Ё": "Е", "_": " "}
    )


_RUNS = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")

# French, Italian and Catalan articles and particles that lean on the next word.
_ARTICLES = (
    "[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|un|all|dall|dell|nell|sull|coll|quell|gl|agl|dagl|degl|negl|sugl"
)
_ELIDED = re.compile(f"((?:{_ARTICLES})')(?=[^\\W\\d_]{{2}})", re.I)
_ELIDED_WORD = re.compile(_ARTICLES, re.I)
_ENDING = re.compile(r"([^\W\d_]{2,})'([^\W\d_]+)")
_POSSESSIVE = "'s"

_LATIN_TWINS = str.maketrans("авсеһніјкморԛѕтуүхԝԁ", "abcehhijkmopqstyyxwd")
_CYRILLIC_TWINS = str.maketrans("abcehikmoptyx", "авсенікмортух")  # and no letter of one language only
_MIXED = re.compile("(?=.*[a-zà-ɏ])(?=.*[\u0400-\u052f])")
_LATIN = re.compile("[a-zà-ɏ]")
_CYRILLIC = re.compile("[\u0400-\u052f]")

_ALIKE = "abcehikmoptyxавсенікмортух"
_DESIGNATION = re.compile(f"[{_ALIKE}]|(?=.*[a-zа-яі])(?=.*[0-9])[0-9{_ALIKE}]+")

CASE = "\u00a6"
"""What parts a word from the pattern of its capitals, and that from the word with its marks, in an exact form: no
character of a word, and not ASCII."""


def tokens(text: str) -> list[str]:
    """The tokens of a text: words as they stand there, or several that have no blank between them."""
    return _token(_MAY_BE_DOTTED.search(text) is not None).findall(text)


def token_matches(text: str) -> Iterator[re.Match[str]]:
    """The same, each with its place."""
    return _token(_MAY_BE_DOTTED.search(text) is not None).finditer(text)


def _pieces(token: str) -> Iterator[str]:
    """The words of a token, in their case; a run of letters without blanks between words is one."""
    if _SIMPLE.fullmatch(token):
        yield token
        return
    visible = _REMOVED.sub("", token).translate(_QUOTED)
    if "." in visible and _ABBREVIATION.fullmatch(visible):
        visible = visible.replace(".", "").replace(" ", "")
    # NFKC twice: what is taken away between two characters can let them compose.
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).translate(_unified()))
    for run in _RUNS.findall(text):
        for piece in _piece().findall(run):
            if "'" in piece:
                *articles, piece = _ELIDED.sub(r"\1 ", piece).replace("' ", " ").split(" ")
                yield from (word for word in articles if not _ELIDED_WORD.fullmatch(word))
                ended = _ENDING.fullmatch(piece)
                if ended and ended[1].isupper() and ended[2].islower():
                    piece = ended[1]
            yield piece


def _caseless(piece: str) -> list[str]:
    """The folded words of a piece: nearly always one."""
    if _SIMPLE.fullmatch(piece):
        return [piece.lower()[:_LONGEST]]
    if is_unspaced(piece):
        letters = letters_of(piece)
        return [first + second for first, second in pairwise(letters)] + [letters[-1]]
    # NFKC again: folding case can leave characters that compose (Unicode 3.13, toNFKC_Casefold).
    folded = unicodedata.normalize("NFKC", piece.casefold()).translate(_unified())
    return [_one_script(word)[:_LONGEST] for word in _piece().findall(folded)]


def _one_script(word: str) -> str:
    """A word of Latin and Cyrillic letters in the script that all of its letters can be of, else as it is."""
    if not _MIXED.match(word):
        return word
    latin, cyrillic = word.translate(_LATIN_TWINS), word.translate(_CYRILLIC_TWINS)
    if _CYRILLIC.search(latin):
        return word if _LATIN.search(cyrillic) else cyrillic
    if _LATIN.search(cyrillic):
        return latin
    return latin if len(_LATIN.findall(word)) > len(_CYRILLIC.findall(word)) else cyrillic


def _capitals(piece: str) -> str:
    """The pattern of the capitals of a word: none, `u` for all, `t` for the first, else which ones."""
    lower = piece.lower().replace("\u0307", "")
    if piece == lower:
        return ""
    if piece == piece.upper():
        return f"{CASE}u"
    if piece[1:] == lower[1:]:
        return f"{CASE}t"
    return f"{CASE}x{sum(1 << place for place, letter in enumerate(piece[:_LONGEST]) if letter.isupper()):x}"


@lru_cache(_CACHED_TOKENS)
def fold(token: str) -> tuple[str, ...]:
    """The folded words of one token: nearly always one, none if nothing visible is left."""
    return tuple(word for piece in _pieces(token) for word in _caseless(piece))


def exact_forms(token: str) -> tuple[str, ...]:
    """The words of one token with the pattern of their capitals, without `'s`; one for each word of `fold`.

    Each begins with `=` and the word without its marks, and ends with the word as it is where it has some. Equal are
    those that are spelled the same but for what folding takes away beside the case.
    """
    found: list[str] = []
    for piece in _pieces(token):
        capitals = _capitals(piece.removesuffix(_POSSESSIVE))
        for word in _caseless(piece):
            spelled = plain(word.removesuffix(_POSSESSIVE))
            bare = unmarked(spelled)
            found.append(f"={bare}{capitals}" if bare == spelled else f"={bare}{capitals}{CASE}{spelled}")
    return tuple(found)


def plain(word: str) -> str:
    """A folded word without what the index cannot hold and what some write and others do not: `'`, the dot of `i`."""
    return word.replace("'", "").replace("ı", "i")


def is_designation(word: str) -> bool:
    """Whether a folded word can be of either alphabet, and no other letter says which: `С` in `С-400`, `9М729`."""
    return _DESIGNATION.fullmatch(word) is not None


def designation(word: str) -> str:
    """Such a word in Latin letters."""
    return word.translate(_LATIN_TWINS)


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return [word for token in tokens(text) for word in fold(token)]


def forms(text: str) -> list[str]:
    """The exact forms of a text's words, in order."""
    return [form for token in tokens(text) for form in exact_forms(token)]


def sought(text: str) -> list[str]:
    """The folded words that a text must contain, side by side, to contain this one.

    A word that ends with `*` is what a word of the text begins with: one that is followed by a star here, or a single
    Chinese character, which is met in any pair that begins with it. What stands after the last pair of a run is not
    asked for, as the run may go on.
    """
    found: list[str] = []
    for match in token_matches(text):
        folded = fold(match[0])
        starred = text[match.end() : match.end() + 1] == "*"
        if starred and folded and not is_unspaced(folded[-1]):
            folded = (*folded[:-1], f"{folded[-1]}*")
        found += folded
    *before, last = found or [""]
    if not is_unspaced(last) or len(letters_of(last)) != 1:
        return found
    if before and is_unspaced(before[-1]) and letters_of(before[-1])[1:] == [last]:
        return before
    return [*before, f"{last}*"]
