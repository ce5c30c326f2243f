"""What sites call languages on the links that switch between them. Pure."""

from __future__ import annotations

_CALLED = {
    "en": "en eng english англ английский",
    "ru": "ru rus рус русский russian ռուսերեն",
    "be": "be by bel бел беларуская belarusian",
    "uk": "uk ua укр українська ukrainian",
    "kk": "kk kz kaz қаз қазақша",
    "ky": "ky kg кыр кыргызча",
    "tg": "tg tj тоҷ тоҷикӣ",
    "hy": "hy am arm հայ հայերեն",
    "uz": "uz uzb o'zbekcha oʻzbekcha oʼzbekcha o‘zbekcha o’zbekcha o`zbekcha ozbekcha ўзбекча",
    "az": "az aze azərbaycanca",
    "ka": "ka ge geo ქართული",
    "pl": "pl pol polski",
    "de": "de deu deutsch",
    "fr": "fr fra français",
    "es": "es esp español",
    "pt": "pt português",
    "it": "it italiano",
    "tr": "tr tur türkçe",
    "sv": "sv svenska",
    "zh": "zh cn 中文 简体中文",
    "ja": "ja jp 日本語",
    "ko": "ko kor 한국어",
    "ar": "ar ara العربية عربي",
    "fa": "fa فارسی",
}
_LANGUAGES = {name: language for language, names in _CALLED.items() for name in names.split()}


def language_called(words: str) -> str:
    """The language (ISO 639-1) that the words of a link name, and nothing else; or nothing."""
    return _LANGUAGES.get(words.casefold().strip(" .|[]()"), "")
