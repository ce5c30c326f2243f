"""What pages write beside a title to say that it is one, in many languages; a part of patterns."""

from __future__ import annotations

TITLE_LABELS = (
    r"title|subject|headline|заголовок|название|наименование|тема|назва|атауы|tytuł|temat|titel|betreff|titre|objet|intitulé"
    r"|título|asunto|assunto|oggetto|titolo|başlık|konu|başlıq|mövzu|标题|標題|題名|件名|제목|(?:ال)?عنوان|(?:ال)?موضوع"
)
