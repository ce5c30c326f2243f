"""What names the rows of a list of poor links, and what dates them: the part of all rows that does. The words are
our own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.crawler.listing.lists import read, rows_of

DAYS = ["2026-03-24", "2026-03-19", "2026-03-17", "2026-02-26", "2026-02-13"]

CASES = {
    "en": [
        "Orchard v. Harbour Board",
        "In re Mill 4",
        "Lantern Works v. Mint",
        "Quay Growers v. Customs",
        "In re Alder",
    ],
    "ru": ["Дело о садах Приречья", "Спор порта и мельницы", "О фонарях Заречной", "Жалоба садоводов", "О причале № 3"],
    "ar": [
        "قضية بساتين النهر",
        "نزاع الميناء والطاحونة",
        "شكوى مزارعي الضفة",
        "قضية رصيف المرفأ",
        "طلب نقابة الصيادين",
    ],
    "zh": ["果园诉港务局案", "关于磨坊的裁定", "灯具厂诉铸币局案", "码头种植者诉海关案", "关于赤杨林的申请"],
}
"""Statements that are short, each unlike the others."""
OFFICES = {"en": "Office of the North", "ru": "Северная палата", "ar": "دائرة الشمال", "zh": "北部办公室"}

Shape = Callable[[Sequence[Sequence[str]]], str]


def table(rows: Sequence[Sequence[str]]) -> str:
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return f"<table><tr>{'<th>.</th>' * len(rows[0])}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def grid(rows: Sequence[Sequence[str]]) -> str:
    return "".join(f"<div class='row'>{''.join(f'<div>{cell}</div>' for cell in row)}</div>" for row in rows)


def cards(rows: Sequence[Sequence[str]]) -> str:
    parts = ("".join(f"<p class='part-{n}'>{cell}</p>" for n, cell in enumerate(row)) for row in rows)
    return f"<section class='cards'>{''.join(f'<article>{part}</article>' for part in parts)}</section>"


def lines(rows: Sequence[Sequence[str]]) -> str:
    inner = ("<br>".join(row) for row in rows)
    return f"<ul class='items'>{''.join(f'<li>{row}</li>' for row in inner)}</ul>"


def striped(rows: Sequence[Sequence[str]]) -> str:
    """As grids of old servers: every second row has a class, a pager stands in the last one."""
    inner = "".join(
        f"<tr{' class=Alternating' if n % 2 else ''}>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
        for n, row in enumerate(rows)
    )
    return f"<table>{inner}<tr class='Pager'><td colspan='{len(rows[0])}'>1</td></tr></table>"


def coloured(rows: Sequence[Sequence[str]]) -> str:
    """The same with a class for either colour."""
    return striped(rows).replace("<tr>", "<tr class=Item>").replace("class=Alternating>", "class=AlternatingItem>")


SHAPES: dict[str, Shape] = {each.__name__: each for each in (table, grid, cards, lines, striped, coloured)}
every_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
every_language = pytest.mark.parametrize("language", CASES)


def number(n: int) -> str:
    return f"26-{310 + 7 * n}"


def opened(n: int, words: str) -> str:
    return f"<a href='/rulings/{n}.pdf'>{words}</a>"


def found(shape: Shape, rows: Sequence[Sequence[str]], language: str = "en") -> list[tuple[str, str, str]]:
    return rows_of(read(shape(rows), language=language))


def told(titles: Sequence[str], days: Sequence[str] = DAYS) -> list[tuple[str, str, str]]:
    return [(f"/rulings/{n}.pdf", title, day) for n, (title, day) in enumerate(zip(titles, days, strict=True))]


@every_language
@every_shape
def test_the_title_stands_in_another_column_than_the_number_that_is_the_link(shape: Shape, language: str) -> None:
    titles = CASES[language]
    rows = [[opened(n, number(n)), titles[n], DAYS[n]] for n in range(5)]
    assert found(shape, rows, language) == told(titles)


@every_language
@every_shape
def test_what_recurs_names_no_row_though_it_is_longer(shape: Shape, language: str) -> None:
    titles, office = CASES[language], f"{OFFICES[language]}, {OFFICES[language]}, {OFFICES[language]}"
    rows = [[DAYS[n], office, titles[n], opened(n, "<img src=p.png>")] for n in range(5)]
    assert found(shape, rows, language) == told(titles)


@every_language
@every_shape
def test_a_second_line_of_a_cell_is_not_its_title(shape: Shape, language: str) -> None:
    titles, office = CASES[language], OFFICES[language]
    rows = [[f"{titles[n]}<br><span>{office}</span>", DAYS[n], opened(n, number(n))] for n in range(5)]
    assert found(shape, rows, language) == told(titles)


@every_shape
@pytest.mark.parametrize("words", ["2026 XYSlip {}", "26-{}/NV", "No. {}", "Docket {}-cv", "PDF, {} KB", "C-{}/26 P"])
def test_no_number_is_a_title_whatever_stands_around_it(shape: Shape, words: str) -> None:
    titles = CASES["en"]
    rows = [[titles[n], opened(n, words.format(1460 + 7 * n)), DAYS[n]] for n in range(5)]
    assert found(shape, rows) == told(titles)


@every_shape
@pytest.mark.parametrize("rest", ["{} ({})", "{} [{}]", "No. {} – {}"])
def test_the_rest_of_the_link_s_own_cell_is_not_its_title(shape: Shape, rest: str) -> None:
    titles = CASES["en"]
    rows = [[titles[n], rest.format(number(n), opened(n, "PDF")), DAYS[n]] for n in range(5)]
    assert found(shape, rows) == told(titles)


LABELS = {
    "en": ("Docket #", "Date Posted", "Caption"),
    "ru": ("Номер", "Размещено", "Заголовок"),
    "ar": ("الرقم", "تاريخ النشر", "العنوان"),
    "zh": ("编号", "发布日期", "标题"),
}


@every_language
@every_shape
def test_a_label_names_the_title(shape: Shape, language: str) -> None:
    titles, (docket, posted, caption) = CASES[language], LABELS[language]
    rows = [
        [
            f"<b>{docket}: </b>{opened(n, number(n))}",
            f"<b>{posted}: </b>{DAYS[n]}",
            f"<b>{caption}: </b>{titles[n]}",
        ]
        for n in range(5)
    ]
    assert found(shape, rows, language) == told(titles)


@pytest.mark.parametrize("icon", ["<i class=fa-file-pdf aria-label='PDF for {}'></i>", "<svg><path d=M0></path></svg>",
                                  "<span class='icon icon-pdf'></span>", "<img src=pdf.png>"])  # fmt: skip
@every_shape
def test_a_link_that_shows_an_icon_opens_what_its_row_says(shape: Shape, icon: str) -> None:
    titles = CASES["en"]
    rows = [[DAYS[n], f"12055{n}", titles[n], opened(n, icon.format(f"12055{n}"))] for n in range(5)]
    assert found(shape, rows) == told(titles)


@every_shape
def test_a_button_that_a_script_opens_is_a_link(shape: Shape) -> None:
    titles = CASES["en"]
    script = "<button onclick=\"window.open('/rulings/{}.pdf')\">View</button>"
    rows = [[titles[n], number(n), DAYS[n], script.format(n)] for n in range(5)]
    assert found(shape, rows) == told(titles)


@every_shape
@pytest.mark.parametrize("kind", [("Agenda", "Minutes"), ("Протокол", "Повестка"), ("Download", "Download")])
def test_documents_of_two_kinds_are_called_what_their_links_say_of_themselves(
    shape: Shape, kind: tuple[str, str]
) -> None:
    titles = [f"{kind[n % 2]}, meeting of the harbour board, {day}" for n, day in enumerate(DAYS)]
    rows = [[f"<a href='/rulings/{n}.pdf' title='{titles[n]}'>{kind[n % 2]}</a>"] for n in range(5)]
    assert [(where, title) for where, title, _ in found(shape, rows)] == [row[:2] for row in told(titles)]


@every_shape
@pytest.mark.parametrize("says", ["Opens in a new window", "Download this document", "Скачать документ целиком"])
def test_what_every_link_says_of_itself_names_none(shape: Shape, says: str) -> None:
    rows = [[f"<a href='/rulings/{n}.pdf' title='{says}'>{number(n)}</a>", DAYS[n]] for n in range(5)]
    assert found(shape, rows) == told([number(n) for n in range(5)])


@pytest.mark.parametrize("note", ["Public version posted 2026-04-02.", "Erratum: 2026-04-02", "2026-04-02 (corrected)"])
@every_shape
def test_the_day_of_a_note_is_not_that_of_its_row(shape: Shape, note: str) -> None:
    titles = CASES["en"]
    rows = [[opened(n, number(n)), titles[n] + (f"<br><em>{note}</em>" if n == 1 else ""), DAYS[n]] for n in range(5)]
    assert [day for _, _, day in found(shape, rows)] == DAYS


@pytest.mark.parametrize("shape", [striped, coloured])
def test_rows_of_every_second_colour_are_all_found(shape: Shape) -> None:
    rows = [[opened(n, f"Ruling on the harbour of the town {n}"), "10:30", DAYS[n]] for n in range(5)]
    assert [day for _, _, day in found(shape, rows)] == DAYS
