"""How sites write their dates, language by language: the forms, to be filled with any day."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import crawler.dates

MONTHS: dict[str, list[list[str]]] = {
    language: [[word.replace("_", " ") for word in words.split()] for words in months]
    for language, months in tomllib.loads(
        Path(crawler.dates.__file__).with_name("months.toml").read_text("utf-8")
    ).items()
}

IN_WORDS = {
    "en": (
        "{day} {month} {year}", "{month} {day}, {year}", "{day} {month}, {year}", "Monday {day} {month} {year}",
        "Thursday, {month} {day}, {year}", "{day}-{month}-{year}", "Posted on {month} {day}, {year}",
        "For Immediate Release: {month} {day}, {year}", "Date published:{day} {month} {year}",
    ),
    "ru": (
        "{day} {month} {year}", "{day} {month} {year} г.", "{day:02} {month} {year} года", "«{day}» {month} {year} г.",
        '"{day:02}" {month} {year} г.', "{day} {month} {year} г., четверг", "Опубликовано: {day} {month} {year}",
    ),
    "be": ("{day} {month} {year}", "{day} {month} {year} г.", "чацвер, {day} {month} {year} года"),
    "uk": ("{day} {month} {year}", "{day} {month} {year} р.", "{day} {month} {year} року, четвер"),
    "kk": (
        "{year} жылғы {day} {month}", "{day} {month} {year}", "{day} {month} {year} жыл",
        "{year} жылғы «{day}» {month}",
        "{year} ж. {day} {month}", "{day} {month}, {year} ж.", "{year}, {day} {month}", "{year} жылдың {day} {month}",
    ),
    "ky": (
        "{year}-жылдын {day}-{month}", "{day}-{month}, {year}-жыл", "{day}-{month} {year}", "{year}-жылы {day}-{month}",
        "{year}-ж. {day}-{month}", "{day}-{month}, {year}-ж.",
    ),
    "tg": (
        "{day} {month} {year}", "{day} {month} {year} сол", "{day} {month} соли {year}",
        "{day}-уми {month} соли {year}",
        "{day}-юми {month} {year}", "панҷшанбе, {day} {month} соли {year}-ум", "{day} {month} с. {year}",
    ),
    "hy": (
        "{day} {month}, {year}", "{month} {day}, {year}", "{day} {month} {year}", "{day} {month}, {year}թ.",
        "{year} թ․ {month} {day}", "{year} թվականի {month} {day}-ին", "{year}թ․ {month} {day}",
    ),
    "uz": (
        "{day} {month} {year}", "{year}-yil {day}-{month}", "{day}-{month}, {year}-yil", "{year} yilning {day} {month}",
        "{year} йил {day} {month}", "{day}-{month} {year}-y.",
    ),
    "az": (
        "{day} {month} {year}", "{day} {month} {year}-cü il", "{year}-ci il {day} {month}",
        "{year}-cı ilin {day} {month}",
        "{year}, {day} {month}", "Cümə axşamı, {day} {month} {year}",
    ),
    "ka": (
        "{day} {month} {year}", "{day} {month}, {year}", "{year} წლის {day} {month}", "{day} {month}, {year} წელი",
        "{year} წ. {day} {month}",
    ),
    "pl": (
        "{day} {month} {year}", "{day} {month} {year} r.", "czwartek, {day} {month} {year} roku",
        "Warszawa, dnia {day} {month} {year} r.",
    ),
    "de": ("{day}. {month} {year}", "Berlin, den {day}. {month} {year}", "Do., {day}. {month} {year}"),
    "fr": ("{day} {month} {year}", "le jeudi {day} {month} {year}", "Paris, le {day} {month} {year}"),
    "es": (
        "{day} de {month} de {year}", "{day} {month} {year}", "{day} de {month} del {year}", "{month} {day} de {year}",
        "jueves, {day} de {month} de {year}",
    ),
    "pt": ("{day} de {month} de {year}", "{day} {month}, {year}", "Lisboa, {day} de {month} de {year}"),
    "sv": ("{day} {month} {year}", "den {day} {month} {year}", "Publicerad {day} {month} {year}"),
    "tr": ("{day} {month} {year}", "{day} {month} {year}, Perşembe", "{day} {month} {year} Perşembe"),
    "ar": (
        "{day} {month} {year}", "{day} {month}، {year}", "الخميس، {day} {month}، {year}", "{month} {day}، {year}",
        "{day} {month} {year} م", "26 جمادى الأولى 1446 هـ الموافق {day} {month} {year} م",
    ),
    "fa": ("{day} {month} {year}", "پنجشنبه، {day} {month}، {year}"),
    "th": ("วันที่ {day} {month} {year}",),
    "he": ("{day} {month} {year}", "פורסם בתאריך {day} {month} {year}"),
    "hi": ("{day} {month} {year}", "{day} {month}, {year}", "{month} {day}, {year}"),
    "mn": ("{year} оны {month} сарын {day}", "{year} оны {month} сарын {day}-ны өдөр"),
    "fi": ("{day}. {month} {year}", "torstai {day}. {month} {year}"),
}  # fmt: skip

IN_NUMBERS = {
    "pl": ("{day:02}.{month:02}.{year}r.", "dn. {day}.{month:02}.{year} r."),
    "hy": ("{day:02}․{month:02}․{year}", "{day:02}.{month:02}.{year}թ․"),
    "ky": ("{day:02}.{month:02}.{year}-ж.",),
    "mn": (
        "{year} оны {month} дүгээр сарын {day}", "{year} оны {month}-р сарын {day}",
        "{year} оны {month} сарын {day}",
    ),
    "vi": ("{day} tháng {month} năm {year}", "ngày {day} tháng {month} năm {year}", "Thứ Năm, {day}/{month}/{year}"),
    "ko": ("{year}년 {month}월 {day}일", "{year}. {month}. {day}. (목)", "작성일 {year}-{month:02}-{day:02}"),
    "zh": (
        "{year}年{month}月{day}日 星期四", "发布时间:{year}年{month}月{day}日", "发布时间：{year}-{month:02}-{day:02}",
        "{year}／{month}／{day}", "【{year}-{month:02}-{day:02}】", "来源：外交部 {year}-{month:02}-{day:02}",
        "发布于{year}年{month}月{day}日",
    ),
    "ja": (
        "{year}年{month}月{day}日（木曜日）", "令和{reiwa}年{month}月{day}日（木）",
        "令和{reiwa}({year})年{month}月{day}日",
        "令和{reiwa}年（{year}年）{month}月{day}日", "{year}年（令和{reiwa}年）{month}月{day}日",
        "令和{reiwa}.{month}.{day}", "令{reiwa}.{month}.{day}", "R{reiwa}.{month}.{day}",
    ),
}  # fmt: skip


def every_day(year: int = 2024) -> list[date]:
    return [date(year, 1, 1) + timedelta(number) for number in range(366)]
