"""The line with which a section says that it has nothing to show. Pure."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from crawler.page.document import short_text

_LIMIT = 120
"""Characters of such a line."""

_NOTHING = re.compile(
    r"(?:sorry,? |there (?:are|is) )?(?:currently |at present )?no (?:\w+[ -]){0,5}"
    r"(?:found|available|published|posted|to (?:show|display|list)|yet|at (?:this|the) (?:time|moment)|results|here)\b"
    r"|no (?:results|news|records|entries|items|articles|posts|data)(?: found| available)?\W*$|nothing (?:was )?found\b"
    r"|ничего не найдено|по вашему запросу ничего"
    r"|(?:новостей|записей|материалов|публикаций|данных) (?:пока |еще |ещё )?нет"
    r"|нет (?:новостей|записей|материалов|публикаций|данных|результатов)|раздел (?:пуст|наполняется|в разработке)"
    r"|нічого не знайдено|(?:новин|записів|матеріалів) (?:поки )?(?:немає|не знайдено)|немає (?:новин|записів|даних)"
    r"|нічога не знойдзена|(?:навін|матэрыялаў) (?:пакуль )?няма|ештеңе табылмады|жаңалықтар жоқ|эч нерсе табылган жок"
    r"|keine (?:\w+ ){0,3}(?:gefunden|vorhanden|verfügbar)|keine (?:ergebnisse|einträge|meldungen)\b"
    r"|aucune? (?:\w+ ){0,3}(?:trouvée?s?|disponibles?|publiée?s?)|aucun résultat|pas de résultats?"
    r"|no (?:se )?(?:han? )?encontr\w+|no hay (?:\w+ ){0,3}(?:noticias|resultados|contenidos?|publicaciones)\b"
    r"|(?:não|nao) (?:há|foram encontrad\w+)|nenhum (?:\w+ )?encontrad\w+|nessun (?:risultato|elemento|contenuto)"
    r"|brak (?:wyników|aktualności|wpisów|danych|treści|artykułów)|inga (?:\w+ )?(?:träffar|resultat|nyheter)"
    r"|(?:sonuç|kayıt|haber|içerik) bulunamadı|məlumat tapılmadı|hech narsa topilmadi"
    r"|暂无|没有(?:找到|相关)|查無|無資料|目前無|(?:見つかりません|ありません)|(?:없습니다)"
    r"|لا (?:توجد|يوجد)|لم يتم العثور|یافت نشد|موردی (?:وجود ندارد|برای نمایش)|ոչինչ չի գտնվել|არ მოიძებნა",
    re.IGNORECASE,
)


def says_nothing(root: HtmlElement, before: HtmlElement) -> bool:
    """Whether a line of its own between the page's main heading and `before` says that there is nothing to list."""
    is_below = False
    for element in root.iter():
        if element is before:
            return False
        is_below = is_below or element.tag == "h1"
        if (
            is_below
            and element.text
            and not element.text.isspace()
            and element.tag not in ("script", "style", "template")
        ):
            line = short_text(element, _LIMIT)
            if line and _NOTHING.match(line):
                return True
    return False
