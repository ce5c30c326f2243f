"""What pages write before a date to say what it is the day of, in many languages; parts of patterns."""

from __future__ import annotations

UPDATED = (
    r"updated|modified|changed|edited|обновл\w+|изменен\w+|оновлен\w+|uppdaterad|aktualisiert|geändert|mise? à jour"
    r"|actualizad[oa]|aktualizacja|zmodyfikowan\w+|абноўлен\w+|жаңарт\w+|жаңыр\w+|թարմացվ\w+|განახლ\w+|yangilan\w+"
    r"|yenilən\w+|güncelle\w+|atualizad[oa]|aggiornat\w+|päivitetty|uuendatud|atjaunin\w+|atnaujin\w+"
    r"|更新(?:日期?|时间|日時)?|آخر تحديث|به ?روزرسانی"
)
"""The day on which a text was changed."""

PUBLISHED = (
    r"\b(?:published|posted|released|issued|publication date|date of publication|erschienen|veröffentlicht|publié[es]*"
    r"|mis en ligne|publicad[oa]s?|pubblicat[oa]|opublikowan[oey]|data publikacji|publicerad|publisert|offentliggjort"
    r"|julkaistu|avaldatud|publicēts|paskelbta|опубликован[оаы]?|дата публикации|размещено|опубліковано|апублікавана"
    r"|жарияланған|жарияланды|жарыяланган|нашр шуд|чоп этилган|eʼlon qilingan|yayınlan\w*|dərc ed\w+)"
    r"|გამოქვეყნ|հրապարակվ|发布(?:时间|日期)|發布日期|公開日|掲載日|작성일|등록일|게시일|배포일|نشر|منتشر"
)
"""The day on which it came out."""

OF_THE_PAGE = (
    r"as (?:of|at)|current (?:as of|to|through)|status|stand|по состоянию на|станом на|стан на|станам на|état au"
    r"|situation au|stan na|situación al|al cierre|aggiornato al|stav k[eu]?|állapot"
)
"""The day of which a page or its numbers are, whatever it lists."""
