"""Which of a page's links are the rows of its list, where several kinds might be. The words are our own."""

from __future__ import annotations

from tests.crawler.listing.lists import DAYS, HOST, ISO, TITLES, address, expected, link, read, rows_of

NUMBERS = range(6)


def test_rows_whose_colours_take_turns_are_one_list() -> None:
    rows = "".join(
        f"<tr class='{'dark' if n % 2 else 'light'}'><td>{DAYS[n]}</td><td>{link(n)}</td></tr>" for n in NUMBERS
    )
    assert rows_of(read(f"<table><tr><th>Day</th><th>Title</th></tr>{rows}</table>")) == expected(ISO)


def test_words_that_lead_to_many_places_are_no_headline_in_any_language() -> None:
    short = [
        "Minister meets envoy",
        "Two ports agree here",
        "Offices close early",
        "Judges are elected",
        "Survey",
        "A visit",
    ]
    rows = "".join(
        f"<li>{DAYS[n]} <a class='name' href='{address(n)}'>{short[n]}</a><p>The parties met on the river, and each of "
        f"them spoke of what it had seen there.</p>{link(n, 'Tovább a hírhez')}</li>"
        for n in NUMBERS
    )
    assert rows_of(read(f"<ul>{rows}</ul>")) == [(address(n), short[n], ISO[n]) for n in NUMBERS]


def test_the_statements_are_the_rows_and_not_the_companies_that_recur() -> None:
    rows = "".join(
        f"<tr><td>{DAYS[n]}</td><td><a href='/company/{n % 3}'><b>Harbour and Railway Company No. {n % 3}</b></a></td>"
        f"<td>{TITLES[n]}</td><td><a href='javascript:'>Look</a> <a href='/files/{n}.pdf'>PDF</a></td></tr>"
        for n in NUMBERS
    )
    found = rows_of(read(f"<table>{rows}</table>"))
    assert found == [(f"/files/{n}.pdf", TITLES[n], ISO[n]) for n in NUMBERS]


def test_days_without_a_year_tell_a_list_from_a_menu() -> None:
    rows = [
        f"<tr><td>·</td><td><a href='/view/{n}'>{TITLES[n][:40]}</a></td><td>{n + 2}/2{n}</td></tr>" for n in NUMBERS
    ]
    menu = "".join(f"<p><a href='/about/{n}'>A page about something</a></p>" for n in NUMBERS)
    found = rows_of(read(f"<table>{''.join(rows)}</table>{menu}"))
    assert found == [(f"/view/{n}", TITLES[n][:40].strip(), "") for n in NUMBERS]


def test_files_that_are_kept_on_another_host_are_a_list() -> None:
    store = "https://files.storage.example/opinions"
    rows = "".join(
        f"<div class='card'><h5>Opinion 2024-00{n}</h5><p>{TITLES[n]}, and whether a county may do so without the "
        f"consent of its court.</p>Text: <a href='{store}/{n}.html'>HTML</a> <a href='{store}/{n}.pdf'>PDF</a></div>"
        for n in NUMBERS
    )
    found = rows_of(read(rows))
    assert found == [(f"{store}/{n}.html", f"Opinion 2024-00{n}", "") for n in NUMBERS]
    assert not any(row[0].startswith(HOST) for row in found)


def test_numbers_of_cases_with_their_names_beside_them_are_a_list() -> None:
    names = ["Mill v. Tapper", "State v. Norcross", "Fennel v. Town of Weir", "State v. Quill", "In re Jacob", "A v. B"]
    rows = "".join(f"<li><a href='/cases/{n}.pdf'>SC1890{n}</a> - {names[n]}</li>" for n in NUMBERS)
    found = rows_of(read(f"<ul>{rows}</ul>"))
    assert found == [(f"/cases/{n}.pdf", names[n], "") for n in NUMBERS]


def test_the_name_of_a_case_stands_in_a_column_after_its_number() -> None:
    rows = "".join(
        f"<div class='row'><div class='a'>{link(n, f'24-{n}501')}</div><div class='b'>{TITLES[n]}</div>"
        f"<div class='c'><i>{DAYS[n]}</i></div></div>"
        for n in NUMBERS
    )
    assert rows_of(read(rows)) == [(address(n), TITLES[n], ISO[n]) for n in NUMBERS]


def test_texts_in_several_languages_are_files_and_no_switch_of_languages() -> None:
    rows = "".join(
        f"<tr><td>{DAYS[n]}</td><td>{TITLES[n]}</td><td><a href='/files/{n}_en.pdf'>EN</a> "
        f"<a href='/files/{n}_fr.pdf'>FR</a></td></tr>"
        for n in NUMBERS
    )
    found = rows_of(read(f"<table>{rows}</table>"))
    assert found == [(f"/files/{n}_en.pdf", TITLES[n], ISO[n]) for n in NUMBERS]


def test_the_topics_of_statements_are_no_statements() -> None:
    topics = ["Trade and investment", "Travel advice", "Peace and security"]
    rows = "".join(
        f"<div class='e'><a href='/topics/{n % 3}'>{topics[n % 3]}</a> {link(n)} <span>{DAYS[n]}</span></div>"
        for n in NUMBERS
    )
    assert rows_of(read(rows)) == expected(ISO)


def test_files_named_alike_below_each_headline_are_no_statements() -> None:
    rows = "".join(
        f"<li><p>{DAYS[n]}</p><p>{link(n)}</p><p><a href='/files/{n}e.pdf'>Download PDF (EN)</a> "
        f"<a href='/files/{n}f.pdf'>Download PDF (FR)</a></p></li>"
        for n in NUMBERS
    )
    assert rows_of(read(f"<ul>{rows}</ul>")) == expected(ISO)


def test_statements_with_the_same_headline_are_all_of_them_rows() -> None:
    rows = "".join(f"<li><p>{DAYS[n]}</p><p>{link(n, TITLES[n] if n < 3 else 'Briefing')}</p></li>" for n in NUMBERS)
    assert [entry.address for entry in read(f"<ul>{rows}</ul>").entries] == [f"{HOST}{address(n)}" for n in NUMBERS]


def test_cards_in_the_cells_of_a_table_are_one_list() -> None:
    cells = [
        f"<td><a href='{address(n)}'><img src='/p{n}.jpg'></a><br><b>{link(n)}</b><br><i>{DAYS[n]}</i></td>"
        for n in NUMBERS
    ]
    rows = "".join(f"<tr>{cells[n]}{cells[n + 1]}</tr>" for n in range(0, 6, 2))
    assert rows_of(read(f"<table>{rows}</table>")) == expected(ISO)


def test_services_on_another_host_are_no_statements() -> None:
    names = ["Pay a fine for parking", "Ask for a passport", "Register a new firm", "Book a visit to the office"]
    rows = "".join(
        f"<div><h4><a href='https://services.example/{n}'>{name}</a></h4><p>Here anyone may do this without leaving "
        f"home, at any hour of the day and of the night.</p></div>"
        for n, name in enumerate(names)
    )
    assert rows_of(read(rows)) == []
