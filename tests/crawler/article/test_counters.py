"""What a page counts beside a statement changes with every visit, and never makes an edit of it."""

from __future__ import annotations

import pytest

from crawler.article import read_article
from crawler.article.counters import drop_counters, is_counter
from crawler.page.document import text_of, tree
from storage.identity import fingerprint
from storage.types import Page, SourceSpec

TITLE = "Talks on the river treaty were held"
TEXT = (
    "The ministers of Zalesia and Porechye met in the capital on Friday and spoke about the treaty on the use of "
    "rivers and lakes that both countries share.",
    "They agreed that a commission shall meet twice a year, in spring and in autumn, and that its minutes shall be "
    "published in both languages.",
    "The next meeting will be held in May in the town of Beloreka, as the spokesman told journalists after the talks.",
)

COUNTERS = [
    "<p>{n} views</p>", "<p>Read {n} times</p>", "<p>This page has been viewed {n} times.</p>", "<p>Likes: {n}</p>",
    "<p>Last generated {n} minutes ago</p>", "<p>Updated {n} minutes ago</p>", "<p>Rating: 4.{n} ({n} votes)</p>",
    "<p>Downloaded {n} times</p>", "<p>{n} people like this</p>", "<p>Visitors today: {n}, online: {n}</p>",
    "<p>Server time: 12:{n}:11</p>", "<p>Minsk 12:{n}:05</p>", "<p>Minsk +{n} °C</p>", "<p>USD 3.{n} EUR 3.90</p>",
    "<p>Page generated in 0.{n} seconds</p>", "<p>Read also: Statement no {n} on lakes</p>",
    "<p>Comments ({n})</p>", "<p>Shares {n}</p>", "<p><i class='fa fa-eye'></i> {n}</p>", "<p>👁 {n}</p>",
    "<p>👍 {n} 👎 3</p>", "<p>★★★★☆ 3.{n} / 5</p>", "<p>{n}</p>", "<p><img src='/eye.png' alt=''> {n} | 💬 {n}</p>",
    "<div class='views'><i class='fa fa-eye'></i> {n}</div>", "<div class='post-views-count'>Aufgerufen {n}</div>",
    "<div class='weather-widget'>Beloreka: {n}</div>", "<div><span>Views</span></div><div>{n}</div>",
    "<p>{n} просмотров</p>", "<p>Прочитано: {n} раз</p>", "<p>Эту новость прочитали {n} человек</p>",
    "<p>Обновлено {n} минут назад</p>", "<p>Курс доллара: 3,{n}</p>", "<p>Погода в: +{n}°</p>",
    "<p>Сейчас на сайте: {n} посетителей</p>", "<p>Читайте ещё: Заявление № {n}</p>",
    "<p>Праглядаў: {n}</p>", "<p>Прачытана {n} разоў</p>", "<p>Переглядів: {n}</p>", "<p>{n} хвилин тому</p>",
    "<p>Қаралды: {n}</p>", "<p>Көрүүлөр саны: {n}</p>", "<p>Шумораи тамошобинон: {n}</p>",
    "<p>Ko'rishlar soni: {n}</p>", "<p>Ko‘rildi: {n} marta</p>", "<p>Кўришлар сони: {n}</p>", "<p>Դիտումներ՝ {n}</p>",
    "<p>Դիտվել է {n} անգամ</p>", "<p>Baxış sayı: {n}</p>", "<p>ნახვების რაოდენობა: {n}</p>",
    "<p>Wyświetleń: {n}</p>", "<p>Przeczytano {n} razy</p>", "<p>Aufrufe: {n}</p>", "<p>{n} Mal gelesen</p>",
    "<p>vor {n} Minuten aktualisiert</p>", "<p>Vu {n} fois</p>", "<p>Il y a {n} minutes</p>", "<p>{n} visitas</p>",
    "<p>Hace {n} minutos</p>", "<p>Visualizações: {n}</p>", "<p>Letto {n} volte</p>", "<p>{n} visningar</p>",
    "<p>Okunma sayısı: {n}</p>", "<p>{n} kez görüntülendi</p>", "<p>عدد المشاهدات: {n}</p>", "<p>تعداد بازدید: {n}</p>",
    "<p>อ่าน {n} ครั้ง</p>", "<p>Peržiūros: {n}</p>", "<p>Skatījumi: {n}</p>", "<p>Vaatamisi: {n}</p>",
    "<p>Luettu {n} kertaa</p>", "<p>Zobrazeno {n}x</p>", "<p>Počet zobrazení: {n}</p>", "<p>{n} vizualizări</p>",
    "<p>{n} megtekintés</p>", "<p>{n} keer bekeken</p>", "<p>{n} visninger</p>", "<p>Прегледа: {n}</p>",
    "<p>Προβολές: {n}</p>", "<p>{n} צפיות</p>", "<p>Dilihat {n} kali</p>", "<p>Shikime: {n}</p>",
    "<p>देखा गया: {n} बार</p>", "<p>বার পঠিত {n}</p>", "<p>浏览次数：{n}</p>", "<p>閲覧数 {n}</p>", "<p>조회수 {n}</p>",
    "<p>Үзсэн тоо: {n}</p>", "<p>{n} lượt xem</p>", "<p>13 November 2026 | {n} views</p>",
    "<p>13 November 2026 👁 {n}</p>", "<p>{n} views · 13.11.2026</p>", "<p>13 November 2026 {n} comments</p>",
    "<p>Share {n} Tweet {n}</p>", "<p>Сейчас на сайте: {n}</p>", "<p>Переглядів сторінки: {n}</p>",
    "<p>ნანახია {n}-ჯერ</p>", "<p>Көрүүлөрдүн саны: {n}</p>",
]  # fmt: skip


def read(before: str = "", after: str = "") -> tuple[str, str]:
    paragraphs = "".join(f"<p>{one}</p>" for one in TEXT)
    page = (
        f'<!doctype html><html lang="en"><head><title>{TITLE} | Ministry</title></head><body><header>'
        f'<a href="/">Home</a></header><main><article><h1>{TITLE}</h1><p class="date">13.11.2026</p>'
        f"{before}{paragraphs}{after}</article>"
        "</main><footer><p>Ministry of Zalesia</p></footer></body></html>"
    )
    address = "https://m.example/en/news/1"
    spec = SourceSpec("m/n", "n", "https://m.example/en/news/", languages=("en",), zone="Europe/Minsk")
    article = read_article(Page(address, page.encode(), content_type="text/html; charset=utf-8"), spec, TITLE)
    return article.title, article.body


@pytest.mark.parametrize("counter", COUNTERS)
def test_a_counter_before_or_after_a_statement_makes_no_edit_of_it(counter: str) -> None:
    for place in ("before", "after"):
        loads = [read(**{place: counter.replace("{n}", number)}) for number in ("11", "37")]
        assert len({fingerprint(*load) for load in loads}) == 1, place
        assert all(paragraph in loads[0][1] for paragraph in TEXT), "and takes nothing of the text along"


@pytest.mark.parametrize(
    "paragraph",
    [
        "The exhibition was viewed by 3,700 visitors from 11 countries.", "The ministers met 37 times.", "37 killed",
        "The video had 37 million views.", "Votes: 12 for, 3 against, 2 abstained", "Total: 37", "Telephone: 227 37 11",
        "+375 17 327 37 11", "Temperatures in the region reached +37 °C.", "USD 37 million were paid.", "Article 37",
        "The rate of exchange was 3.37 roubles.", "Время: 14:37, место: дом печати",
        "14:37 Departure of the delegation",
        "Он прочитал обращение 37 раз.", "37 человек", "Выставку посетили 37 тысяч человек.", "37 Menschen starben.",
        "Der Kurs der Regierung bleibt gleich.", "37 personnes ont été libérées.", "37 personas murieron.",
        "Погода помешала переговорам.", "The weather stopped the talks.", "13.11.2026", "访问将于11月37日结束。",
        "部长访问了37个国家",
        "大臣は37か国を訪問した。", "장관은 37개국을 방문했다.", "زار الوزير 37 دولة.", "No 37/11-B of 2026",
        "13 November 2026: 37 ships came.", "12 November 2026 37 views",
    ],
)  # fmt: skip
def test_a_line_of_a_statement_that_speaks_of_such_things_is_none(paragraph: str) -> None:
    assert not is_counter(paragraph)
    assert paragraph in read(after=f"<p>{paragraph}</p><p>37 views</p>")[1] or paragraph == "13.11.2026"


def test_an_element_that_is_called_like_a_counter_and_says_something_is_left() -> None:
    said = "Statement No 37 of the ministry"
    page = tree(f"<main><p class='rating'>{said}</p><p class='views-row'>37</p><p class='views'>37</p></main>")
    drop_counters(page)
    assert text_of(page) == f"{said} 37"
